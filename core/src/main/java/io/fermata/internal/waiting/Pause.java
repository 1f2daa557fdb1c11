package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.Listener;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * An await that gives up one round: a sleep without a timer. Its task is ready from the beginning,
 * and can be cancelled until it runs.
 *
 * <pre>
 * NEW     -&gt; WAITING  the task is ready, and runs in the next round
 * WAITING -&gt; FAILED   the task was cancelled before it ran
 * </pre>
 */
public final class Pause<T extends @Nullable Object> implements Async<T>, Selectable {
  private byte state = Parking.NEW;
  private final boolean tracked;

  /** What the await gives; if it failed, throws. */
  private @Nullable Object value;

  public Pause(T value) {
    this.value = value;
    tracked = AwaitTracking.made(this);
  }

  @Override
  public Object park(Parked task) {
    Parking.checkNew(state, tracked, this, task, Sleep.AGAIN_BY);
    state = Parking.WAITING;
    task.wake();
    return PARKED;
  }

  @Override
  public void enter(LoopTask<?> task) {
    Parking.checkNew(state, tracked, this, task, Parking.SELECTED_ONCE);
    state = Parking.ENTERED;
  }

  @Override
  public boolean isReady(LoopTask<?> task) {
    return false; // in the next round
  }

  @Override
  public Object offer(Listener standIn) {
    state = Parking.WAITING;
    ((Waiter) standIn).wake();
    return PARKED;
  }

  @Override
  public void retract(Listener standIn) {
    state = Parking.ENTERED;
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    if (state != Parking.WAITING) {
      return false;
    }
    state = Parking.FAILED;
    value = why;
    return true; // the task is ready already
  }

  @Override
  public @Nullable Object outcome(Parked task) throws Throwable {
    return Parking.result(state, value);
  }

  @Override
  public Async<T> toAsync() {
    return this;
  }

  @Override
  public String toString() {
    return "sleep of 0 ns";
  }
}
