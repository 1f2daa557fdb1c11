package io.fermata.async;

import org.jspecify.annotations.Nullable;

/** A starter of tasks: a loop, a {@link TaskGroup}, or the result of {@link Task#named}. */
public interface Starter {
  /**
   * Starts an {@code Async} as a task. The task does not run during this call, unless the starter
   * is {@link #eager eager}.
   *
   * @param async the {@code Async}; the task claims it
   * @param <T> the type of the result
   * @return the new task
   * @throws IllegalStateException if the {@code Async} was awaited or started before, or no tasks
   *     can be started here any more, in which case the {@code Async} is spent
   */
  <T extends @Nullable Object> Task<T> start(Async<T> async);

  /**
   * A starter that gives its tasks a name.
   *
   * @param name for people
   * @return a starter with this setting, otherwise like this one
   */
  Starter named(String name);

  /**
   * A starter that names its tasks after an object. Its {@code toString} is called only when the
   * name is read, on the reading thread, so an unread name costs nothing.
   *
   * @param source the object; its {@code toString} is for people
   * @return a starter with this setting, otherwise like this one
   */
  Starter namedAfter(Object source);

  /**
   * A starter that runs its tasks at once, up to their first suspension.
   *
   * @return a starter with this setting, otherwise like this one
   */
  Starter eager();

  /**
   * A starter that runs its tasks in a given context, not in a copy of the current one.
   *
   * @param context the context
   * @return a starter with this setting, otherwise like this one
   */
  Starter in(Context context);
}
