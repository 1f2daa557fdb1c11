package io.fermata.runtime;

import io.fermata.GeneratorExit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a frame: each checks the state, then resumes the frame alone or has its {@link
 * Driver} lead.
 *
 * <pre>
 * ended                        report the end
 * a value waits                hand it out; refuse to send or raise
 * no link, nothing raised      resume the frame alone; a delegation goes on with the driver
 * else                         enter: check that no step is under way; then the driver leads
 * </pre>
 *
 * <p>The names {@code resumeAlone} and {@code stepToLeaf} mark the end of a body's lines in a stack
 * trace, see {@link Traces}.
 */
final class Stepping {
  private Stepping() {}

  /** A step of a frame that neither has a delegate nor is one. */
  static boolean resumeAlone(Frame<?> frame, @Nullable Object sent) {
    int outcome;
    try {
      outcome = frame.resume(sent, null);
    } catch (ContendedStep contended) {
      throw failContended(frame, contended);
    } catch (Throwable thrown) {
      if (frame.state == Frame.RUNNING) {
        frame.state = Frame.FAILED; // before any call, for which there may be no stack left
      }
      throw failAlone(frame, thrown);
    }
    return settle(frame, outcome);
  }

  private static RuntimeException failContended(Frame<?> frame, ContendedStep contended) {
    if (contended.isOf(frame)) {
      return contended.shown(); // the frame belongs to the step of another thread
    }
    if (frame.state == Frame.RUNNING) {
      frame.state = Frame.FAILED;
    }
    return failAlone(frame, contended);
  }

  /**
   * A step that may end with a {@link Leaf}; for a frame that is not a delegate.
   *
   * @return false if the body has returned
   */
  static boolean stepToLeaf(Frame<?> frame, @Nullable Object sent, @Nullable Throwable raised) {
    int now = frame.state;
    if (raised != null || now < 0 || now >= Frame.LINKED) {
      return lead(frame, Driver.BEGIN, sent, raised);
    }
    int outcome;
    try {
      outcome = frame.resume(sent, null);
    } catch (Throwable thrown) {
      if (frame.state == Frame.RUNNING) {
        frame.state = Frame.FAILED; // before any call, for which there may be no stack left
      }
      throw failAlone(frame, thrown);
    }
    if (outcome == Frame.DELEGATED && frame.value instanceof Leaf leaf) {
      frame.adopt(leaf);
      return true;
    }
    return settle(frame, outcome);
  }

  /** What follows when a frame was resumed alone. */
  private static boolean settle(Frame<?> frame, int outcome) {
    if (outcome == Frame.YIELDED) {
      return true;
    }
    if (outcome == Frame.RETURNED) {
      Ending.finish(frame, Frame.ENDED);
      return false;
    }
    return lead(frame, outcome, null, null);
  }

  private static RuntimeException failAlone(Frame<?> frame, Throwable thrown) {
    frame.inspect().joinTrace(thrown, null);
    Throwable failure = Ending.fail(frame, thrown, null);
    Traces.tidy(failure);
    return Failures.sneaky(failure);
  }

  /** {@code next()} and {@code send()}. */
  static @Nullable Object stepAndTake(Frame<?> frame, @Nullable Object sent, String call) {
    if (sent == null && frame.takeWaiting()) {
      return frame.takeYielded();
    }
    int now = frame.state;
    boolean live = now > Frame.ENDED || now == Frame.ENDED_UNREAD;
    boolean isAlone =
        now < Frame.LINKED && !frame.waiting && (now > 0 || (now == Frame.CREATED && sent == null));
    if (isAlone ? resumeAlone(frame, sent) : step(frame, sent, call)) {
      return frame.takeYielded();
    }
    throw Ending.stop(frame, live);
  }

  /** {@code advance()}, with a value. */
  static boolean step(Frame<?> frame, @Nullable Object sent, String call) {
    if (frame.waiting) {
      if (sent != null) {
        throw Misuse.waiting(call, frame);
      }
      frame.waiting = false;
      return true;
    }
    if (frame.isClosed()) {
      Ending.takeResult(frame);
      return false;
    }
    enter(frame, call);
    if (sent != null && frame.state == Frame.CREATED) {
      throw Misuse.notPrimed(call, frame, sent);
    }
    return lead(frame, Driver.BEGIN, sent, null);
  }

  /** {@code raise()}. */
  static <E extends Throwable> @Nullable Object raise(Frame<?> frame, E exception) throws E {
    Objects.requireNonNull(
        exception, "raise() needs an exception to throw, but got null; the generator is untouched");
    if (frame.waiting) {
      throw Misuse.waiting("raise()", frame);
    }
    if (frame.isClosed()) {
      Ending.takeResult(frame);
      throw exception;
    }
    enter(frame, "raise()");
    if (frame.state == Frame.CREATED) {
      Ending.finish(frame, Frame.NEVER_RAN);
      throw exception;
    }
    if (lead(frame, Driver.BEGIN, null, exception)) {
      return frame.takeYielded();
    }
    throw Ending.stop(frame, true);
  }

  /** {@code close()}. */
  static void close(Frame<?> frame) {
    if (frame.isClosed()) {
      Ending.takeResult(frame);
      return;
    }
    enter(frame, "close()");
    if (frame.state == Frame.CREATED) {
      Ending.finish(frame, Frame.NEVER_RAN);
      return;
    }
    frame.waiting = false;
    GeneratorExit exit = new GeneratorExit();
    boolean yielded;
    try {
      yielded = lead(frame, Driver.BEGIN, null, exit);
    } catch (GeneratorExit passed) {
      return;
    }
    if (yielded) {
      frame.takeYielded();
      throw Misuse.ignoredExit(frame);
    }
  }

  /** {@code current()}: there must have been a step. */
  static void checkCurrent(Frame<?> frame) {
    if (frame.state <= Frame.CREATED) {
      throw Misuse.noCurrent(frame);
    }
  }

  /** Checks that no step of a frame is under way, and takes it out of its delegator's chain. */
  private static void enter(Frame<?> frame, String call) {
    if (frame.isRunning()) {
      throw Misuse.busy(call, frame);
    }
    frame.token = null;
    if (frame.delegate == null && frame.state > 0) {
      frame.state &= ~Frame.LINKED;
    }
  }

  /**
   * A step that a driver leads, or the rest of one.
   *
   * @param outcome {@link Driver#BEGIN}, or how the frame was suspended in this step
   */
  private static boolean lead(
      Frame<?> frame, int outcome, @Nullable Object sent, @Nullable Throwable raised) {
    if (outcome == Driver.BEGIN) {
      frame.value = null;
    }
    Driver driver = frame.driver;
    if (driver == null) {
      driver = new Driver(frame);
      frame.driver = driver;
    }
    try {
      return driver.step(outcome, sent, raised);
    } catch (Throwable failure) {
      if (failure instanceof ContendedStep contended && contended.isOf(frame)) {
        throw contended.shown();
      }
      if (frame.state == Frame.RUNNING || frame.state > Frame.CREATED) {
        // it comes from the driver and not from the body: what was under way is lost
        frame.state = Frame.FAILED; // before any call, for which there may be no stack left
        Ending.finish(frame, Frame.FAILED);
      }
      if (failure != raised) {
        Traces.tidy(failure);
      }
      throw Failures.sneaky(failure);
    }
  }
}
