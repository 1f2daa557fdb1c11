package io.fermata.runtime;

import io.fermata.GeneratorExit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The driver of those steps of one frame, the root, that are more than a resume: there is a
 * delegate, or something is raised.
 *
 * <p><b>Guarantee.</b> A step resumes the innermost frame directly, so that neither its time nor
 * its Java stack grows with the depth of the delegation. What is sent or raised reaches the
 * innermost frame; what that yields reaches the root; a result or a failure goes to the delegator,
 * level by level. The token marks every frame of the chain as running for as long as the step
 * lasts.
 *
 * <p><b>Structure.</b> The {@link Chain} caches the delegation below the root. The other fields are
 * the registers of the step that is under way: what goes to the innermost frame next, and where it
 * comes from. They are null between steps, so that a suspended root holds nothing it was sent.
 *
 * <p><b>Protocol.</b> A loop in place of a recursion:
 *
 * <pre>
 * loop: frame = innermost
 *       prepare: a value waits in it:      the root adopts it; the step ends
 *                it has a foreign delegate: step that; the root adopts what it yields
 *       resume the frame:
 *         yielded:         the root adopts the value; the step ends
 *         delegates to d:  push d; a leaf ends the step
 *         returned, threw: the base of this loop: the step ends
 *                          else pop it, and resume its delegator with the result or the failure
 * </pre>
 *
 * <p>The base is the root, except while a close ends the delegates: then it is each of them in
 * turn, the innermost first, and the root gets the exit last.
 *
 * <p><b>Rejected.</b> A driver for each frame: a step would pass all of them. Finding the innermost
 * frame at each step: a step would cost the depth. A driver made with the frame: most generators
 * never delegate and are never closed, and would pay its bytes.
 */
final class Driver {
  /** No outcome yet: the innermost frame has to be prepared and resumed. */
  static final int BEGIN = -1;

  /** {@link #prepare}: the innermost frame can be resumed. */
  private static final int READY = 3;

  /** The body of the innermost frame threw something. */
  private static final int THREW = 4;

  /** The step ends: the root has adopted a value or a leaf. */
  private static final int OUT = 5;

  /** The step ends: the base has returned. */
  private static final int OVER = 6;

  private final Frame<?> root;
  private final Chain chain = new Chain();

  /** The value that goes to the innermost frame. */
  private @Nullable Object sent;

  /** The exception that goes to the innermost frame instead of a value; null if none. */
  private @Nullable Throwable raised;

  /** Whether {@link #sent} comes from the caller of the step, and not from a delegate. */
  private boolean sentByCaller;

  /** The exception that the caller of the step raised: its trace stays as it is. */
  private @Nullable Throwable raisedByCaller;

  /**
   * The exception that the caller raised, or the last failure that it caused, until a body handles
   * it: a failure that it causes keeps it as suppressed, also if a helper of the body throws that.
   *
   * <pre>
   * null      -&gt; raised    a step raises something that the root chains
   * raised    -&gt; failure   a frame fails while it is raised there; the failure goes up
   * any       -&gt; null      a generator yields, returns or delegates: its body has handled it;
   *                        a helper's call and return are part of its body and change nothing
   * </pre>
   */
  private @Nullable Throwable unhandled;

  /** The exception that the innermost frame threw; null but from {@link #THREW} to its end. */
  private @Nullable Throwable thrown;

  /** The failure that reached a delegator last, with the lines to be shown; null between steps. */
  private @Nullable PassingFailure passing;

  Driver(Frame<?> root) {
    this.root = root;
  }

  /**
   * The frames that are suspended for a frame which executes, and that are not on its stack; the
   * innermost first.
   */
  static List<Frame<?>> delegatorsOf(Frame<?> body) {
    Chain.Token token = body.token;
    Driver driver = token == null ? null : token.running;
    List<Frame<?>> delegators = new ArrayList<>();
    if (driver != null && driver.chain.depth() > 0) {
      Chain chain = driver.chain;
      for (int level = chain.depth() - 1; level > 0 && delegators.size() < Traces.LIMIT; level--) {
        delegators.add(chain.at(level));
      }
      delegators.add(driver.root);
    }
    return delegators;
  }

  boolean isUnderWay() {
    return chain.token.running != null;
  }

  /**
   * A step of the root, or the rest of one.
   *
   * @param outcome {@link #BEGIN}, or how the root was suspended in this step
   * @param value goes to the innermost frame
   * @param failure if not null, goes there instead
   * @return true if something was yielded, which the root has adopted; false if the root returned
   */
  boolean step(int outcome, @Nullable Object value, @Nullable Throwable failure) {
    ExclusiveSteps.begin(chain, root, this);
    try {
      if (chain.depth() == 0 ? root.delegate != null : !chain.isCurrent()) {
        chain.rebuild(root);
      }
      Throwable arriving = failure;
      if (failure instanceof GeneratorExit) {
        arriving = closeDelegates(failure);
      }
      return drive(0, outcome, value, arriving);
    } finally {
      chain.token.running = null;
    }
  }

