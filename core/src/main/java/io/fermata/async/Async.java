package io.fermata.async;

import io.fermata.Coroutine;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous function that was called, and has not begun to run. Python: the coroutine object
 * of an {@code async def}.
 *
 * <pre>{@code
 * static Async<String> greet(String name) {
 *   return Async.of(co -> {
 *     co.await(Async.sleep(Duration.ofMillis(10)));
 *     return "hello " + name;
 *   });
 * }
 * }</pre>
 *
 * <p>It is cold, as everything that the static methods give: it runs when it is awaited, started as
 * a {@link Task} or in a {@link TaskGroup}, or given to {@link EventLoop#run}; once. Awaited, it
 * runs at once and as a part of the task, up to the first await that has to wait. An await in it
 * resumes it directly, however many others await it on top of each other.
 *
 * <p>The library implements it; a type of yours is an {@link Awaitable}.
 *
 * @param <T> what it returns
 */
public interface Async<T extends @Nullable Object> extends Awaitable<T> {
  /**
   * An asynchronous function with a result.
   *
   * @param body what to execute
   * @param <T> the result
   * @return a new one, not started
   */
  static <T extends @Nullable Object> Async<T> of(AsyncBody<T> body) {
    return Bodies.of(null, body);
  }

  /**
   * As {@link #of(AsyncBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @param <T> the result
   * @return a new one, not started
   */
  static <T extends @Nullable Object> Async<T> of(MethodHandles.Lookup lookup, AsyncBody<T> body) {
    return Bodies.of(Objects.requireNonNull(lookup, "lookup"), body);
  }

  /**
   * An asynchronous function without a result, so that it needs no {@code return null}.
   *
   * @param body what to execute
   * @return a new one, not started
   */
  static Async<Void> action(AsyncAction body) {
    return Bodies.action(null, body);
  }

  /**
   * As {@link #action(AsyncAction)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @return a new one, not started
   */
  static Async<Void> action(MethodHandles.Lookup lookup, AsyncAction body) {
    return Bodies.action(Objects.requireNonNull(lookup, "lookup"), body);
  }

  /**
   * Runs a coroutine that waits by yielding: it yields what it waits for, and is sent what that gave
   * or has thrown into it what that failed with. A null gives up one round. Python: {@code
   * @types.coroutine}.
   *
   * @param coroutine new, or suspended at a yield
   * @param <T> its result
   * @return runs it
   */
  static <T extends @Nullable Object> Async<T> from(
      Coroutine<@Nullable Object, ? extends @Nullable Awaitable<?>, T> coroutine) {
    return new CoroutineAsync<>(Objects.requireNonNull(coroutine, "the coroutine is null"));
  }

  /**
   * Waits for a time. Cancelled, it takes its timer back.
   *
   * @param duration at least so long; zero or less gives up one round
   * @return gives null
   */
  static Async<@Nullable Void> sleep(Duration duration) {
    return sleep(duration, null);
  }

  /**
   * Waits for a time.
   *
   * @param duration at least so long; zero or less gives up one round
   * @param value what it gives then
   * @param <T> its type
   * @return gives the value
   */
  static <T extends @Nullable Object> Async<T> sleep(Duration duration, T value) {
    long nanos = Durations.nanos(duration);
    return nanos > 0 ? new Sleep<>(nanos, value) : new Pause<>(value);
  }

  /**
   * Waits for something, but no longer than a limit. Python: {@code wait_for}.
   *
   * <p>After that, it is cancelled, and waited for until it has ended; then a {@link
   * java.util.concurrent.TimeoutException} is thrown, or what it has returned or thrown in spite of
   * that. Cancelled itself, it does the same and throws the cancellation.
   *
   * @param awaitable what to wait for
   * @param limit how long; zero or less takes what is done already, and starts nothing; null for no
   *     limit
   * @param <T> its result
   * @return gives its result
   */
  static <T extends @Nullable Object> Async<T> waitFor(
      Awaitable<T> awaitable, @Nullable Duration limit) {
    return WaitForFrame.of(Objects.requireNonNull(awaitable, "nothing to wait for"), limit);
  }

  /**
   * Waits for something that goes on if the waiting is cancelled: it runs in a task of its own, and
   * who awaits this leaves at once. Python: {@code shield}.
   *
   * @param awaitable what to wait for
   * @param <T> its result
   * @return gives its result
   */
  static <T extends @Nullable Object> Async<T> shield(Awaitable<T> awaitable) {
    return new ShieldFrame<>(Objects.requireNonNull(awaitable, "nothing to shield"));
  }

  /**
   * Runs something that is not cancelled from outside; who awaits this stays until it has ended,
   * and a request or a scope that was cancelled meanwhile is delivered then. For cleanup that
   * awaits:
   *
   * <pre>{@code
   * try {
   *   co.await(login());
   * } finally {
   *   co.await(Async.uncancellable(connection.aclose()));
   * }
   * }</pre>
   *
   * <p>A {@link Timeout} inside limits it.
   *
   * @param awaitable what to run
   * @param <T> its result
   * @return gives its result
   */
  static <T extends @Nullable Object> Async<T> uncancellable(Awaitable<T> awaitable) {
    return new UncancellableFrame<>(Objects.requireNonNull(awaitable, "nothing to run"));
  }

  /**
   * Runs a call that blocks on a thread of the loop's own, in a copy of the current context. If the
   * await is cancelled, the call goes on, and its result is dropped.
   *
   * @param call runs once, when this is awaited
   * @param <T> its result
   * @return gives its result
   */
  static <T extends @Nullable Object> Async<T> toThread(Callable<T> call) {
    return ThreadCall.withContext(Objects.requireNonNull(call, "the call is null"));
  }

  /**
   * As {@link #toThread(Callable)}, for a block without a result.
   *
   * @param call runs once, when this is awaited
   * @return gives null
   */
  static Async<@Nullable Void> toThread(ThreadAction call) {
    Objects.requireNonNull(call, "the call is null");
    return ThreadCall.withContext(
        () -> {
          call.run();
          return null;
        });
  }

  /**
   * Runs a call on an executor. It does not see the context. If the await is cancelled, the call
   * goes on, and its result is dropped.
   *
   * @param executor where it runs
   * @param call runs once, when this is awaited
   * @param <T> its result
   * @return gives its result
   */
  static <T extends @Nullable Object> Async<T> runInExecutor(Executor executor, Callable<T> call) {
    return new ThreadCall<>(
        Objects.requireNonNull(executor, "the executor is null"),
        Objects.requireNonNull(call, "the call is null"),
        false);
  }

  /**
   * The engine that runs its body.
   *
   * @return {@code "compiled"} or {@code "thread"}; {@code "library"} if it has no body
   */
  default String engine() {
    return "library";
  }

  /**
   * Why that engine runs it.
   *
   * @return one sentence with file and line, where they are known
   */
  default String engineReason() {
    return this + " is a part of the library, and has no body of its own";
  }
}
