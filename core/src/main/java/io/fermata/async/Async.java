package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.Coroutine;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call of an asynchronous function that has not begun to run. Python: the coroutine object of an
 * {@code async def}.
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
 * <p>An {@code Async} is cold, and so is the result of every static method here: it runs when it is
 * awaited, started as a {@link Task} or in a {@link TaskGroup}, or given to {@link EventLoop#run}.
 * It runs once. An await runs it at once, as a part of the awaiting task, up to the first await
 * that has to wait. A finished wait resumes the innermost body directly, however deep the awaits
 * are nested.
 *
 * <p>Only the library implements this interface; implement {@link Awaitable} in your own types.
 *
 * @param <T> the type of the result
 */
public interface Async<T extends @Nullable Object> extends Awaitable<T> {
  /**
   * An asynchronous function with a result.
   *
   * @param body the body
   * @param <T> the type of the result
   * @return a new one, not started
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> of(AsyncBody<T> body) {
    return Awaits.of(body);
  }

  /**
   * As {@link #of(AsyncBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body
   * @param <T> the type of the result
   * @return a new one, not started
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> of(MethodHandles.Lookup lookup, AsyncBody<T> body) {
    return Awaits.of(lookup, body);
  }

  /**
   * An asynchronous function without a result. Its body needs no {@code return null}.
   *
   * @param body the body
   * @return a new one, not started
   */
  @CheckReturnValue
  static Async<Void> action(AsyncAction body) {
    return Awaits.action(body);
  }

  /**
   * As {@link #action(AsyncAction)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body
   * @return a new one, not started
   */
  @CheckReturnValue
  static Async<Void> action(MethodHandles.Lookup lookup, AsyncAction body) {
    return Awaits.action(lookup, body);
  }

  /**
   * An asynchronous function over a coroutine that waits by yielding. The coroutine yields an awaitable; the result of the awaitable is sent into the coroutine, and its failure is thrown into it. A yielded null gives up one round. Python: {@code
   * @types.coroutine}.
   *
   * @param coroutine new, or suspended at a yield
   * @param <T> the type of the result
   * @return a new one, not started
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> from(
      Coroutine<@Nullable Object, ? extends @Nullable Awaitable<?>, T> coroutine) {
    return Awaits.coroutine(coroutine);
  }

  /**
   * A wait for another library's stage, as {@link Awaiter#await(CompletionStage)} does it.
   * Cancelling the await cancels the stage's future; if it was not awaited, nothing does.
   *
   * @param stage the stage, which may complete on any thread
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result, or throws its failure, not wrapped
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> from(CompletionStage<T> stage) {
    return Awaits.future(stage);
  }

  /**
   * A wait for another library's future, as {@link Awaiter#await(Future)} does it: if it is not a
   * stage, a worker thread waits for it. Cancelling the await cancels the future, without an
   * interrupt.
   *
   * @param future the future
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result, or throws its failure, not wrapped
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> from(Future<T> future) {
    return Awaits.future(future);
  }

  /**
   * As {@link #from(CompletionStage)}.
   *
   * @param future the future
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result, or throws its failure, not wrapped
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> from(CompletableFuture<T> future) {
    return Awaits.future((Future<T>) future);
  }

  /**
   * Runs a body until it does not fail: a new attempt follows each {@link Exception} that a policy
   * takes, after a pause. An {@link Error} or a {@link Cancelled} comes out at once.
   *
   * <pre>{@code
   * String page = co.await(Async.retry(
   *     RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5)).on(IOException.class),
   *     in -> in.await(fetch(url))));
   * }</pre>
   *
   * <p>All attempts run in the task of the awaiter. After the last attempt its failure comes out;
   * the ten before it are suppressed in it. Cancelling the await ends the attempt or the pause at
   * once; the failures so far are dropped.
   *
   * @param policy how often, after which pauses and failures
   * @param body the body of each attempt; it runs anew each time
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the first attempt that has one
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> retry(RetryPolicy policy, AsyncBody<T> body) {
    return Awaits.retry(null, policy, body);
  }

  /**
   * As {@link #retry(RetryPolicy, AsyncBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param policy how often, after which pauses and failures
   * @param body the body of each attempt; it runs anew each time
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the first attempt that has one
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> retry(
      MethodHandles.Lookup lookup, RetryPolicy policy, AsyncBody<T> body) {
    return Awaits.retryGiven(lookup, policy, body);
  }

  /**
   * As {@link #retry(RetryPolicy, AsyncBody)}, for attempts that are made elsewhere.
   *
   * @param policy how often, after which pauses and failures
   * @param attempts gives a new awaitable for each attempt; an exception that it throws is a
   *     failure of the attempt
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the first attempt that has one
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> retry(
      RetryPolicy policy, Supplier<? extends Awaitable<T>> attempts) {
    return Awaits.retry(policy, attempts);
  }

  /**
   * Waits for a time. Cancelling the await removes its timer.
   *
   * @param duration the least time to wait; zero or less gives up one round
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  static Async<@Nullable Void> sleep(Duration duration) {
    return sleep(duration, null);
  }

  /**
   * Waits for a time, and then gives a value.
   *
   * @param duration the least time to wait; zero or less gives up one round
   * @param value the result
   * @param <T> the type of the result
   * @return an {@code Async} that gives the value
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> sleep(Duration duration, T value) {
    return Awaits.sleep(duration, value);
  }

  /**
   * A clock that ticks: as {@link #ticker(Duration, MissedTicks)}, and skips ticks that were
   * missed.
   *
   * @param period the time between two ticks, more than zero
   * @return a new generator, not started
   */
  @CheckReturnValue
  static AsyncGenerator<Duration> ticker(Duration period) {
    return ticker(period, MissedTicks.SKIP);
  }

  /**
   * A clock that ticks. The first tick is due one period after the first step; each step waits for
   * the next one, and gives the loop time at which that was due. It never ends by itself.
   *
   * <pre>{@code
   * co.await(Async.ticker(Duration.ofSeconds(1)).forEach((in, due) -> System.out.println(due)));
   * }</pre>
   *
   * <p>It holds no timer between steps, so it need not be closed. A step that is cancelled loses no
   * tick: the next step gets it. The ideas are those of {@code interval} in tokio.
   *
   * @param period the time between two ticks, more than zero
   * @param missed what happens to ticks that were due before they were asked for
   * @return a new generator, not started
   * @throws IllegalArgumentException if the period is zero or less
   */
  @CheckReturnValue
  static AsyncGenerator<Duration> ticker(Duration period, MissedTicks missed) {
    return Awaits.ticker(period, missed);
  }

  /**
   * Waits for an awaitable, but no longer than a limit. Python: {@code wait_for}.
   *
   * <p>When the limit passes, the awaitable is cancelled, and the await waits until it has ended.
   * Then the await throws a {@link java.util.concurrent.TimeoutException}; if the awaitable
   * returned or failed in spite of the cancellation, that result or failure comes out instead.
   * Cancelling the await does the same, and then throws the cancellation.
   *
   * @param awaitable the awaitable
   * @param limit the limit; zero or less accepts only an awaitable that is done already, and starts
   *     nothing; null for no limit
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> waitFor(
      Awaitable<T> awaitable, @Nullable Duration limit) {
    return Awaits.waitFor(awaitable, limit);
  }

  /**
   * Waits for an awaitable that goes on when the await is cancelled. The awaitable runs in a task
   * of its own; a cancelled awaiter leaves at once. Python: {@code shield}. If the awaitable fails
   * after that and nobody else gets the failure, the exception handler gets it.
   *
   * @param awaitable the awaitable
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> shield(Awaitable<T> awaitable) {
    return Awaits.shield(awaitable);
  }

  /**
   * Runs an awaitable that cannot be cancelled from outside. The awaiter stays until the awaitable
   * has ended; a cancellation that comes meanwhile, by a request or by a scope, is delivered then.
   * Use it for cleanup that awaits:
   *
   * <pre>{@code
   * try {
   *   co.await(login());
   * } finally {
   *   co.await(Async.uncancellable(connection.aclose()));
   * }
   * }</pre>
   *
   * <p>A {@link Timeout} inside still limits it.
   *
   * @param awaitable the awaitable
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> uncancellable(Awaitable<T> awaitable) {
    return Awaits.uncancellable(awaitable);
  }

  /**
   * Runs several awaitables at the same time, each in a task of its own, and gives their results.
   * Python: {@code gather}. Prefer a {@link TaskGroup} if a failure should end the others.
   *
   * <p>The await throws the first failure or cancellation at once. The others go on; their results
   * and failures are dropped.
   *
   * <p>Cancelling the await cancels all that have not ended, and waits for them. Then the await
   * throws the cancellation; their failures are suppressed in it. If all had ended already, only
   * their results are lost.
   *
   * @param awaitables the awaitables; a repeated one runs once
   * @param <T> the type of each result
   * @return an {@code Async} that gives a new list of the results, in the order of the arguments
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  @CheckReturnValue
  static <T extends @Nullable Object> Async<List<T>> gather(Awaitable<? extends T>... awaitables) {
    return Awaits.gather(Arrays.asList(awaitables));
  }

  /**
   * As {@link #gather(Awaitable...)}.
   *
   * @param awaitables the awaitables; a repeated one runs once
   * @param <T> the type of each result
   * @return an {@code Async} that gives a new list of the results, in the order of the arguments
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<List<T>> gather(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return Awaits.gather(awaitables);
  }

  /**
   * As {@link #gather(Awaitable...)}, but failures and cancellations are results too, so the await
   * always waits for all. Python: {@code gather(..., return_exceptions=True)}.
   *
   * @param awaitables the awaitables; a repeated one runs once
   * @param <T> the type of each result
   * @return an {@code Async} that gives a new list of the outcomes, in the order of the arguments
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  @CheckReturnValue
  static <T extends @Nullable Object> Async<List<Outcome<T>>> gatherOutcomes(
      Awaitable<? extends T>... awaitables) {
    return Awaits.gatherOutcomes(Arrays.asList(awaitables));
  }

  /**
   * As {@link #gatherOutcomes(Awaitable...)}.
   *
   * @param awaitables the awaitables; a repeated one runs once
   * @param <T> the type of each result
   * @return an {@code Async} that gives a new list of the outcomes, in the order of the arguments
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<List<Outcome<T>>> gatherOutcomes(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return Awaits.gatherOutcomes(awaitables);
  }

  /**
   * Waits until one of several cases can take effect, and runs that one.
   *
   * <pre>{@code
   * AsyncQueue<String> jobs = AsyncQueue.fifo();
   * AsyncEvent stop = AsyncEvent.open();
   * String next = co.await(Async.select(
   *     Case.of(jobs.get(), (in, job) -> in.await(fetch(job))),
   *     Case.of(stop.whenSet(), (in, v) -> "stopped"),
   *     Case.of(Async.sleep(Duration.ofMillis(100)), (in, v) -> "idle")));
   * }</pre>
   *
   * <p>Exactly one case takes effect: it takes its item, puts it, or acquires. The others have done
   * nothing, and what they wait for goes on: a losing task is not cancelled. If several are ready,
   * the choice is fair, and drawn from the seed of the loop where it has one. If none is, the first
   * that becomes ready is chosen; the task resumes in the next round, as from the wait alone. A
   * wait that fails is chosen, too, and its failure is thrown.
   *
   * <p><b>Cancellation.</b> Cancelled before the choice, no case has taken effect. Cancelled
   * between the wake-up and the next step of the task, what the chosen case had got is given back.
   * In the body of a case it is an ordinary cancellation.
   *
   * <p><b>Threading.</b> As the waits themselves: everything belongs to the loop of the task, and
   * the body of the chosen case runs in this task.
   *
   * <p><b>Cost.</b> Time that is linear in the number of cases, and a small object for each.
   *
   * <p>asyncio has no such operation; the idea is that of Go's {@code select}.
   *
   * @param cases the cases, at least one; each is used once
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body of the chosen case
   * @throws IllegalArgumentException if there is no case, or more than one {@code otherwise}
   */
  @CheckReturnValue
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Async<T> select(Case<? extends T>... cases) {
    return Awaits.select(Arrays.asList(cases), false);
  }

  /**
   * As {@link #select(Case...)}, with any number of cases.
   *
   * @param cases the cases, at least one; read at once
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body of the chosen case
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> select(Iterable<? extends Case<? extends T>> cases) {
    return Awaits.select(cases, false);
  }

  /**
   * As {@link #select(Case...)}, but if several cases are ready, the first of them in the list is
   * chosen. A case that is always ready keeps all behind it from their turns.
   *
   * @param cases the cases, at least one; each is used once
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body of the chosen case
   */
  @CheckReturnValue
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Async<T> selectInOrder(Case<? extends T>... cases) {
    return Awaits.select(Arrays.asList(cases), true);
  }

  /**
   * As {@link #selectInOrder(Case...)}, with any number of cases.
   *
   * @param cases the cases, at least one; read at once
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body of the chosen case
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> selectInOrder(
      Iterable<? extends Case<? extends T>> cases) {
    return Awaits.select(cases, true);
  }

  /**
   * As {@link #gather(Iterable)}, with a limit on how many run at the same time. It reads the next
   * awaitable when one of those before has ended.
   *
   * <p>What has not begun when the await throws never begins; a failure of the iterable, or one
   * that cannot be started, cancels those that have. Cancelling the await cancels those that run,
   * and waits for them.
   *
   * @param awaitables the awaitables; a repeated one runs once; a task or promise counts as running
   *     until it has ended
   * @param limit the limit, at least 1
   * @param <T> the type of each result
   * @return an {@code Async} that gives a new list of the results, in the order of the arguments
   * @throws IllegalArgumentException if the limit is less than 1
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<List<T>> gather(
      Iterable<? extends Awaitable<? extends T>> awaitables, int limit) {
    return Awaits.gather(awaitables, limit);
  }

  /**
   * As {@link #gatherOutcomes(Iterable)}, with a limit as that of {@link #gather(Iterable, int)}.
   *
   * @param awaitables the awaitables; a repeated one runs once
   * @param limit the limit, at least 1
   * @param <T> the type of each result
   * @return an {@code Async} that gives a new list of the outcomes, in the order of the arguments
   * @throws IllegalArgumentException if the limit is less than 1
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<List<Outcome<T>>> gatherOutcomes(
      Iterable<? extends Awaitable<? extends T>> awaitables, int limit) {
    return Awaits.gatherOutcomes(awaitables, limit);
  }

  /**
   * Runs several awaitables at the same time, and ends as the first of them does: with its value or
   * its failure. The others are cancelled, and the await waits for them. Ideas: trio-util's {@code
   * wait_any}, JavaScript's {@code Promise.race}.
   *
   * <pre>{@code
   * String page = co.await(Async.race(fetch("a"), fetch("b")));
   * }</pre>
   *
   * <p>Of several that end in the same round the first in the list counts. If the others fail in
   * their cleanup, this is suppressed in the failure that comes out; the exception handler gets it
   * if a value comes out. What the others have got is lost. For the first success, use {@link
   * #staggeredRace} with a delay of zero.
   *
   * <p>Cancelling the await cancels all, and waits for them. Then it throws the cancellation, and a
   * result that was there is lost.
   *
   * @param awaitables the awaitables, at least one; a repeated one runs once
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the first
   * @throws IllegalArgumentException if there is none
   */
  @CheckReturnValue
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Async<T> race(Awaitable<? extends T>... awaitables) {
    return Awaits.race(Arrays.asList(awaitables));
  }

  /**
   * As {@link #race(Awaitable...)}.
   *
   * @param awaitables the awaitables, at least one; a repeated one runs once
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the first
   * @throws IllegalArgumentException if there is none
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> race(
      Iterable<? extends Awaitable<? extends T>> awaitables) {
    return Awaits.race(awaitables);
  }

  /**
   * Waits until all given tasks and promises have ended; see {@link #wait(Iterable, ReturnWhen,
   * Duration)}.
   *
   * @param deferreds the tasks and promises
   * @param <D> their type
   * @return an {@code Async} that gives all of them as done
   */
  @CheckReturnValue
  static <D extends Deferred<?>> Async<Waited<D>> wait(Iterable<? extends D> deferreds) {
    return wait(deferreds, ReturnWhen.ALL_COMPLETED, null);
  }

  /**
   * Waits until one or all of the given tasks and promises have ended; see {@link #wait(Iterable,
   * ReturnWhen, Duration)}.
   *
   * @param deferreds the tasks and promises
   * @param when the condition on which the await returns
   * @param <D> their type
   * @return an {@code Async} that gives the done and the pending ones
   */
  @CheckReturnValue
  static <D extends Deferred<?>> Async<Waited<D>> wait(
      Iterable<? extends D> deferreds, ReturnWhen when) {
    return wait(deferreds, when, null);
  }

  /**
   * Waits until one or all of the given tasks and promises have ended, and leaves them alone. The
   * await throws none of their failures. It cancels none of them, neither at the limit nor when it
   * is cancelled itself. Python: {@code asyncio.wait}.
   *
   * @param deferreds the tasks and promises; a repeated one counts once
   * @param when the condition on which the await returns
   * @param limit the longest wait; zero or less waits for one round; null for no limit
   * @param <D> their type
   * @return an {@code Async} that gives the done and the pending ones
   * @throws IllegalArgumentException if {@code deferreds} is empty; in the await, if one belongs to
   *     another loop
   */
  @CheckReturnValue
  static <D extends Deferred<?>> Async<Waited<D>> wait(
      Iterable<? extends D> deferreds, ReturnWhen when, @Nullable Duration limit) {
    return Awaits.wait(deferreds, when, limit);
  }

  /**
   * A generator of tasks and promises in the order in which they end; see {@link
   * #asCompleted(Iterable, Duration)}.
   *
   * @param deferreds the tasks and promises
   * @param <D> their type
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <D extends Deferred<?>> AsyncGenerator<D> asCompleted(Iterable<? extends D> deferreds) {
    return asCompleted(deferreds, null);
  }

  /**
   * A generator of tasks and promises in the order in which they end. It yields the given objects
   * themselves, done. Python: {@code async for} over {@code as_completed}.
   *
   * <pre>{@code
   * AsyncGenerator<Task<String>> ended = Async.asCompleted(tasks);
   * while (co.await(ended.advance())) System.out.println(ended.current().result());
   * }</pre>
   *
   * <p>Neither closing the generator nor cancelling a step cancels them. A cancelled step ends the
   * generator, as with any other generator. When the limit passes, the generator first yields all
   * that ended in time; then a step throws a {@link java.util.concurrent.TimeoutException}.
   *
   * @param deferreds the tasks and promises; a repeated one is yielded once
   * @param limit the limit, from the first step on; null for no limit
   * @param <D> their type
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <D extends Deferred<?>> AsyncGenerator<D> asCompleted(
      Iterable<? extends D> deferreds, @Nullable Duration limit) {
    return Awaits.asCompleted(deferreds, limit);
  }

  /**
   * As {@link #asCompleted(Iterable)}, for any awaitables. The first step starts a task for each
   * that is neither a task nor a promise.
   *
   * @param awaitables the awaitables; a repeated one runs once, and is yielded once
   * @param <T> the type of each result
   * @return a new generator, not started
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  @CheckReturnValue
  static <T extends @Nullable Object> AsyncGenerator<Deferred<T>> asCompleted(
      Awaitable<T>... awaitables) {
    return Awaits.asCompleted(List.of(awaitables));
  }

  /**
   * A generator of tasks in the order in which they end, of which only some run at the same time.
   *
   * <p>A step reads and starts as many as may run, so the iterable may be endless. It starts no
   * more while {@code limit} tasks have ended and were not yielded. Neither closing the generator
   * nor cancelling a step cancels those that run; what has not begun never does.
   *
   * @param asyncs what to start; a repeated one runs once, and is yielded once
   * @param limit the most that run at the same time, at least 1
   * @param <T> the type of each result
   * @return a new generator, not started
   * @throws IllegalArgumentException if the limit is less than 1
   */
  @CheckReturnValue
  static <T extends @Nullable Object> AsyncGenerator<Task<T>> asCompleted(
      Iterable<? extends Async<? extends T>> asyncs, int limit) {
    return Awaits.asCompleted(asyncs, limit);
  }

  /**
   * Runs attempts until one succeeds. The next attempt starts when the last one has failed or a
   * delay has passed; the first success cancels the others. Python: {@code staggered_race}, the
   * "happy eyeballs" of RFC 8305.
   *
   * <p>All started attempts have ended when the await gives its result. Cancelling the await
   * cancels them; it waits for them, and then throws the cancellation.
   *
   * @param attempts the attempts in order of preference; unneeded ones are not started
   * @param delay the time after which the next attempt starts beside the last one; null: the next
   *     one starts only after a failure
   * @param <T> the type of the result
   * @return an {@code Async} that gives the outcome of the race; the await throws no failure of an
   *     attempt
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<Race<T>> staggeredRace(
      Iterable<? extends Async<? extends T>> attempts, @Nullable Duration delay) {
    return Awaits.staggeredRace(attempts, delay);
  }

  /**
   * Runs a body with a resource, and closes the resource on every way out. Python: {@code async
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
   * <p>The await throws a failure of {@code aclose}; if the body has failed, that failure is
   * suppressed in the body's exception. Closing is not protected from cancellation: in a cancelled
   * scope the awaits of {@code aclose} throw. If the body has failed, a request during the closing
   * is delivered at the next suspension. Neither the body nor {@code aclose} runs before this is
   * awaited, nor if its task is cancelled before its first step.
   *
   * @param resource the resource
   * @param body the body; it gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body
   */
  @CheckReturnValue
  static <R extends AsyncCloseable, T extends @Nullable Object> Async<T> using(
      R resource, ScopeBody<R, T> body) {
    return Awaits.using(resource, body);
  }

  /**
   * As {@link #using(AsyncCloseable, ScopeBody)}, for a body in a named module that does not open
   * its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param resource the resource
   * @param body the body; it gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body
   */
  @CheckReturnValue
  static <R extends AsyncCloseable, T extends @Nullable Object> Async<T> using(
      MethodHandles.Lookup lookup, R resource, ScopeBody<R, T> body) {
    return Awaits.using(lookup, resource, body);
  }

  /**
   * As {@link #using(AsyncCloseable, ScopeBody)}, for a body without a result.
   *
   * @param resource the resource
   * @param body the body; it gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  static <R extends AsyncCloseable> Async<Void> usingAction(R resource, ScopeAction<R> body) {
    return Awaits.usingAction(resource, body);
  }

  /**
   * As {@link #usingAction(AsyncCloseable, ScopeAction)}, for a body in a named module that does
   * not open its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param resource the resource
   * @param body the body; it gets a {@code co} of its own, and the resource
   * @param <R> the type of the resource
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  static <R extends AsyncCloseable> Async<Void> usingAction(
      MethodHandles.Lookup lookup, R resource, ScopeAction<R> body) {
    return Awaits.usingAction(lookup, resource, body);
  }

  /**
   * An asynchronous function with one argument, for libraries that call bodies of their users, as a
   * server calls the handler of a connection.
   *
   * @param handle the argument of the body
   * @param body the body; it gets a {@code co} of its own, and the handle; it runs at most once
   * @param <H> the type of the handle
   * @param <T> the type of the result
   * @return an {@code Async} that gives what the body returns
   */
  @CheckReturnValue
  static <H extends @Nullable Object, T extends @Nullable Object> Async<T> ofWith(
      H handle, ScopeBody<H, T> body) {
    return Awaits.ofWith(handle, body);
  }

  /**
   * As {@link #ofWith(Object, ScopeBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()} of the class that holds the body
   * @param handle the argument of the body
   * @param body the body; it gets a {@code co} of its own, and the handle; it runs at most once
   * @param <H> the type of the handle
   * @param <T> the type of the result
   * @return an {@code Async} that gives what the body returns
   */
  @CheckReturnValue
  static <H extends @Nullable Object, T extends @Nullable Object> Async<T> ofWith(
      MethodHandles.Lookup lookup, H handle, ScopeBody<H, T> body) {
    return Awaits.ofWith(lookup, handle, body);
  }

  /**
   * As {@link #ofWith(Object, ScopeBody)}, for a body that returns nothing.
   *
   * @param handle the argument of the body
   * @param body the body; it gets a {@code co} of its own, and the handle; it runs at most once
   * @param <H> the type of the handle
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  static <H extends @Nullable Object> Async<Void> actionWith(H handle, ScopeAction<H> body) {
    return Awaits.actionWith(handle, body);
  }

  /**
   * As {@link #actionWith(Object, ScopeAction)}, for a body in a named module that does not open
   * its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()} of the class that holds the body
   * @param handle the argument of the body
   * @param body the body; it gets a {@code co} of its own, and the handle; it runs at most once
   * @param <H> the type of the handle
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  static <H extends @Nullable Object> Async<Void> actionWith(
      MethodHandles.Lookup lookup, H handle, ScopeAction<H> body) {
    return Awaits.actionWith(lookup, handle, body);
  }

  /**
   * Runs a blocking call on a worker thread of the loop, in a copy of the current context.
   * Cancelling the await does not stop the call; its result is dropped.
   *
   * @param call the call; it runs once, when this is awaited
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> toThread(Callable<T> call) {
    return Awaits.toThread(call);
  }

  /**
   * As {@link #toThread(Callable)}, for a block without a result.
   *
   * @param call the call; it runs once, when this is awaited
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  static Async<@Nullable Void> toThread(ThreadAction call) {
    Objects.requireNonNull(call, "the call is null");
    return Awaits.toThread(
        () -> {
          call.run();
          return null;
        });
  }

  /**
   * Runs a call on an executor, without the current context. Cancelling the await does not stop the
   * call; its result is dropped.
   *
   * @param executor the executor
   * @param call the call; it runs once, when this is awaited
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result
   */
  @CheckReturnValue
  static <T extends @Nullable Object> Async<T> runInExecutor(Executor executor, Callable<T> call) {
    return Awaits.runInExecutor(executor, call);
  }

  /**
   * The engine that runs the body.
   *
   * @return {@code "compiled"} or {@code "thread"}; {@code "library"} if it has no body
   */
  default String engine() {
    return "library";
  }

  /**
   * The reason for the choice of the engine.
   *
   * @return one sentence with file and line, where they are known
   */
  default String engineReason() {
    return this + " is a part of the library, and has no body of its own";
  }
}
