package io.fermata.internal.compose;

import io.fermata.async.AsyncCloseable;
import io.fermata.runtime.AsyncFrame;
import org.jspecify.annotations.Nullable;

/** A body with a resource that is closed after it. */
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

  /** A body that never began is no news. */
  @Override
  protected void ended() {
    body.discard();
  }

  @Override
  protected String description() {
    return "using at " + body.place();
  }
}
