package io.fermata.internal.compose;

import io.fermata.internal.loop.ForeignPromise;
import io.fermata.internal.loop.LibraryFrame;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The frame around another library's future. */
public final class FutureFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private final Future<T> future;

  public FutureFrame(Future<T> future) {
    this.future = Objects.requireNonNull(future, "the future is null");
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      throw raised;
    }
    return place == 0 ? awaiting(ForeignPromise.of(future), 1) : done(sent);
  }

  @Override
  protected String description() {
    return "wait for a " + future.getClass().getSimpleName();
  }
}
