package io.fermata.internal.loop;

import io.fermata.async.Handle;
import io.fermata.internal.kernel.Posted;
import io.fermata.runtime.door.Brief;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A callback that runs in the next round. */
final class Callback extends Posted implements Handle, Droppable {
  private final Loop loop;
  private final Object context;

  /** Null when it was cancelled. */
  private @Nullable Runnable code;

  /** Whether it has begun to run; written before the loop is closed. */
  private boolean hasRun;

  Callback(Loop loop, Runnable code, Object context) {
    this.loop = loop;
    this.code = Objects.requireNonNull(code, "the callback is null");
    this.context = context;
  }

  @Override
  public void run() {
    Runnable called = code;
    if (called != null) {
      hasRun = true;
      loop.runCallback(called, context, this);
    }
  }

  @Override
  public void drop(RuntimeException why) {
    if (hasRun) {
      return;
    }
    if (code instanceof Droppable waited) {
      waited.drop(why);
    }
    code = null; // it never runs, and its handle says so
  }

  @Override
  public void cancel() {
    loop.check(this, "cancel()");
    code = null;
  }

  @Override
  public boolean cancelled() {
    return code == null;
  }

  @Override
  public @Nullable Duration when() {
    return null;
  }

  @Override
  public String toString() {
    return code == null ? "cancelled callback" : "callback " + Brief.of(code);
  }
}
