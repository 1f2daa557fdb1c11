package io.fermata.testing;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.Order;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The clock and the host of a test's loop: time stands still while the loop has work, and while a
 * task waits for a call on another thread. Belongs to the loop's thread, except {@link #wake} and
 * {@link #callEnds}.
 *
 * <p><b>Guarantee.</b> How long a call takes does not decide what comes next: its end comes when
 * the loop is idle, and one end at a time. Exceptions: a call that ends after another one has, but
 * waits for what comes of that; and jobs that other threads post.
 *
 * <p><b>Protocol.</b> An idle loop waits for one call: the oldest, or the one that the order
 * chooses. If that has not ended after {@link #GRACE}, it may depend on another one, and the loop
 * takes any that has ended. A loop that is never idle waits for one call every {@link #BUSY_ROUNDS}
 * rounds: a task may poll for what the call does.
 */
final class VirtualTime implements Host, Clock {
  /** How long a call may hold up others that have ended, in real nanoseconds. */
  private static final long GRACE = 50_000_000L;

  private static final int BUSY_ROUNDS = 1000;

  private final boolean jumps;
  private final @Nullable Order order;
  private final CallsUnderWay calls = new CallsUnderWay();

  /** The rounds since the loop was idle or took a call, while calls are under way. */
  private int busyRounds;

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

  VirtualTime(boolean jumps, @Nullable Order order) {
    this.jumps = jumps;
    this.order = order;
  }

  void setPatience(Duration limit) {
    patience = limit.toNanos();
  }

  /** Calls do not hold time any more. */
  void jumpOverCalls() {
    calls.close().forEach(Runnable::run);
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
    busyRounds = 0;
    if (atTarget != null && !woken) {
      goOnTo(deadline, atTarget);
    } else if (!woken && !calls.isEmpty()) {
      waitForCall(patience, true);
    } else if (!woken && jumps && deadline != Long.MAX_VALUE) {
      now = Math.max(now, deadline);
    } else {
      waitForOthers(deadline);
    }
    woken = false;
  }

  private void goOnTo(long deadline, Runnable then) {
    if (takeEndedCalls()) {
      return;
    }
    if (target > now && !calls.isEmpty()) {
      waitForCall(patience, true);
    } else if (deadline <= target) {
      now = Math.max(now, deadline);
    } else {
      now = target;
      then.run();
    }
  }

  // Calls on other threads

  @Override
  public void callBegins(Object call) {
    calls.begin(call);
  }

  @Override
  public void callEnds(Object call, Runnable deliver) {
    if (calls.end(call, deliver)) {
      LockSupport.unpark(sleeper);
    } else {
      deliver.run();
    }
  }

  @Override
  public void callIsLeft(Object call) {
    calls.leave(call);
  }

  @Override
  public boolean polls() {
    return true;
  }

  @Override
  public void poll() {
    if (!calls.isEmpty() && ++busyRounds > BUSY_ROUNDS) {
      busyRounds = 0;
      sleeper = Thread.currentThread();
      waitForCall(GRACE, false);
      woken = false; // the loop looks at its inbox before it sleeps
    }
  }

  /** Tells the loop of all calls that have ended, without waiting for others. */
  boolean takeEndedCalls() {
    boolean some = false;
    for (Runnable ended = calls.takeAny(); ended != null; ended = calls.takeAny()) {
      ended.run();
      some = true;
    }
    return some;
  }

  /**
   * Waits until a call has ended, and tells the loop.
   *
   * @param limit in real nanoseconds
   * @param fails whether it fails after the limit; else it returns
   */
  private void waitForCall(long limit, boolean fails) {
    Object first = calls.choose(order);
    long start = System.nanoTime();
    while (!woken && !Thread.currentThread().isInterrupted()) {
      long waited = System.nanoTime() - start;
      Runnable ended = calls.take(first);
      if (ended == null && waited >= GRACE) {
        ended = calls.takeAny();
      }
      if (ended != null) {
        ended.run();
        return;
      }
      if (waited >= limit) {
        if (fails) {
          throw new AssertionError(endless());
        }
        return;
      }
      LockSupport.parkNanos(this, (waited < GRACE ? Math.min(GRACE, limit) : limit) - waited);
    }
  }

  private String endless() {
    return "the loop has waited "
        + Duration.ofNanos(patience)
        + " for "
        + calls
        + ": while a task waits for a call on another thread, virtual time stands still; if the"
        + " call waits for something that happens later in virtual time, use jumpingOverCalls()";
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