  /**
   * Closes the frames that the root delegates to, the innermost first; its own delegation is over
   * then.
   *
   * @return what is raised in the root: the exit, or what came out of closing its delegate
   */
  private Throwable closeDelegates(Throwable exit) {
    discardWaiting();
    Throwable problem = null;
    for (int level = chain.generatorDepth(); level > 0; level = chain.generatorDepth()) {
      Frame<?> frame = chain.at(level);
      try {
        problem =
            drive(level, BEGIN, null, problem == null ? new GeneratorExit() : problem)
                ? Misuse.ignoredExit(frame)
                : null;
      } catch (GeneratorExit passed) {
        problem = null;
      } catch (Throwable failure) {
        problem = failure;
      }
      chain.cut(level - 1);
      innermost().delegate = null;
    }
    return problem == null ? exit : problem;
  }

  /** Drops the value that hasNext() left waiting in a delegate, and follows its own delegates. */
  private void discardWaiting() {
    for (Frame<?> top = chain.top(); top != null && top.takeWaiting(); top = chain.top()) {
      top.takeYielded();
      chain.follow(top);
    }
  }

  /**
   * The loop.
   *
   * @param base depth of the frame that is to be stepped: 0 is the root
   * @param begun {@link #BEGIN}, or how the innermost frame was suspended already
   * @param value goes to the innermost frame
   * @param failure if not null, goes there instead
   * @return true if something was yielded, which the root has adopted; false if the base returned
   */
  private boolean drive(int base, int begun, @Nullable Object value, @Nullable Throwable failure) {
    sent = value;
    sentByCaller = value != null;
    if (failure != null) {
      raised = failure;
      raisedByCaller = failure;
      unhandled = root.chains(failure) ? failure : null;
    }
    try {
      int outcome = begun;
      while (true) {
        Frame<?> frame = innermost();
        if (outcome == BEGIN) {
          outcome = prepare(frame);
          if (outcome == READY) {
            outcome = resumeInnermost(frame);
          }
        }
        switch (outcome) {
          case Frame.YIELDED -> outcome = yielded(frame);
          case Frame.DELEGATED -> outcome = delegated(frame);
          case Frame.RETURNED -> outcome = returned(frame, base);
          case THREW -> outcome = threw(frame, base);
          default -> {}
        }
        if (outcome >= OUT) {
          return outcome == OUT;
        }
      }
    } finally {
      if (sent != null || raised != null || raisedByCaller != null || passing != null) {
        if (passing != null) {
          passing.show();
          passing = null;
        }
        sent = null;
        raised = null;
        raisedByCaller = null;
        unhandled = null;
      }
    }
  }

  /**
   * Gets what the innermost frame waits for: a waiting value, a step of a foreign delegate, the
   * result of a delegate that has ended.
   *
   * @return {@link #READY}; {@link #OUT} if something was yielded; {@link #BEGIN} if another frame
   *     is the innermost now
   */
  private int prepare(Frame<?> frame) {
    if (frame.isPeeked()) {
      return takeWaiting(frame);
    }
    Object delegate = frame.delegate;
    if (delegate == null) {
      if (sentByCaller && !chain.takesInput(root)) {
        sent = null;
        sentByCaller = false;
      }
      return READY;
    }
    if (delegate instanceof Frame<?> next && !next.isClosed() && !next.isRunning()) {
      // a value waited in this frame when the chain was built, which ended there
      chain.follow(frame);
      return BEGIN;
    }
    try {
      if (delegate instanceof ForeignDelegate foreign) {
        if (raised == null ? foreign.step(sent, root) : foreign.raise(raised, root)) {
          return OUT;
        }
        sent = foreign.result();
        raised = null;
        unhandled = null;
      } else if (((Frame<?>) delegate).isRunning()) {
        throw Misuse.busy("a step of its delegator", (Frame<?>) delegate);
      } else if (raised == null) {
        sent = Ending.takeResult((Frame<?>) delegate); // another holder has stepped it to its end
      }
    } catch (Throwable failure) {
      failDelegation(frame, failure);
    }
    sentByCaller = false;
    frame.delegate = null;
    return READY;
  }

  /** Another holder called hasNext() on the frame, and its value waits there. */
  private int takeWaiting(Frame<?> frame) {
    if (sent == null && raised == null) {
      frame.takeWaiting();
      root.adopt(frame);
      return OUT;
    }
    Throwable waiting = Misuse.waiting(raised == null ? "send()" : "raise()", frame);
    if (raised != null) {
      Failures.suppress(waiting, raised);
    }
    refuse(waiting);
    return BEGIN;
  }

