package io.fermata.async;

import org.jspecify.annotations.Nullable;

/** Starts tasks: a loop, a {@link TaskGroup}, or what {@link Task#named} gives. */
public interface Starter {
  /**
   * Starts an {@code Async} as a task. Nothing of it runs in this call, unless it is to start
   * {@link #eager eagerly}.
   *
   * @param async is claimed by it
   * @param <T> the result
   * @return the new task
   * @throws IllegalStateException if the {@code Async} was awaited or started before, or no tasks
   *     can be started here any more, in which case the {@code Async} is spent
   */
  <T extends @Nullable Object> Task<T> start(Async<T> async);

  /**
   * Names the tasks.
   *
   * @param name for people
   * @return a starter that does so, else like this
   */
  Starter named(String name);

  /**
   * Names the tasks after something: by its text, which is only asked for when somebody looks, on
   * whatever thread that is. So the name of a task costs nothing where there are many.
   *
   * @param what has a {@code toString} for people
   * @return a starter that does so, else like this
   */
  Starter namedAfter(Object what);

  /**
   * Runs the tasks at once, up to their first suspension.
   *
   * @return a starter that does so, else like this
   */
  Starter eager();

  /**
   * Runs the tasks in a context, not in a copy of the current one.
   *
   * @param context the context
   * @return a starter that does so, else like this
   */
  Starter in(Context context);
}
