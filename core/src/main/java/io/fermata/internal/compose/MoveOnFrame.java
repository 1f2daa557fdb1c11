package io.fermata.internal.compose;

import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a timeout that gives a value where another one throws. It drops the cancellation of
 * its own scope, and throws what failed while that passed.
 */
public final class MoveOnFrame<T extends @Nullable Object> extends TimeoutFrame<T> {
  private final T otherwise;

  /** What it gives if the body returns; null: what the body does. */
  private final @Nullable Object instead;

  private MoveOnFrame(
      TimeLimit limit,
      AsyncFrame<? extends @Nullable Object> body,
      T otherwise,
      @Nullable Object instead) {
    super(limit, body);
    this.otherwise = otherwise;
    this.instead = instead;
  }

  /** It gives whether the limit has cut the body short. */
  public static MoveOnFrame<Boolean> telling(TimeLimit limit, AsyncFrame<Void> body) {
    return new MoveOnFrame<>(limit, body, true, false);
  }

  /** It gives what the body does, or another value. */
  public static <T extends @Nullable Object> MoveOnFrame<T> giving(
      TimeLimit limit, AsyncFrame<T> body, T otherwise) {
    return new MoveOnFrame<>(limit, body, otherwise, null);
  }

  @Override
  @Nullable Object ofBody(@Nullable Object result) {
    return instead == null ? result : instead;
  }

  @Override
  @Nullable Object ofExpiry(Throwable expired, Throwable dropped) throws Throwable {
    List<Throwable> failures = Cancellations.failuresIn(dropped);
    if (failures.isEmpty()) {
      return otherwise;
    }
    Throwable first = failures.get(0);
    failures.subList(1, failures.size()).forEach(each -> Throwing.note(first, each));
    throw first;
  }
}
