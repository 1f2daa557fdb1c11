package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * Something that {@code co.await} can wait for: an {@link Async}, a {@link Task}, a {@link
 * Promise}, or a type of yours.
 *
 * <p>To make your own type awaitable, return an {@code Async} that tells how to wait for it.
 *
 * @param <T> what the await gives
 */
public interface Awaitable<T extends @Nullable Object> {
  /**
   * How to wait for it. Called for each await; runs nothing yet.
   *
   * @return an {@code Async} made by one of its factories
   */
  Async<T> toAsync();
}
