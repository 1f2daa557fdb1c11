package io.fermata.testing;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The clock and the host of a test's loop: time stands still while the loop has work. Belongs to
 * the loop's thread, except {@link #wake}.
 */
final class VirtualTime implements Host, Clock {
  private final boolean jumps;

  /** The longest wait for other threads, in real nanoseconds. */
  private long patience = 20_000_000_000L;

  /**
   * While it is set, the loop does not wait: it moves its clock to {@link #target}, and calls this.
   */
  private @Nullable Runnable atTarget;

  private long target;
  private long now;
  private volatile boolean woken;
  private volatile @Nullable Thread sleeper;

  VirtualTime(boolean jumps) {
    this.jumps = jumps;
  }

  void setPatience(Duration limit) {
    patience = limit.toNanos();
  }

  /** Lets the loop go on until it is idle at a later time. */
  void goOn(long nanos, Runnable then) {
    target = now + nanos;
    atTarget = then;
  }

  /** Lets the loop wait again. */
  void hold() {
    atTarget = null;
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
    sleeper = Thread.currentThread();
    if (atTarget != null && !woken) {
      goOnTo(deadline, atTarget);
    } else if (!woken && jumps && deadline != Long.MAX_VALUE) {
      now = Math.max(now, deadline);
    } else {
      waitForOthers(deadline);
    }
    woken = false;
  }

  private void goOnTo(long deadline, Runnable then) {
    if (deadline <= target) {
      now = Math.max(now, deadline);
    } else {
      now = target;
      then.run();
    }
  }

  private void waitForOthers(long deadline) {
    long start = System.nanoTime();
    while (!woken && !Thread.currentThread().isInterrupted()) {
      long left = patience - (System.nanoTime() - start);
      if (left <= 0) {
        throw new AssertionError(
            deadline == Long.MAX_VALUE
                ? "the loop waits for ever: nothing is ready, there is no timer, and no other thread"
                    + " has woken it for "
                    + Duration.ofNanos(patience)
                : "the loop waits for a time that does not come: its clock is moved by hand, and the"
                    + " next timer is due in "
                    + Duration.ofNanos(deadline - now)
                    + "; call advance(), or use virtual() instead of manual()");
      }
      LockSupport.parkNanos(this, left);
    }
  }
}
