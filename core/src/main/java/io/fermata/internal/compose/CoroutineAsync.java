package io.fermata.internal.compose;

import io.fermata.Coroutine;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.async.Awaitable;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.waiting.Pause;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a coroutine that waits by yielding awaitables. Each result is sent into it, and each
 * failure is thrown into it.
 */
public final class CoroutineAsync<T extends @Nullable Object> extends LibraryFrame<T> {
  private final Coroutine<@Nullable Object, ? extends @Nullable Awaitable<?>, T> coroutine;

  public CoroutineAsync(
      Coroutine<@Nullable Object, ? extends @Nullable Awaitable<?>, T> coroutine) {
    this.coroutine = coroutine;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    Awaitable<?> next;
    if (raised != null) {
      next = thrownInto(raised);
    } else {
      next = coroutine.advance(sent) ? coroutine.current() : null;
    }
    if (coroutine.state() == State.CLOSED) {
      return done(coroutine.result());
    }
    return awaiting(next == null ? new Pause<>(null) : next, 1); // a yielded null: one round
  }

  private @Nullable Awaitable<?> thrownInto(Throwable raised) throws Throwable {
    try {
      return coroutine.raise(raised);
    } catch (StopIteration end) {
      // The end of the coroutine, unless its body let the raised exception, or one of its own, out.
      if (end == raised || coroutine.state() != State.CLOSED) {
        throw end;
      }
      return null;
    }
  }

  @Override
  protected @Nullable Object core() {
    return coroutine;
  }

  @Override
  protected String description() {
    return coroutine.toString();
  }
}
