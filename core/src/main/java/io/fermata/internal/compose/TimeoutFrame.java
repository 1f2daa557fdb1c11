package io.fermata.internal.compose;

import io.fermata.async.Cancelled;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncFrame;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a timeout does: enter, run the body, say what a cancellation in it was. */
public final class TimeoutFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private final TimeLimit limit;
  private final AsyncFrame<T> body;
  private @Nullable Scope scope;
  private int requestsBefore;

  public TimeoutFrame(TimeLimit limit, AsyncFrame<T> body) {
    this.limit = limit;
    this.body = body;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      scope = limit.enter(this);
      requestsBefore = scope.host.cancelling();
      return awaiting(body, 1);
    }
    Scope entered = Objects.requireNonNull(scope);
    limit.leave(entered);
    if (raised == null) {
      return done(sent);
    }
    throw entered.cancelled == null ? raised : afterExpiry(entered.host, raised);
  }

  private Throwable afterExpiry(LoopTask<?> host, Throwable raised) {
    TimeoutException expired = new TimeoutException(limit.reason());
    if (!(raised instanceof Cancelled)) {
      Throwing.suppress(raised, expired);
      return raised;
    }
    Cancelled outer = Scope.cancellation(host.scope);
    Cancelled request = host.takeRequest();
    if (request != null) {
      return request;
    }
    if (host.wasAskedSince(requestsBefore)) {
      return raised;
    }
    if (outer != null) {
      return Cancellations.at(outer, raised.getStackTrace());
    }
    expired.initCause(raised);
    return expired;
  }

  /** A body that never began is no news. */
  @Override
  protected void ended() {
    body.discard();
  }

  @Override
  public String inDump() {
    return description() + limit.left();
  }

  @Override
  protected String description() {
    return limit.isWaitFor() ? "waitFor(" + body.place() + ")" : "timeout at " + body.place();
  }
}
