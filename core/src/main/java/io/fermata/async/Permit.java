package io.fermata.async;

/**
 * The right that a task has acquired from an {@link AsyncLock} or an {@link AsyncSemaphore}.
 * Python: the block of {@code async with lock}.
 *
 * <pre>{@code
 * try (Permit held = co.await(lock.acquire())) {
 *   balance += co.await(deposit());
 * }
 * }</pre>
 *
 * <p>Closing a permit releases its lock or semaphore once; closing it again does nothing. It never
 * suspends, so it also works in a task that is being cancelled. Any task of the loop may close it.
 * Release either with the permit or with {@code release()}, not with both.
 */
public interface Permit extends AutoCloseable {
  /**
   * Releases the lock or semaphore; does nothing if the permit is closed.
   *
   * @throws IllegalStateException if the lock or bounded semaphore was released otherwise meanwhile
   */
  @Override
  void close();
}
