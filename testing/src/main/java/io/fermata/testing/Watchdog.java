package io.fermata.testing;

import io.fermata.async.EventLoop;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A thread that interrupts a test after its limit, and takes a dump of the loop's tasks.
 *
 * <p>The dump is made on the loop's thread, in the round before the loop sees the interrupt. If the
 * loop does not get there, the stack of its thread shows why.
 */
final class Watchdog {
  private final EventLoop loop;
  private final Duration limit;
  private final Thread test = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "watchdog of a loop's test");

  /** Written by the watchdog's thread before the interrupt. */
  private volatile StackTraceElement @Nullable [] stack;

  private volatile @Nullable String dump;

  /** Watches the current thread. */
  Watchdog(EventLoop loop, Duration limit) {
    this.loop = loop;
    this.limit = limit;
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      if (ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException stopped) {
      return;
    }
    stack = test.getStackTrace();
    try {
      loop.callSoonThreadSafe(() -> dump = loop.dump());
    } catch (IllegalStateException closed) {
      dump = "the loop is closed";
    }
    test.interrupt();
  }

  /** Ends the watch. Gives the failure of a test that was too late; else null. */
  @Nullable AssertionError stop() {
    ended.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException own) {
        interrupted = true;
      }
    }
    StackTraceElement[] seen = stack;
    if (seen == null) {
      if (interrupted) {
        test.interrupt();
      }
      return null;
    }
    Thread.interrupted();
    return new AssertionError(
        "the test has not ended after "
            + limit
            + "\n"
            + (dump == null
                ? "its thread is busy; its loop could not be asked for its tasks"
                : dump)
            + "\nthe thread stood at\n"
            + Arrays.stream(seen).map(line -> "    at " + line).collect(Collectors.joining("\n")));
  }
}