  /** The foreign delegate of a frame has failed. */
  private void failDelegation(Frame<?> frame, Throwable failure) {
    if (failure != raised) {
      Traces.insert(failure, frame.inspect());
    }
    sent = null;
    raised = failure;
    if (unhandled != null) {
      // an exit is not chained: the delegate got one of its own, or none
      if (!(unhandled instanceof GeneratorExit)) {
        Failures.addContext(failure, unhandled);
      }
      unhandled = failure;
    }
  }

  private int resumeInnermost(Frame<?> frame) {
    Object value = sent;
    if (value != null) {
      sent = null;
      sentByCaller = false;
    }
    try {
      return frame.resume(value, raised);
    } catch (Throwable failure) {
      if (failure instanceof ContendedStep contended && contended.isOf(frame)) {
        if (frame == root) {
          throw contended; // the frame belongs to the step of another thread
        }
        refuse(contended.shown());
        return BEGIN;
      }
      if (frame.state != Frame.CREATED) {
        frame.state = Frame.FAILED; // before any call, for which there may be no stack left
      }
      thrown = failure;
      return THREW;
    }
  }

  /** The frame has yielded. */
  private int yielded(Frame<?> frame) {
    if (frame == root) {
      return OUT;
    }
    frame.state |= Frame.LINKED;
    try {
      root.adopt(frame);
      return OUT;
    } catch (RuntimeException unsuitable) {
      refuse(unsuitable);
      return BEGIN;
    }
  }

  /** Takes the innermost frame out, as it is; its delegator gets an exception. */
  private void refuse(Throwable why) {
    pop();
    Traces.insert(why, innermost().inspect());
    sent = null;
    sentByCaller = false;
    raised = why;
    unhandled = null;
  }

  private int returned(Frame<?> frame, int base) {
    sent = frame.value;
    raised = null;
    if (!frame.isCall()) {
      unhandled = null;
    }
    boolean isBase = chain.depth() == base;
    Ending.finish(frame, Frame.ENDED);
    if (isBase) {
      return OVER;
    }
    pop();
    return BEGIN;
  }

  private int threw(Frame<?> frame, int base) {
    Throwable own = Objects.requireNonNull(thrown);
    thrown = null;
    if (passing != null && passing.failure() != own) {
      passing.show(); // the other one has ended here, and may be its cause
      passing = null;
    }
    frame.inspect().joinTrace(own, raised); // not the exception that fail() makes of it here
    Throwable failure = Ending.fail(frame, own, unhandled);
    if (chain.depth() == base) {
      throw Failures.sneaky(failure);
    }
    pop();
    raised = failure;
    if (failure != raisedByCaller) {
      if (passing == null || passing.failure() != failure) {
        passing = new PassingFailure(failure);
      }
      passing.reaches(innermost().inspect());
    }
    if (unhandled != null && !frame.isCall()) {
      unhandled = failure;
    }
    return BEGIN;
  }

  /** The frame delegates: its value is the target. */
  private int delegated(Frame<?> frame) {
    Object target = Objects.requireNonNull(frame.value);
    frame.value = null;
    raised = null;
    if (!(target instanceof Frame<?> next && next.isCall())) {
      unhandled = null;
    }
    if (target instanceof Leaf leaf) {
      return suspendFor(frame, leaf);
    }
    try {
      Object delegate = frame.delegateFor(target);
      if (delegate instanceof Leaf leaf) {
        return suspendFor(frame, leaf);
      }
      int begun = BEGIN;
      if (delegate instanceof Frame<?> next) {
        begun = EagerStart.takeOutcome(next); // a frame that has begun was claimed then
        if (begun == BEGIN) {
          DepthLimit.check(chain.depth());
          next.claim();
        }
        if (next instanceof ThreadedCall call) {
          call.isCalledBy(body().getClass());
        }
        if (next.isRunning()) {
          throw Misuse.busy("yieldFrom()", next);
        }
        if (next.isClosed()) {
          sent = Ending.takeResult(next);
          return BEGIN;
        }
        chain.push(next);
      }
      frame.delegate = delegate;
      frame.state |= Frame.LINKED;
      return begun;
    } catch (Throwable failure) {
      Traces.insert(failure, frame.inspect());
      raised = failure;
      return BEGIN;
    }
  }

  /** Suspends the chain for a leaf, which the caller of the root's step waits for. */
  private int suspendFor(Frame<?> frame, Leaf leaf) {
    if (frame != root) {
      frame.state |= Frame.LINKED;
    }
    root.adopt(leaf);
    return OUT;
  }

  private Frame<?> innermost() {
    Frame<?> top = chain.top();
    return top == null ? root : top;
  }

  /** The generator whose body executes: the innermost frame, or the one that it helps. */
  private Frame<?> body() {
    int level = chain.generatorDepth();
    return level == 0 ? root : chain.at(level);
  }

  private void pop() {
    chain.pop();
    innermost().delegate = null;
  }
}
