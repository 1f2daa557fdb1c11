package io.fermata.async;

import io.fermata.CheckReturnValue;

/**
 * A resource whose closing is awaited, such as an {@link AsyncGenerator} or a connection. Python:
 * the argument of {@code aclosing}.
 *
 * <p>{@link Async#using} and {@link Async#usingAction} close it on every way out of a body. It does
 * not extend {@link AutoCloseable}, because the end of {@code try (var g = ...)} could not await.
 */
public interface AsyncCloseable {
  /**
   * Closes the resource. Nothing runs before the result is awaited; closing a closed resource does
   * nothing.
   *
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  Async<Void> aclose();
}
