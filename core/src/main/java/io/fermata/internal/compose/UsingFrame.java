package io.fermata.internal.compose;

import io.fermata.async.AsyncCloseable;
import io.fermata.runtime.AsyncFrame;
import org.jspecify.annotations.Nullable;

/** The frame of a body with a resource, which it closes on every way out. */
public final class UsingFrame<R extends AsyncCloseable, T extends @Nullable Object>
    extends ClosingFrame<R, T> {
  private final AsyncFrame<T> body;

  public UsingFrame(R resource, AsyncFrame<T> body) {
    super(resource);
    this.body = body;
  }

  @Override
  protected int run(int place, @Nullable Object sent) {
    return place == 0 ? awaiting(body, 1) : done(sent);
  }

  /** Discards a body that never began, so it is not reported as never awaited. */
  @Override
  protected void ended() {
    body.discard();
  }

  @Override
  protected @Nullable Object core() {
    return body;
  }

  @Override
  protected String description() {
    return "using at " + body.place();
  }
}
