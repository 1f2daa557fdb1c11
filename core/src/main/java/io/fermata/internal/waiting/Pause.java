package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Stacks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An await that gives up one round: a sleep without a timer.
 *
 * <pre>
 * NEW     -&gt; WAITING  the task is ready again already
 * WAITING -&gt; REFUSED  it was cancelled before it ran
 * </pre>
 */
public final class Pause<T extends @Nullable Object> implements Async<T>, Waitable {
  private static final byte NEW = 0;
  private static final byte WAITING = 1;
  private static final byte REFUSED = 2;

  /** What it gives; once it is refused, why. */
  private @Nullable Object value;

  private byte state = NEW;

  public Pause(T value) {
    this.value = value;
    AwaitTracking.made(this);
  }

  @Override
  public Object park(Parked task) {
    if (state != NEW) {
      throw Stacks.inAwait(
          (LoopTask<?>) task,
          new IllegalStateException("cannot await twice: " + this + "; call sleep() again"));
    }
    state = WAITING;
    AwaitTracking.used(this);
    task.wake();
    return PARKED;
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    if (state != WAITING) {
      return false;
    }
    state = REFUSED;
    value = why;
    return true; // the task is ready, and will see
  }

  @Override
  public @Nullable Object outcome(Parked task) throws Throwable {
    if (state == REFUSED) {
      throw (Throwable) Objects.requireNonNull(value);
    }
    return value;
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
