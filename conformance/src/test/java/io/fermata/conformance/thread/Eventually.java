package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits with a bound for what another thread, or the collector, will bring about. */
public final class Eventually {
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private Eventually() {}

  /** Waits until the condition holds; else fails, with what is the matter. */
  public static void until(BooleanSupplier condition, Supplier<String> otherwise) {
    if (!within(LIMIT, condition)) {
      fail(otherwise.get());
    }
  }

  /** Waits until the condition holds; false if it does not within that many nanoseconds. */
  static boolean within(long nanos, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > nanos) {
        return false;
      }
      LockSupport.parkNanos(PAUSE);
    }
    return true;
  }

  /** Collects until the condition holds. */
  public static void collected(BooleanSupplier condition, Supplier<String> otherwise) {
    until(
        () -> {
          System.gc();
          return condition.getAsBoolean();
        },
        otherwise);
  }

  /** Waits until a thread waits for something other than a monitor. */
  public static void waiting(Thread thread) {
    until(
        () -> isWaiting(thread),
        () ->
            thread
                + " does not wait: "
                + thread.getState()
                + " at "
                + Arrays.toString(thread.getStackTrace()));
  }

  private static boolean isWaiting(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }
}
