package io.fermata.internal.loop;

import io.fermata.async.Handle;
import io.fermata.internal.kernel.Timer;
import io.fermata.runtime.door.Brief;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A callback that runs at its time. */
final class TimedCallback extends Timer implements Handle, Droppable {
  private final Loop loop;
  private final Object context;

  /** Null when it was cancelled. */
  private @Nullable Runnable code;

  TimedCallback(Loop loop, Runnable code, Object context) {
    this.loop = loop;
    this.code = Objects.requireNonNull(code, "the callback is null");
    this.context = context;
  }

  @Override
  public void run() {
    if (code != null) {
      loop.runCallback(code, context, this);
    }
  }

  @Override
  public void drop(RuntimeException why) {
    if (code instanceof Droppable waited) {
      waited.drop(why);
    }
  }

  @Override
  public void cancel() {
    loop.check(this, "cancel()");
    code = null;
    loop.kernel.cancel(this);
  }

  @Override
  public boolean cancelled() {
    return code == null;
  }

  @Override
  public Duration when() {
    return Duration.ofNanos(whenDue());
  }

  @Override
  public String toString() {
    return (code == null ? "cancelled callback" : "callback " + Brief.of(code)) + " at " + when();
  }
}
