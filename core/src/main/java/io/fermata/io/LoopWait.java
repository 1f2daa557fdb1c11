package io.fermata.io;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.internal.kernel.Leaves;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import org.jspecify.annotations.Nullable;

/**
 * An await of a stream or a process: the {@code Async} that the user sees, the entry among those
 * who wait, and what acts when its turn has come, in one object. It acts when its task runs and at
 * no other time, so that a cancelled one has done nothing.
 *
 * <pre>
 * NEW     -&gt; (acts)    begin() returned true: it need not wait; act() follows at once
 * NEW     -&gt; WAITING   begin() returned false: the task is parked
 * WAITING -&gt; WOKEN     wake(): act() will find what it needs
 * WAITING -&gt; LEFT      the task was cancelled: leave()
 * WOKEN   -&gt; (acts)    the task runs: act()
 * WOKEN   -&gt; LEFT      the task was cancelled before it ran: leave()
 * </pre>
 */
abstract class LoopWait<T extends @Nullable Object> implements Async<T>, Waitable {
  /** Null before and after the wait. */
  private @Nullable Parked task;

  private boolean used;
  private boolean left;
  private @Nullable Throwable why;

  LoopWait() {
    Leaves.made(this);
  }

  /** The only one that it may be awaited in; null for any. */
  abstract @Nullable EventLoop loop();

  /** Returns true if it can act now; else notes that it waits, and returns false. */
  abstract boolean begin() throws Exception;

  /** Does what it is for, and gives the result of the await. It waits no more. */
  abstract T act() throws Exception;

  /** It waits no more, and is not going to act: forgets it. */
  abstract void leave();

  /** Whether it waits and was not woken. */
  final boolean isWaiting() {
    return task != null;
  }

  /** Makes its task ready, if it waits. */
  final void wake() {
    Parked waiting = task;
    task = null;
    if (waiting != null) {
      waiting.wake();
    }
  }

  @Override
  public final @Nullable Object park(Parked parked) throws Exception {
    if (used) {
      throw new IllegalStateException(
          "cannot await twice: "
              + this
              + "; an Async runs once: call the method that made it again");
    }
    used = true;
    Leaves.used(this);
    EventLoop loop = loop();
    if (loop != null && EventLoop.current() != loop) {
      throw new IllegalStateException(
          "cannot await: " + this + " belongs to another loop, in which it was opened");
    }
    if (begin()) {
      return act();
    }
    task = parked;
    return PARKED;
  }

  @Override
  public final boolean undo(Parked parked, Throwable reason) {
    if (task == null) {
      return false;
    }
    why = reason;
    refuse(parked);
    wake();
    return true;
  }

  @Override
  public final @Nullable Object outcome(Parked parked) throws Throwable {
    if (why != null) {
      throw why;
    }
    return left ? null : act();
  }

  @Override
  public final void refuse(Parked parked) {
    if (!left) {
      left = true;
      leave();
    }
  }

  @Override
  public final Async<T> toAsync() {
    return this;
  }
}
