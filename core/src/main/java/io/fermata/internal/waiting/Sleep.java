package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Stacks;
import org.jspecify.annotations.Nullable;

/** An await of a time to come: timer, trap and {@code Async} in one object. */
public final class Sleep<T extends @Nullable Object> extends Timer implements Async<T>, Waitable {
  private final long nanos;
  private final T value;

  /** Null before and after the wait. */
  private @Nullable Parked sleeper;

  private boolean used;
  private @Nullable Throwable failure;

  public Sleep(long nanos, T value) {
    this.nanos = nanos;
    this.value = value;
    AwaitTracking.made(this);
  }

  @Override
  public Object park(Parked task) {
    if (used) {
      throw Stacks.inAwait(
          (LoopTask<?>) task,
          new IllegalStateException("cannot await twice: " + this + "; call sleep() again"));
    }
    used = true;
    AwaitTracking.used(this);
    sleeper = task;
    task.kernel().schedule(this, task.kernel().now() + nanos);
    return PARKED;
  }

  /** Its time has come. */
  @Override
  public void run() {
    Parked task = sleeper;
    sleeper = null;
    if (task != null) {
      task.wake();
    }
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    if (sleeper == null) {
      return false;
    }
    sleeper = null;
    failure = why;
    task.kernel().cancel(this);
    task.wake();
    return true;
  }

  @Override
  public @Nullable Object outcome(Parked task) throws Throwable {
    sleeper = null;
    if (failure != null) {
      throw failure;
    }
    return value;
  }

  /** For a dump. */
  public String left() {
    Parked waiting = sleeper;
    return waiting == null
        ? toString()
        : "sleep, " + Durations.text(whenDue() - waiting.kernel().now()) + " left";
  }

  @Override
  public Async<T> toAsync() {
    return this;
  }

  @Override
  public String toString() {
    return "sleep of " + (nanos < 1_000_000 ? nanos + " ns" : Durations.text(nanos));
  }
}
