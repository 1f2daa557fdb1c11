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
 * Has a dump made where it may be: on the loop's thread. Another thread posts it and waits; if the
 * loop does not come to it in time, it is told where the loop's thread stands instead.
 */
final class DumpRequest {
  /** How long a loop has to begin. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private static final int WAITING = 0;
  private static final int BEGUN = 1;
  private static final int GIVEN_UP = 2;

  private DumpRequest() {}

  /** Writes something. */
  interface Writing {
    void write(boolean fromOutside) throws IOException;
  }

  static void loop(Loop loop, Appendable out) throws IOException {
    write(loop, out, outside -> new Dump(loop, out).writeAll(outside));
  }

  static void task(LoopTask<?> task, Appendable out) throws IOException {
    write(task.loop, out, outside -> new Dump(task.loop, out).writeOne(task));
  }

  /** As {@link #task}, into something that does not fail. */
  static void task(LoopTask<?> task, LongText out) {
    try {
      task(task, (Appendable) out);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void write(Loop loop, Appendable out, Writing writing) throws IOException {
    if (loop.inLoop() || loop.isClosed()) {
      writing.write(!loop.isRunning() && !loop.home.runsOtherJobs());
      return;
    }
    Optional<IOException> failure =
        on(loop, () -> attempt(writing), () -> attempt(outside -> out.append(stuckText(loop))));
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

  /** What to say of a loop that does not answer. */
  static String stuckText(Loop loop) {
    StringBuilder text = new StringBuilder(loop.toString());
    text.append(" has not answered within ").append(Durations.text(PATIENCE));
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
   * Has a loop, which another thread runs, give something; or what stands for it if it does not.
   */
  static <T> T on(Loop loop, Supplier<T> asked, Supplier<T> otherwise) {
    AtomicInteger state = new AtomicInteger(WAITING);
    CountDownLatch done = new CountDownLatch(1);
    AtomicReference<@Nullable T> given = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    loop.postIfOpen(
        () -> {
          if (state.compareAndSet(WAITING, BEGUN)) {
            try {
              given.set(asked.get());
            } catch (Throwable failure) {
              thrown.set(failure);
            } finally {
              done.countDown();
            }
          }
        });
    if (!awaited(done, state)) {
      return otherwise.get();
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
      long left = PATIENCE;
      while (true) {
        try {
          if (done.await(left, TimeUnit.NANOSECONDS)) {
            return true;
          }
          if (state.compareAndSet(WAITING, GIVEN_UP)) {
            return false;
          }
          left = Long.MAX_VALUE; // it writes: what it writes to is the caller's
        } catch (InterruptedException hurried) {
          interrupted = true;
          left = 0;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
