package io.fermata.internal.loop;

import io.fermata.async.Handle;
import io.fermata.internal.kernel.Posted;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A callback that runs in the next round. */
final class Callback extends Posted implements Handle, Droppable {
  private final Loop loop;
  private final Object context;

  /** Null when it was cancelled. */
  private @Nullable Runnable code;

  Callback(Loop loop, Runnable code, Object context) {
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
    return code == null ? "cancelled callback" : "callback " + code;
  }
}
