package io.fermata.async;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Async} that runs on its own, beside the one who has started it. Python: {@code
 * asyncio.Task}.
 *
 * <p>It starts in the round after, or at once with {@link #eager}. Prefer a {@link TaskGroup},
 * which does not leave before its tasks have ended, to {@link #start}. The loop holds all tasks
 * that have not ended.
 *
 * <p><b>Being cancelled.</b> {@code cancel} counts a request. If the task is parked, what it waits
 * for is cancelled, if it is a task or a promise, and the await throws {@link Cancelled} when that
 * has ended; any other await throws at once. A task that runs, or is about to, gets it at its next
 * suspension. It is delivered once; a task that swallows it goes on. Before the first step, the
 * body does not run. {@link #cancelled} is true when the body has let it out.
 *
 * @param <T> the result
 */
public interface Task<T extends @Nullable Object> extends Deferred<T> {
  /**
   * Starts an {@code Async} as a task of the current loop.
   *
   * @param async is claimed by it
   * @param <T> the result
   * @return the new task
   * @throws IllegalStateException if no loop runs here, or the {@code Async} was awaited or started
   *     before
   */
  static <T extends @Nullable Object> Task<T> start(Async<T> async) {
    return Tasks.starter().start(async);
  }

  /**
   * Starts with a name.
   *
   * @param name for people
   * @return starts tasks of that name
   */
  static Starter named(String name) {
    return Tasks.starter().named(name);
  }

  /**
   * Starts by running the body at once, up to its first suspension. If it ends there, the task is
   * done on return. Only while the loop runs.
   *
   * @return starts tasks like that
   */
  static Starter eager() {
    return Tasks.starter().eager();
  }

  /**
   * Starts in a context of your choice, not in a copy of the current one.
   *
   * @param context the context
   * @return starts tasks in it
   */
  static Starter in(Context context) {
    return Tasks.starter().in(context);
  }

  /**
   * A task or promise for anything that can be awaited. Python: {@code ensure_future}.
   *
   * @param awaitable anything
   * @param <T> the result
   * @return itself if it is a {@link Deferred}, else a new task
   * @throws IllegalArgumentException if it belongs to another loop
   */
  static <T extends @Nullable Object> Deferred<T> ensure(Awaitable<T> awaitable) {
    return Tasks.ensure(awaitable);
  }

  /**
   * The task that runs now.
   *
   * @return the task; null in a plain callback, and where no loop runs
   */
  static @Nullable Task<?> current() {
    return Tasks.current();
  }

  /**
   * Its name.
   *
   * @return what was given, else {@code Task-N}
   */
  String name();

  /**
   * Gives it another name.
   *
   * @param name for people
   */
  void setName(String name);

  /**
   * How many requests to cancel it have not been taken back.
   *
   * @return the count; scopes that are cancelled do not count
   */
  int cancelling();

  /**
   * Takes a request back: whoever has handled it. At none left, one that was not delivered yet is
   * forgotten.
   *
   * @return how many are left
   */
  int uncancel();

  /**
   * Where it stands suspended: its line and those of the bodies that it awaits.
   *
   * @return lines as of a stack trace, the innermost first; none before its first step, while it
   *     runs, and after its end
   */
  StackTraceElement[] stack();

  /**
   * What it waits for, and with it those that it awaits: its part of {@link EventLoop#dump()}.
   *
   * @return several lines, for people
   */
  String dump();

  /**
   * As {@link #dump()}, written as it is made.
   *
   * @param out gets the text
   * @throws IOException if that fails
   */
  void dump(Appendable out) throws IOException;
}
