package io.fermata.async;

import io.fermata.CheckReturnValue;
import org.jspecify.annotations.Nullable;

/**
 * An operation that {@code co.await} can wait for: an {@link Async}, a {@link Task}, a {@link
 * Promise}, or an object of your own type.
 *
 * <p>To make your own type awaitable, return an {@code Async} that waits for it.
 *
 * @param <T> what the await gives
 */
public interface Awaitable<T extends @Nullable Object> {
  /**
   * An {@code Async} that waits for this operation. The method is called once for each await, and
   * runs nothing itself.
   *
   * @return an {@code Async} made by one of its factories
   */
  @CheckReturnValue
  Async<T> toAsync();
}
