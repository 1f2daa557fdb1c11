package io.fermata.internal.compose;

import io.fermata.async.Cancelled;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Scope;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncFrame;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a timeout: it enters the scope, runs the body, and tells a timeout from a
 * cancellation from outside.
 *
 * <p><b>Guarantee.</b> A {@link TimeoutException} comes out only if the deadline alone has ended
 * the body. A request or a cancelled outer scope that is there when the scope is left comes out as
 * a cancellation; no failure of the body is replaced.
 *
 * <p><b>Structure.</b> {@link TimeLimit} owns the deadline and cancels the scope; this frame enters
 * and leaves it.
 *
 * <p><b>Protocol.</b> If the scope was cancelled and the body threw, {@link #afterExpiry} decides,
 * in this order: an exception of the body that is no cancellation; a request that was not
 * delivered; a request that was delivered in the body; the cancellation of an outer scope; the
 * timeout. A body that returns has its result, whatever happened meanwhile.
 *
 * <p><b>Rejected.</b> A comparison of the body's {@code Cancelled} with that of the scope. A body
 * may throw another instance, or let a request through that came after the deadline.
 */
public class TimeoutFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private static final int BODY_ENDED = 1;

  private final TimeLimit limit;
  private final AsyncFrame<? extends @Nullable Object> body;
  private @Nullable Scope scope;

  /** Whether the limit alone has ended the body. */
  private boolean isExpired;

  public TimeoutFrame(TimeLimit limit, AsyncFrame<? extends @Nullable Object> body) {
    super(limit.isWaitFor()); // else its body is told of
    this.limit = limit;
    this.body = body;
  }

  @Override
  protected final int go(int place, @Nullable Object sent, @Nullable Throwable raised)
      throws Throwable {
    if (place == 0) {
      scope = limit.enter(this);
      return awaiting(body, BODY_ENDED);
    }
    Scope entered = Objects.requireNonNull(scope);
    limit.leave(entered); // first, so that the timer cannot cancel a scope that was left
    if (raised == null) {
      return done(ofBody(sent));
    }
    Throwable thrown = entered.cancelled == null ? raised : afterExpiry(entered, raised);
    if (isExpired) {
      return done(ofExpiry(thrown, raised));
    }
    throw thrown;
  }

  /** What it gives if the body has returned. */
  @Nullable Object ofBody(@Nullable Object result) {
    return result;
  }

  /**
   * What it gives if the limit has cut the body short.
   *
   * @param expired the timeout
   * @param dropped the cancellation that came out of the body
   */
  @Nullable Object ofExpiry(Throwable expired, Throwable dropped) throws Throwable {
    throw expired;
  }

  private Throwable afterExpiry(Scope left, Throwable raised) {
    TimeoutException expired = new TimeoutException(limit.reason());
    if (!(raised instanceof Cancelled)) {
      Throwing.note(raised, expired);
      return raised;
    }
    Cancelled request = left.host.takeRequest();
    if (request != null) {
      return Cancellations.replace(raised, request);
    }
    if (left.gotRequest()) {
      return raised; // the body got the request, and let it through
    }
    Cancelled outer = Scope.cancellation(left.parent);
    if (outer != null) { // the outermost cancelled scope takes the cancellation
      return Cancellations.replace(raised, Cancellations.at(outer, raised.getStackTrace()));
    }
    expired.initCause(raised);
    isExpired = true;
    return expired;
  }

  /** Discards a body that never began, so it is not reported as never awaited. */
  @Override
  protected final void ended() {
    body.discard();
  }

  @Override
  public final String inDump() {
    return description() + limit.left();
  }

  @Override
  protected final @Nullable Object core() {
    return body;
  }

  @Override
  protected final String description() {
    return limit.isWaitFor() ? "waitFor(" + body.place() + ")" : "timeout at " + body.place();
  }
}
