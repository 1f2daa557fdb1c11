package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.Listener;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * An await of a time to come: the timer and the {@code Async} in one object.
 *
 * <pre>
 * NEW     -&gt; WAITING  the timer is scheduled, the task is parked
 * WAITING -&gt; READY    the time has come: the task runs in the next round
 * WAITING -&gt; FAILED   the task was cancelled: the timer is taken out
 * NEW     -&gt; ENTERED  it is a case of a select, which parks a stand-in
 * ENTERED -&gt; WAITING  as NEW -&gt; WAITING, or again, until the same time
 * WAITING -&gt; ENTERED  another case was chosen: the timer is taken out
 * </pre>
 */
public final class Sleep<T extends @Nullable Object> extends Timer implements Async<T>, Selectable {
  /** How to sleep again. */
  static final String AGAIN_BY = "call sleep() again";

  private final long nanos;
  private byte state = Parking.NEW;
  private final boolean tracked;

  /** Whether a select has begun to wait for it, so that the time is known. */
  private boolean begun;

  /** What the await gives; if it failed, throws. */
  private @Nullable Object value;

  /** The task that waits; null before and after. */
  private @Nullable Parked sleeper;

  public Sleep(long nanos, T value) {
    this.nanos = nanos;
    this.value = value;
    tracked = AwaitTracking.made(this);
  }

  @Override
  public Object park(Parked task) {
    Parking.checkNew(state, tracked, this, task, AGAIN_BY);
    state = Parking.WAITING;
    sleeper = task;
    task.kernel().schedule(this, task.kernel().now() + nanos);
    return PARKED;
  }

  /** The time has come. */
  @Override
  public void run() {
    end(Parking.READY);
  }

  @Override
  public void enter(LoopTask<?> task) {
    Parking.checkNew(state, tracked, this, task, Parking.SELECTED_ONCE);
    state = Parking.ENTERED;
  }

  @Override
  public boolean isReady(LoopTask<?> task) {
    return begun && whenDue() - task.kernel().now() <= 0;
  }

  @Override
  public @Nullable Object offer(Listener standIn) {
    Waiter waiting = (Waiter) standIn;
    if (isReady(waiting.task())) {
      state = Parking.READY;
      return value;
    }
    Kernel kernel = waiting.kernel();
    long when = begun ? whenDue() : kernel.now() + nanos;
    begun = true;
    state = Parking.WAITING;
    sleeper = waiting;
    kernel.schedule(this, when);
    return PARKED;
  }

  @Override
  public void retract(Listener standIn) {
    Parked waiting = sleeper;
    if (waiting != null) {
      waiting.kernel().cancel(this);
      sleeper = null;
      state = Parking.ENTERED;
    }
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    if (state != Parking.WAITING) {
      return false;
    }
    task.kernel().cancel(this);
    value = why;
    end(Parking.FAILED);
    return true;
  }

  private void end(byte as) {
    Parked task = sleeper;
    sleeper = null;
    state = as;
    if (task != null) {
      task.wake();
    }
  }

  @Override
  public @Nullable Object outcome(Parked task) throws Throwable {
    return Parking.result(state, value);
  }

  /** What is left of it, for a dump. */
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
