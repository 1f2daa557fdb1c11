package io.fermata.internal.watch;

import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Throwing;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The making of dumps on the loop's thread, which alone may read the tasks. Another thread posts a
 * request and waits; if the loop does not begin in time, the caller gets the stack of the loop's
 * thread instead.
 *
 * <p>The state of a request is set by compare-and-set, so exactly one thread writes:
 *
 * <pre>
 * WAITING -&gt; BEGUN     the loop's thread writes; the caller waits until it is done
 * WAITING -&gt; GIVEN_UP  the time is over, or the caller was interrupted: the loop writes nothing
 * </pre>
 */
final class DumpRequest {
  /** The time that a loop has to begin. */
  private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(1);

  private static final int WAITING = 0;
  private static final int BEGUN = 1;
  private static final int GIVEN_UP = 2;

  private DumpRequest() {}

  /** A part of a dump that can be written. */
  interface Writing {
    void write(boolean fromOutside) throws IOException;
  }

  static void loop(Loop loop, Appendable out) throws IOException {
    write(loop, out, outside -> new Dump(loop, out).writeAll(outside));
  }

  static void task(LoopTask<?> task, Appendable out) throws IOException {
    write(task.loop, out, outside -> new Dump(task.loop, out).writeOne(task));
  }

  /** As {@link #task(LoopTask, Appendable)}, into a text that never fails. */
  static void task(LoopTask<?> task, LongText out) {
    try {
      task(task, (Appendable) out);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void write(Loop loop, Appendable out, Writing writing) throws IOException {
    if (loop.inLoop() || loop.isClosed()) {
      // On the loop's own thread: code of the user is on the stack unless the loop is at rest.
      writing.write(!loop.isRunning() && !loop.home.runsOtherJobs());
      return;
    }
    Optional<IOException> failure =
        ask(loop, () -> attempt(writing), () -> attempt(outside -> out.append(stuckText(loop))));
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private static Optional<IOException> attempt(Writing writing) {
    try {
      writing.write(true);
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(failure);
    }
  }

  /** The text about a loop that does not answer. */
  static String stuckText(Loop loop) {
    StringBuilder text = new StringBuilder(loop.toString());
    text.append(" has not answered within ").append(Durations.text(TIMEOUT));
    LoopTask<?> task = loop.currentTask;
    Thread thread = loop.lastThread();
    text.append(task == null ? "" : ": " + Dump.label(task) + " holds it").append('\n');
    if (thread != null) {
      text.append(loop.thread() == null ? "the thread of its last round, " : "its thread ");
      text.append(thread).append(thread.isAlive() ? " stands at\n" : " has ended\n");
      for (StackTraceElement line : loop.runningStack()) {
        text.append("    at ").append(line).append('\n');
      }
    }
    return text.toString();
  }

  /**
   * Gets an answer from a loop that another thread runs, or the fallback if the loop does not begin
   * in time.
   */
  static <T> T ask(Loop loop, Supplier<T> question, Supplier<T> fallback) {
    AtomicInteger state = new AtomicInteger(WAITING);
    CountDownLatch done = new CountDownLatch(1);
    AtomicReference<@Nullable T> given = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    loop.postIfOpen(
        () -> {
          if (state.compareAndSet(WAITING, BEGUN)) {
            try {
              given.set(question.get());
            } catch (Throwable failure) {
              thrown.set(failure);
            } finally {
              done.countDown();
            }
          }
        });
    if (!awaited(done, state)) {
      return fallback.get(); // the loop will skip the job, so nothing is written twice
    }
    Throwable failure = thrown.get();
    if (failure != null) {
      throw Throwing.sneaky(failure);
    }
    return Objects.requireNonNull(given.get());
  }

  private static boolean awaited(CountDownLatch done, AtomicInteger state) {
    boolean interrupted = false;
    try {
      long left = TIMEOUT;
      while (true) {
        try {
          if (done.await(left, TimeUnit.NANOSECONDS)) {
            return true;
          }
          if (state.compareAndSet(WAITING, GIVEN_UP)) {
            return false;
          }
          left = Long.MAX_VALUE; // the loop writes into an object of the caller, who must wait
        } catch (InterruptedException hurried) {
          interrupted = true;
          left = 0; // give up, unless the loop has begun
        }
      }
    } finally {
      if (interrupted) { // kept for the caller
        Thread.currentThread().interrupt();
      }
    }
  }
}
