package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * The way in which a task says that it is ready: the handle of the body of {@link
 * TaskGroup#startAndWait}. Python: trio's {@code task_status}.
 *
 * @param <V> the type of the value
 */
public interface Started<V extends @Nullable Object> {
  /**
   * Gives a value to the await of {@link TaskGroup#startAndWait}, which goes on in the next round.
   * To be called once, by the body or by what it calls.
   *
   * @param value the value, for instance the port of a server
   * @throws IllegalStateException if it was called before, the task has ended, or on another thread
   *     than the loop's
   */
  void started(V value);
}
