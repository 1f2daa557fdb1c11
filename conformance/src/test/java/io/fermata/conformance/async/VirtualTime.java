package io.fermata.conformance.async;

import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Habitat;
import io.fermata.internal.kernel.Host;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Time that passes only when a loop has nothing else to do, and then at once. */
final class VirtualTime implements Host, Clock {
  private static final long PATIENCE = 20_000_000_000L;

  private long now;
  private volatile boolean woken;
  private volatile Thread sleeper;

  /** Runs something on a loop of its own whose time is virtual. */
  static <T> T run(Awaitable<T> main) throws Exception {
    try (EventLoop loop = open()) {
      return loop.runUntilComplete(main);
    }
  }

  /** A loop whose time is virtual. */
  static EventLoop open() {
    VirtualTime time = new VirtualTime();
    Habitat.use(new Habitat(time, time));
    try {
      return EventLoop.open();
    } finally {
      Habitat.use(null);
    }
  }

  static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void wake() {
    woken = true;
    LockSupport.unpark(sleeper);
  }

  @Override
  public void sleep(long deadline) {
    long start = System.nanoTime();
    sleeper = Thread.currentThread();
    while (deadline == Long.MAX_VALUE && !woken && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, PATIENCE);
      if (System.nanoTime() - start > PATIENCE) {
        throw new AssertionError("the loop waits for ever");
      }
    }
    if (!woken && deadline != Long.MAX_VALUE) {
      now = Math.max(now, deadline);
    }
    woken = false;
  }
}
