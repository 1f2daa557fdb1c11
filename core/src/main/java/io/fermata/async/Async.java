package io.fermata.async;

import io.fermata.Coroutine;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
    return Awaits.of(body);
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
    return Awaits.of(lookup, body);
  }

  /**
   * An asynchronous function without a result, so that it needs no {@code return null}.
   *
   * @param body what to execute
   * @return a new one, not started
   */
  static Async<Void> action(AsyncAction body) {
    return Awaits.action(body);
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
    return Awaits.action(lookup, body);
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
    return Awaits.coroutine(coroutine);
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
    return Awaits.sleep(duration, value);
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
    return Awaits.waitFor(awaitable, limit);
  }

  /**
   * Waits for something that goes on if the waiting is cancelled: it runs in a task of its own, and
   * who awaits this leaves at once. Python: {@code shield}. If it fails after that, and nobody else
   * gets that failure, the exception handler does.
   *
   * @param awaitable what to wait for
   * @param <T> its result
   * @return gives its result
   */
  static <T extends @Nullable Object> Async<T> shield(Awaitable<T> awaitable) {
    return Awaits.shield(awaitable);
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
    return Awaits.uncancellable(awaitable);
  }

  /**
   * Runs several at the same time, each in a task of its own, and gives their results. Python:
   * {@code gather}. A {@link TaskGroup} is the better choice where a failure should end the others.
   *
   * <p>The first failure, or the first of them that is cancelled, is thrown at once; the others go
   * on, and their results and failures are dropped.
   *
   * <p>If the await is cancelled, so are all that have not ended, and it waits for them; then it
   * throws the cancellation, in which what they failed with is suppressed. If all had ended
   * already, nothing is lost but their results.
   *
   * @param awaitables what to wait for; one that occurs twice runs once
   * @param <T> the result of each
   * @return gives the results, in the order of the arguments; a new list
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Async<List<T>> gather(Awaitable<? extends T>... awaitables) {
    return Awaits.gather(Arrays.asList(awaitables));
  }

  /**
   * As {@link #gather(Awaitable...)}.
   *
   * @param awaitables what to wait for; one that occurs twice runs once
   * @param <T> the result of each
   * @return gives the results, in the order of the arguments; a new list
   */
  static <T extends @Nullable Object> Async<List<T>> gather(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return Awaits.gather(awaitables);
  }

  /**
   * As {@link #gather(Awaitable...)}, but failures and cancellations of what is awaited are results
   * too, so that it always waits for all. Python: {@code gather(..., return_exceptions=True)}.
   *
   * @param awaitables what to wait for; one that occurs twice runs once
   * @param <T> the result of each
   * @return gives how each has ended, in the order of the arguments; a new list
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Async<List<Outcome<T>>> gatherOutcomes(
      Awaitable<? extends T>... awaitables) {
    return Awaits.gatherOutcomes(Arrays.asList(awaitables));
  }

  /**
   * As {@link #gatherOutcomes(Awaitable...)}.
   *
   * @param awaitables what to wait for; one that occurs twice runs once
   * @param <T> the result of each
   * @return gives how each has ended, in the order of the arguments; a new list
   */
  static <T extends @Nullable Object> Async<List<Outcome<T>>> gatherOutcomes(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return Awaits.gatherOutcomes(awaitables);
  }

  /**
   * Waits until all of some tasks and promises have ended; see {@link #wait(Iterable, ReturnWhen,
   * Duration)}.
   *
   * @param deferreds what to wait for
   * @param <D> their type
   * @return gives them, all of them done
   */
  static <D extends Deferred<?>> Async<Waited<D>> wait(Iterable<? extends D> deferreds) {
    return wait(deferreds, ReturnWhen.ALL_COMPLETED, null);
  }

  /**
   * Waits until some of some tasks and promises have ended; see {@link #wait(Iterable, ReturnWhen,
   * Duration)}.
   *
   * @param deferreds what to wait for
   * @param when when to stop waiting
   * @param <D> their type
   * @return gives those that have ended, and those that have not
   */
  static <D extends Deferred<?>> Async<Waited<D>> wait(
      Iterable<? extends D> deferreds, ReturnWhen when) {
    return wait(deferreds, when, null);
  }

  /**
   * Waits until some of some tasks and promises have ended, and leaves them alone: it throws
   * nothing that they have failed with, and cancels none, neither when the time is over nor when
   * the await is cancelled. Python: {@code asyncio.wait}.
   *
   * @param deferreds what to wait for; one that occurs twice counts once
   * @param when when to stop waiting
   * @param limit how long to wait at most; zero or less waits for one round; null for no limit
   * @param <D> their type
   * @return gives those that have ended, and those that have not
   * @throws IllegalArgumentException if there are none; in the await, if one belongs to another
   *     loop
   */
  static <D extends Deferred<?>> Async<Waited<D>> wait(
      Iterable<? extends D> deferreds, ReturnWhen when, @Nullable Duration limit) {
    return Awaits.wait(deferreds, when, limit);
  }

  /**
   * Yields tasks and promises as they end, the very objects, done; see {@link
   * #asCompleted(Iterable, Duration)}.
   *
   * @param deferreds what to wait for
   * @param <D> their type
   * @return a new generator, not started
   */
  static <D extends Deferred<?>> AsyncGenerator<D> asCompleted(Iterable<? extends D> deferreds) {
    return asCompleted(deferreds, null);
  }

  /**
   * Yields tasks and promises as they end, the very objects, done. Python: {@code async for} over
   * {@code as_completed}.
   *
   * <pre>{@code
   * AsyncGenerator<Task<String>> ended = Async.asCompleted(tasks);
   * while (co.await(ended.advance())) System.out.println(ended.current().result());
   * }</pre>
   *
   * <p>It leaves them alone: neither closing it nor cancelling a step cancels them; and a step that
   * is cancelled ends the generator, as with any other. When the time is over, the step throws a
   * {@link java.util.concurrent.TimeoutException}, after those that have ended in time were
   * yielded.
   *
   * @param deferreds what to wait for; one that occurs twice is yielded once
   * @param limit how long, from the first step on; null for no limit
   * @param <D> their type
   * @return a new generator, not started
   */
  static <D extends Deferred<?>> AsyncGenerator<D> asCompleted(
      Iterable<? extends D> deferreds, @Nullable Duration limit) {
    return Awaits.asCompleted(deferreds, limit);
  }

  /**
   * As {@link #asCompleted(Iterable)}, for anything that can be awaited; what is no task or promise
   * is started as a task in the first step.
   *
   * @param awaitables what to wait for
   * @param <T> the result of each
   * @return a new generator, not started
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> AsyncGenerator<Deferred<T>> asCompleted(
      Awaitable<T>... awaitables) {
    return Awaits.asCompleted(List.of(awaitables));
  }

  /**
   * Makes attempts until one succeeds: starts the next when the last one has failed, or has taken
   * some time, and cancels the others when one has succeeded. Python: {@code staggered_race}, the
   * "happy eyeballs" of RFC 8305.
   *
   * <p>When it gives its result, all attempts that were started have ended. If the await is
   * cancelled, so are they, and it waits for them and throws the cancellation.
   *
   * @param attempts in the order of preference; those that are not needed are not started
   * @param delay how long an attempt runs before the next one is started beside it; null: until it
   *     has failed
   * @param <T> the result
   * @return gives how the race has ended; it throws nothing that an attempt has failed with
   */
  static <T extends @Nullable Object> Async<Race<T>> staggeredRace(
      Iterable<? extends Async<? extends T>> attempts, @Nullable Duration delay) {
    return Awaits.staggeredRace(attempts, delay);
  }

  /**
   * Runs a body with something that is closed after it, whatever the body did. Python: {@code async
   * with aclosing(x)}.
   *
   * <pre>{@code
   * int n = co.await(Async.using(rows("..."), (in, rows) -> {
   *   int count = 0;
   *   while (in.await(rows.advance())) count++;
   *   return count;
   * }));
   * }</pre>
   *
   * <p>What {@code aclose} fails with is thrown; if the body has failed, it is suppressed in that
   * exception. Closing is not protected from cancellation: in a cancelled scope its awaits throw. A
   * request that comes while it is closed after a failure of the body is delivered at the next
   * suspension. As long as this is not awaited, or if its task is cancelled before it has begun,
   * neither the body nor {@code aclose} runs.
   *
   * @param resource what is closed
   * @param body gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @param <T> the result
   * @return gives the result of the body
   */
  static <R extends AsyncCloseable, T extends @Nullable Object> Async<T> using(
      R resource, ScopeBody<R, T> body) {
    return Awaits.using(resource, body);
  }

  /**
   * As {@link #using(AsyncCloseable, ScopeBody)}, for a body in a named module that does not open
   * its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param resource what is closed
   * @param body gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @param <T> the result
   * @return gives the result of the body
   */
  static <R extends AsyncCloseable, T extends @Nullable Object> Async<T> using(
      MethodHandles.Lookup lookup, R resource, ScopeBody<R, T> body) {
    return Awaits.using(lookup, resource, body);
  }

  /**
   * As {@link #using(AsyncCloseable, ScopeBody)}, for a body without a result.
   *
   * @param resource what is closed
   * @param body gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @return gives null
   */
  static <R extends AsyncCloseable> Async<Void> usingAction(R resource, ScopeAction<R> body) {
    return Awaits.usingAction(resource, body);
  }

  /**
   * As {@link #usingAction(AsyncCloseable, ScopeAction)}, for a body in a named module that does
   * not open its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param resource what is closed
   * @param body gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @return gives null
   */
  static <R extends AsyncCloseable> Async<Void> usingAction(
      MethodHandles.Lookup lookup, R resource, ScopeAction<R> body) {
    return Awaits.usingAction(lookup, resource, body);
  }

  /**
   * An asynchronous function of something that is given to it: for a library that calls bodies of
   * its users, as a server calls the handler of a connection.
   *
   * @param handle given to the body
   * @param body gets a {@code co} of its own, and the handle; runs at most once
   * @param <H> the type of the handle
   * @return gives null
   */
  static <H extends @Nullable Object> Async<Void> actionWith(H handle, ScopeAction<H> body) {
    return Awaits.actionWith(handle, body);
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
    return Awaits.toThread(call);
  }

  /**
   * As {@link #toThread(Callable)}, for a block without a result.
   *
   * @param call runs once, when this is awaited
   * @return gives null
   */
  static Async<@Nullable Void> toThread(ThreadAction call) {
    Objects.requireNonNull(call, "the call is null");
    return Awaits.toThread(
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
    return Awaits.runInExecutor(executor, call);
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
