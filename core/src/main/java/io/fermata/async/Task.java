package io.fermata.async;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Async} that runs on its own, beside its starter. Python: {@code asyncio.Task}.
 *
 * <p>A task starts in the next round, or at once with {@link #eager}. Prefer a {@link TaskGroup},
 * which waits until its tasks have ended, to {@link #start}. The loop keeps references to all tasks
 * that have not ended.
 *
 * <p><b>Being cancelled.</b> {@code cancel} counts a request. If the task waits for a task or a
 * promise, that one is cancelled, and the await throws {@link Cancelled} when it has ended; any
 * other await throws at once. A task that runs or is ready gets the request at its next suspension.
 * A request is delivered once; a task that swallows it goes on. A task that is cancelled before its
 * first step does not run its body. {@link #cancelled} is true when the body has let the {@code
 * Cancelled} out.
 *
 * @param <T> the type of the result
 */
public interface Task<T extends @Nullable Object> extends Deferred<T> {
  /**
   * Starts an {@code Async} as a task of the current loop.
   *
   * @param async the {@code Async}; the task claims it
   * @param <T> the type of the result
   * @return the new task
   * @throws IllegalStateException if no loop runs here, or the {@code Async} was awaited or started
   *     before
   */
  static <T extends @Nullable Object> Task<T> start(Async<T> async) {
    return Tasks.starter().start(async);
  }

  /**
   * A starter of tasks with a name.
   *
   * @param name for people
   * @return the starter
   */
  static Starter named(String name) {
    return Tasks.starter().named(name);
  }

  /**
   * A starter of tasks that run at once, up to their first suspension. A task that ends there is
   * done on return. It works only while the loop runs.
   *
   * @return the starter
   */
  static Starter eager() {
    return Tasks.starter().eager();
  }

  /**
   * A starter of tasks that run in a given context, not in a copy of the current one.
   *
   * @param context the context
   * @return the starter
   */
  static Starter in(Context context) {
    return Tasks.starter().in(context);
  }

  /**
   * A task or promise for an awaitable. Python: {@code ensure_future}.
   *
   * @param awaitable the awaitable
   * @param <T> the type of the result
   * @return the awaitable itself if it is a {@link Deferred}, otherwise a new task
   * @throws IllegalArgumentException if it belongs to another loop
   */
  static <T extends @Nullable Object> Deferred<T> ensure(Awaitable<T> awaitable) {
    return Tasks.ensure(awaitable);
  }

  /**
   * The running task.
   *
   * @return the task; null in a plain callback, and where no loop runs
   */
  static @Nullable Task<?> current() {
    return Tasks.current();
  }

  /**
   * The name of the task.
   *
   * @return the given name, otherwise {@code Task-N}
   */
  String name();

  /**
   * Renames the task.
   *
   * @param name for people
   */
  void setName(String name);

  /**
   * The number of cancellation requests that were not taken back.
   *
   * @return the number; cancelled scopes do not count
   */
  int cancelling();

  /**
   * Takes a request back, once it was handled. If none is left, a request that was not delivered
   * yet is dropped.
   *
   * @return the number of remaining requests
   */
  int uncancel();

  /**
   * The lines at which the task is suspended: its own and those of the bodies that it awaits.
   *
   * @return lines as of a stack trace, the innermost first; none before its first step, while it
   *     runs, and after its end
   */
  StackTraceElement[] stack();

  /**
   * A text about the task and the tasks that it awaits: its part of {@link EventLoop#dump()}.
   *
   * @return several lines, for people
   */
  String dump();

  /**
   * As {@link #dump()}, written piece by piece.
   *
   * @param out receives the text
   * @throws IOException if {@code out} fails
   */
  void dump(Appendable out) throws IOException;
}
