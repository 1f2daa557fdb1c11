package io.fermata.async;

/**
 * The right that a task got from an {@link AsyncLock} or an {@link AsyncSemaphore}, until it is
 * closed. Python: the block of {@code async with lock}.
 *
 * <pre>{@code
 * try (Permit held = co.await(lock.acquire())) {
 *   balance += co.await(deposit());
 * }
 * }</pre>
 *
 * <p>Closing it releases what it was given by, once: closing it again does nothing. It never
 * suspends and never fails to release, so that it also works in a task that is being cancelled. Any
 * task of the loop may close it. Give the right back either by the permit or by {@code release()},
 * not by both.
 */
public interface Permit extends AutoCloseable {
  /**
   * Releases; nothing if it was closed before.
   *
   * @throws IllegalStateException if the lock or bounded semaphore was released otherwise meanwhile
   */
  @Override
  void close();
}
