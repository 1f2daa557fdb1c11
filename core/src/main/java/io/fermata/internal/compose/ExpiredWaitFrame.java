package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.Deferred;
import io.fermata.internal.loop.AwaitFrame;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.runtime.AsyncFrame;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a {@code waitFor} without time left: it takes a result that is there, and cancels
 * everything else.
 */
public final class ExpiredWaitFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private static final int CANCELLED = 1;
  private static final int DONE_BEFORE = 2;

  private final Awaitable<T> awaited;

  private ExpiredWaitFrame(Awaitable<T> awaited) {
    this.awaited = awaited;
  }

  @Override
  protected Collection<?> held() {
    return List.of(awaited);
  }

  public static <T extends @Nullable Object> Async<T> of(
      Awaitable<T> awaited, @Nullable Duration limit) {
    return limit == null || Durations.nanos(limit) > 0
        ? TimeLimit.around(limit, awaited)
        : new ExpiredWaitFrame<>(awaited);
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      if (!(awaited instanceof Deferred<T> deferred)) {
        if (awaited instanceof AsyncFrame<?> frame) {
          // It counts as used, so it is not reported as never awaited.
          frame.claim();
          frame.discard();
        } else {
          AwaitTracking.used(awaited);
        }
        throw expired(null);
      }
      boolean wasPending = deferred.cancel("no time left to wait for it");
      return awaiting(deferred, wasPending ? CANCELLED : DONE_BEFORE);
    }
    if (raised != null) {
      throw place == CANCELLED && raised instanceof Cancelled ? expired(raised) : raised;
    }
    return done(sent);
  }

  private TimeoutException expired(@Nullable Throwable cause) {
    TimeoutException expired =
        new TimeoutException("no time left to wait for " + AwaitFrame.named(awaited));
    if (cause != null) {
      expired.initCause(cause);
    }
    return expired;
  }

  @Override
  protected @Nullable Object core() {
    return awaited;
  }

  @Override
  protected String description() {
    return "wait for " + awaited;
  }
}
