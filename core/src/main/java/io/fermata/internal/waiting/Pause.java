package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.AwaitTracking;
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
public final class Pause<T extends @Nullable Object> implements Async<T>, Waitable {
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
