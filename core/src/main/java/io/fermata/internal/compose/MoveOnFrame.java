package io.fermata.internal.compose;

import io.fermata.async.Cancelled;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncFrame;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a timeout that gives a value when its limit cuts the body short, instead of throwing
 * a TimeoutException.
 */
public final class MoveOnFrame<T extends @Nullable Object> extends TimeoutFrame<T> {
  private final @Nullable Object ifCutShort;

  /** Whether the body has no result of its own to give. */
  private final boolean isFlag;

  private MoveOnFrame(
      TimeLimit limit, AsyncFrame<?> body, @Nullable Object ifCutShort, boolean isFlag) {
    super(limit, body);
    this.ifCutShort = ifCutShort;
    this.isFlag = isFlag;
  }

  /** Gives whether the limit has cut the body short. */
  public static MoveOnFrame<Boolean> asking(TimeLimit limit, AsyncFrame<Void> body) {
    return new MoveOnFrame<>(limit, body, true, true);
  }

  /** Gives another value if the limit has cut the body short. */
  public static <T extends @Nullable Object> MoveOnFrame<T> or(
      TimeLimit limit, T otherwise, AsyncFrame<T> body) {
    return new MoveOnFrame<>(limit, body, otherwise, false);
  }

  @Override
  @Nullable Object result(@Nullable Object sent) {
    return isFlag ? Boolean.FALSE : sent;
  }

  @Override
  int cutShort(Cancelled raised) throws Throwable {
    // Nobody gets the cancellation, so what failed while it passed comes out by itself.
    Iterator<Throwable> failures = Cancellations.failuresIn(raised).iterator();
    if (!failures.hasNext()) {
      return done(ifCutShort);
    }
    Throwable first = failures.next();
    failures.forEachRemaining(other -> Throwing.note(first, other));
    throw first;
  }
}
