package io.fermata.async;

/**
 * Something whose closing has to be awaited: an {@link AsyncGenerator}, a connection. Python: what
 * {@code aclosing} takes.
 *
 * <p>{@link Async#using} and {@link Async#usingAction} close it on every way out of a body. It is
 * no {@link AutoCloseable} on purpose: {@code try (var g = ...)} could not await.
 */
public interface AsyncCloseable {
  /**
   * Closes it. Runs nothing before it is awaited; closing what is closed does nothing.
   *
   * @return gives null
   */
  Async<Void> aclose();
}
