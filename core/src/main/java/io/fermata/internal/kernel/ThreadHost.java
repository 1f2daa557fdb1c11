package io.fermata.internal.kernel;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A host that parks the thread of the loop.
 *
 * <p><b>Protocol.</b> A waker writes {@code woken}, then reads {@code sleeper}. The sleeper writes
 * {@code sleeper}, then reads {@code woken}. Both are volatile, so one of the two sees the other,
 * and no wake-up is lost.
 */
public final class ThreadHost implements Host {
  private final Clock clock;

  /** The thread that sleeps, or is about to; written by it, read by those who wake it. */
  private volatile @Nullable Thread sleeper;

  /**
   * Written by those who wake the loop before they read {@link #sleeper}; taken back by the loop.
   */
  private volatile boolean woken;

  /**
   * A host.
   *
   * @param clock tells when a sleep is over
   */
  public ThreadHost(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void wake() {
    woken = true;
    Thread sleeping = sleeper;
    if (sleeping != null) {
      LockSupport.unpark(sleeping);
    }
  }

  @Override
  public void sleep(long deadline) {
    sleeper = Thread.currentThread();
    // park() may return early, and a permit may be left from before: the loop checks each time.
    while (!woken && !Thread.currentThread().isInterrupted()) {
      if (deadline == Long.MAX_VALUE) {
        LockSupport.park(this);
        continue;
      }
      long left = deadline - clock.nanos();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    sleeper = null;
    woken = false;
  }
}
