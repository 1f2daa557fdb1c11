package io.fermata.async;

import io.fermata.BaseGenerator;
import io.fermata.CheckReturnValue;
import io.fermata.Generator;
import io.fermata.State;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * A generator whose body can await, so each of its steps is awaited. Python: an {@code async def}
 * with {@code yield}.
 *
 * <pre>{@code
 * static AsyncGenerator<Integer> ticks(int n) {
 *   return AsyncGenerator.of(co -> {
 *     for (int i = 0; i < n; i++) {
 *       co.await(Async.sleep(Duration.ofMillis(10)));
 *       co.yield(i);
 *     }
 *   });
 * }
 *
 * AsyncGenerator<Integer> ticks = ticks(3);
 * try {
 *   while (co.await(ticks.advance())) {
 *     System.out.println(ticks.current());
 *   }
 * } finally {
 *   co.await(ticks.aclose());
 * }
 * co.await(ticks(3).forEach((in, tick) -> System.out.println(tick)));   // the same
 * }</pre>
 *
 * <p><b>Steps.</b> {@code advance}, {@code anext}, {@code athrow} and {@code aclose} run nothing.
 * Each returns an {@link Async} that takes the step once, when it is awaited. The step runs the
 * body up to the next yield, as a part of the awaiting task and in its context. If the body does
 * not wait, the step does not wait either. Only one step runs at a time: awaiting a step during
 * another one, or in the body itself, throws an {@link io.fermata.AlreadyRunningException}. The
 * refused step is spent; the running one goes on. No step waits for another one to end, not even
 * {@code aclose}.
 *
 * <p><b>Cancellation.</b> A step masks no cancellation: a request to the task, or a cancelled scope
 * around the step, throws {@link Cancelled} at the await in the body. If the body lets the
 * exception out, the generator has ended, and the value of this step is lost. Cancelling a step
 * before it has begun does not change the generator. In a cancelled scope, {@code aclose} runs the
 * finally blocks of the body; their awaits throw, and the generator is closed all the same.
 *
 * <p><b>Closing.</b> Leaving a {@code while} loop early does not close the generator: the body
 * stays suspended at its yield, and its finally blocks do not run. Use {@code try} and {@code
 * finally}, {@link #forEach} or {@link Async#using}. Closing an event loop closes its open
 * generators; see {@link EventLoop#shutdownAsyncGenerators}.
 *
 * <p><b>Scopes.</b> The body may await a {@link TaskGroup} or a {@link Timeout}, but must not yield
 * inside one: another task may take the next step, and the scope would cancel the wrong task (PEP
 * 789). Such a yield throws an {@code IllegalStateException}.
 *
 * <p><b>Operators</b> make a new generator of this one: {@link #map} and its like in the caller's
 * task, {@link #buffer(int)} and its like with tasks of their own.
 *
 * <p><b>Threading.</b> A generator belongs to the loop whose tasks step it. <b>Cost.</b> A step
 * allocates its {@code Async}; on the compiled engine it needs no thread.
 *
 * <p>Your own types may implement this interface; only five methods are abstract.
 *
 * @param <Y> the type of the yielded values
 */
public interface AsyncGenerator<Y extends @Nullable Object> extends AsyncCloseable {
  /**
   * An asynchronous generator with a body. Nothing runs before the first step.
   *
   * @param body the body
   * @param <Y> the type of the yielded values
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> of(AsyncGeneratorBody<Y> body) {
    return AsyncGenerators.of(body);
  }

  /**
   * As {@link #of(AsyncGeneratorBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body
   * @param <Y> the type of the yielded values
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> of(
      MethodHandles.Lookup lookup, AsyncGeneratorBody<Y> body) {
    return AsyncGenerators.of(lookup, body);
  }

  /**
   * A generator of the elements of an iterable. Its steps never wait. They fetch the elements on
   * the loop's thread; use {@link Async#toThread} if that blocks.
   *
   * <pre>{@code
   * AsyncGenerator<String> names = AsyncGenerator.from(List.of("a", "b"));
   * }</pre>
   *
   * <p>On every way out the generator closes the iterator and the iterable if they are {@link
   * AutoCloseable}; an {@code aclose} before the first step does so, too.
   *
   * @param iterable the iterable; the first step calls its {@code iterator()}
   * @param <Y> the type of the elements
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(Iterable<? extends Y> iterable) {
    return AsyncGenerators.over(Objects.requireNonNull(iterable, "the iterable is null"));
  }

  /**
   * A generator of the remaining elements of an iterator; as {@link #from(Iterable)}.
   *
   * @param iterator the iterator; closed at the end if it is {@link AutoCloseable}
   * @param <Y> the type of the elements
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(Iterator<? extends Y> iterator) {
    return AsyncGenerators.over(Objects.requireNonNull(iterator, "the iterator is null"));
  }

  /**
   * A generator of the values of a plain generator; as {@link #from(Iterable)}.
   *
   * @param generator the plain generator; closed at the end
   * @param <Y> the type of the yielded values
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(BaseGenerator<? extends Y> generator) {
    return AsyncGenerators.over(Objects.requireNonNull(generator, "the generator is null"));
  }

  /**
   * A generator of the elements of a stream; as {@link #from(Iterable)}. A parallel stream runs as
   * a sequential one.
   *
   * @param stream the stream; closed at the end
   * @param <Y> the type of the elements
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(BaseStream<? extends Y, ?> stream) {
    return AsyncGenerators.over(Objects.requireNonNull(stream, "the stream is null"));
  }

  /**
   * A generator of the items of a publisher, with a buffer of {@link Flow#defaultBufferSize} items;
   * see {@link #from(Flow.Publisher, int)}.
   *
   * @param publisher the publisher; the first step subscribes to it
   * @param <Y> the type of the items
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(
      Flow.Publisher<? extends Y> publisher) {
    return from(publisher, Flow.defaultBufferSize());
  }

  /**
   * A generator of the items of a publisher. The publisher may signal on any thread.
   *
   * <pre>{@code
   * SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
   * co.await(AsyncGenerator.from(publisher).forEach((in, item) -> System.out.println(item)));
   * }</pre>
   *
   * <p><b>Back-pressure.</b> The generator requests {@code prefetch} items when it subscribes, and
   * more in batches as it yields them, so it never buffers more than {@code prefetch} items. If the
   * publisher sends more than was requested, the subscription is cancelled, and a step throws an
   * {@code IllegalStateException}.
   *
   * <p><b>The end.</b> After the buffered items, a step throws the failure of the publisher, the
   * same instance, or ends the generator. If the generator ends in another way ({@code aclose}, a
   * cancelled step, the closing of its loop), it cancels the subscription, and drops buffered and
   * later items.
   *
   * <p>Use an {@link AsyncSubscriber} if another API needs the subscriber.
   *
   * @param publisher the publisher; the first step subscribes to it
   * @param prefetch the size of the buffer in items, at least 1
   * @param <Y> the type of the items
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(
      Flow.Publisher<? extends Y> publisher, int prefetch) {
    return AsyncGenerators.from(publisher, prefetch);
  }

  /**
   * A publisher that gives each subscriber a generator of its own.
   *
   * <pre>{@code
   * EventLoop loop = EventLoop.current();
   * Flow.Publisher<String> publisher = AsyncGenerator.publisher(loop, () -> rows("..."));
   * }</pre>
   *
   * <p><b>Back-pressure.</b> The generator is stepped only when the subscriber has requested an
   * item, so its end, too, is signalled only after one more request. If the steps never wait, other
   * tasks of the loop still get their turns.
   *
   * <p><b>Threading.</b> {@code subscribe} and the methods of the subscription may be called on any
   * thread, and do not block. A task of the loop steps the generator and signals the subscriber, so
   * all signals come on the loop's thread, {@code onSubscribe} included; a subscriber must not
   * block. If the loop is closed already, {@code onSubscribe} and {@code onError} come on the
   * subscribing thread.
   *
   * <p><b>Cancellation.</b> {@code cancel} cancels the running step and closes the generator; no
   * more signals come. A later failure of the generator goes to the loop's exception handler. An
   * exception of the subscriber goes there, too, and counts as a cancellation.
   *
   * <p><b>Failures.</b> {@code onError} gets the failure of the generator, the same instance; a
   * {@link Cancelled} if the loop is closed; a {@code NullPointerException} if the generator yields
   * null, which cannot be published; an {@code IllegalArgumentException} if the subscriber requests
   * zero items or less.
   *
   * @param loop the loop whose tasks step the generators
   * @param source makes a generator; called on the loop's thread after {@code onSubscribe}
   * @param <T> the type of the items
   * @return a publisher for any number of subscribers
   */
  static <T> Flow.Publisher<T> publisher(
      EventLoop loop, Supplier<? extends AsyncGenerator<? extends T>> source) {
    return AsyncGenerators.publisher(loop, Objects.requireNonNull(source, "the source is null"));
  }

  /**
   * A publisher of the values of this generator for one subscriber. Every other subscriber gets an
   * {@code IllegalStateException}. Otherwise as {@link #publisher}.
   *
   * @param loop the loop whose tasks step it
   * @return a publisher for one subscriber
   */
  default Flow.Publisher<Y> toPublisher(EventLoop loop) {
    return AsyncGenerators.publisher(loop, this);
  }

  /**
   * A view of this generator for threads outside of its loop: an iterator, an iterable and a stream
   * whose steps block until the loop has taken them.
   *
   * <pre>{@code
   * EventLoop loop = EventLoop.open();                    // which another thread runs
   * try (Generator<String> rows = rows("...").blocking(loop)) {
   *   for (String row : rows) System.out.println(row);
   * }
   * try (Stream<String> rows = rows("...").blocking(loop).stream()) {
   *   System.out.println(rows.filter(row -> row.length() > 3).count());
   * }
   * }</pre>
   *
   * <p>A value is computed only when it is asked for. Failures of the generator come out unchanged.
   * Each step is a task of the loop: if the loop is closed, a step throws an {@code
   * IllegalStateException}; if no thread runs the loop, a step blocks.
   *
   * <p><b>Interrupts.</b> Interrupting the waiting thread cancels the step, like a request to its
   * task. If the step ends by that, it throws an {@link InterruptedException} (although
   * undeclared), whose cause is the {@link Cancelled}. If the step gives a value nevertheless, the
   * thread stays interrupted. A second interrupt ends the wait at once.
   *
   * <p>Do not step this generator in another way at the same time. On the loop's own thread a step
   * would wait for itself, and throws an {@code IllegalStateException}.
   *
   * @param loop the loop whose tasks step it; another thread runs it
   * @return a generator for one thread at a time
   */
  @CheckReturnValue
  default Generator<Y> blocking(EventLoop loop) {
    return AsyncGenerators.blocking(loop, this);
  }

  /**
   * A step to the next yield. It is the fastest kind of step.
   *
   * @return an {@code Async} that gives true if there is a {@link #current} value, and false at the
   *     end and ever after. A failure of the body comes out unchanged, and ends the generator.
   */
  @CheckReturnValue
  Async<Boolean> advance();

  /**
   * The value that the last {@code advance()} yielded.
   *
   * @return the value; repeatable until the next step begins
   * @throws IllegalStateException unless the last step was an {@code advance()} that gave true
   */
  Y current();

  /**
   * A step to the next yield. Python: {@code anext(g)}.
   *
   * @return an {@code Async} that gives the yielded value, and keeps no reference to it. The await
   *     throws {@link StopAsyncIteration} at the end and ever after
   */
  @CheckReturnValue
  default Async<Y> anext() {
    return AsyncGenerators.next(this);
  }

  /**
   * A step to the next yield. Python: {@code anext(g, default)}.
   *
   * @param atEnd the result at the end
   * @return an {@code Async} that gives the yielded value; at the end and ever after, {@code atEnd}
   */
  @CheckReturnValue
  default Async<Y> anext(Y atEnd) {
    return AsyncGenerators.next(this, atEnd);
  }

  /**
   * A step that throws an exception at the yield where the body is suspended.
   *
   * <p>Before the first step and after the end, the await throws the exception itself and runs
   * nothing; the generator has ended then. (CPython does nothing after the end.)
   *
   * @param exception the exception; the body gets the same instance
   * @return an {@code Async} that gives the next yielded value if the body catches the exception.
   *     The await throws {@link StopAsyncIteration} if the body returns, and otherwise the failure
   *     of the body
   */
  @CheckReturnValue
  Async<Y> athrow(Throwable exception);

  /**
   * A step that ends the generator: it raises a {@link io.fermata.GeneratorExit} at the yield where
   * the body is suspended, and runs the awaits in the finally blocks. Before the first step and
   * after the end it runs nothing.
   *
   * @return an {@code Async} that gives null when the body has ended by that exception or has
   *     returned; any other failure of the body comes out. If the body yields, the await throws an
   *     {@link io.fermata.IgnoredExitException}; the generator is suspended at that yield, and can
   *     be closed again.
   */
  @Override
  @CheckReturnValue
  Async<Void> aclose();

  /**
   * A loop that runs a body for each value, one after the other, and closes the generator on every
   * way out: at its end, and if the body fails or is cancelled. A failure of {@code aclose} is then
   * suppressed in the body's exception. Write a {@code while} loop to leave early without an
   * exception.
   *
   * @param body the body; it gets a {@code co} of its own and the value
   * @return the loop, cold; it closes nothing before it is awaited
   */
  @CheckReturnValue
  default Async<Void> forEach(ScopeAction<Y> body) {
    return AsyncGenerators.forEach(this, body);
  }

  /**
   * As {@link #forEach(ScopeAction)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body; it gets a {@code co} of its own and the value
   * @return the loop, cold; it closes nothing before it is awaited
   */
  @CheckReturnValue
  default Async<Void> forEach(MethodHandles.Lookup lookup, ScopeAction<Y> body) {
    return AsyncGenerators.forEach(lookup, this, body);
  }

  // Operators

  /**
   * The results of a function, one for each value of this generator, in order.
   *
   * <pre>{@code
   * AsyncGenerator<Integer> lengths = rows("...").filter(r -> !r.isEmpty()).map(String::length);
   * }</pre>
   *
   * <p>What follows holds for all operators that take their steps in the caller's task: {@code
   * map}, {@code mapAwait}, {@code filter}, {@code filterAwait}, {@code take}, {@code takeWhile},
   * {@code zip} and {@code chunked(int)}.
   *
   * <p><b>Steps.</b> Nothing runs before the first step. A step takes as many steps of this
   * generator as it needs, one after the other, in the caller's task, and runs functions on the
   * loop's thread. The result is used like any generator; do not use this one beside it.
   *
   * <p><b>The end.</b> The result owns this generator. When the result ends, fails or is closed, it
   * closes this generator first, also if it was never stepped. What fails in that closing is
   * suppressed in the failure, or else thrown.
   *
   * <p><b>Cancellation.</b> Cancelling a step cancels the step of this generator under way. If that
   * ends this generator, as it does one with a body, the result has ended too. If it does not
   * (operators with tasks of their own), nothing is lost, and the next step goes on. A body that is
   * cancelled ends the result, and the value it had is lost.
   *
   * <p><b>Cost.</b> A step allocates its own {@code Async} and those of the steps that it takes.
   *
   * @param function gives a result for each value; if it throws, the result fails with that
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <R extends @Nullable Object> AsyncGenerator<R> map(
      Function<? super Y, ? extends R> function) {
    return AsyncGenerators.map(this, function);
  }

  /**
   * The results of a body, which may await, for each value of this generator. One body runs at a
   * time, in the caller's task, as a part of the step; otherwise as {@link #map}. To run several,
   * use {@link #mapConcurrently}.
   *
   * <pre>{@code
   * AsyncGenerator<String> pages = rows("...").mapAwait((in, url) -> in.await(fetch(url)));
   * }</pre>
   *
   * @param body gets a {@code co} of its own and the value; if it throws, the result fails with
   *     that
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <R extends @Nullable Object> AsyncGenerator<R> mapAwait(ScopeBody<Y, R> body) {
    return AsyncGenerators.mapAwait(null, this, body);
  }

  /**
   * As {@link #mapAwait(ScopeBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body gets a {@code co} of its own and the value
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <R extends @Nullable Object> AsyncGenerator<R> mapAwait(
      MethodHandles.Lookup lookup, ScopeBody<Y, R> body) {
    return AsyncGenerators.mapAwait(AsyncGenerators.given(lookup), this, body);
  }

  /**
   * The values that pass a test, in order; otherwise as {@link #map}. If this generator never
   * waits, a step that finds no value that passes does not either.
   *
   * @param test true for the values to keep
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> filter(Predicate<? super Y> test) {
    return AsyncGenerators.filter(this, test);
  }

  /**
   * The values that pass a test that may await; otherwise as {@link #mapAwait(ScopeBody)}.
   *
   * @param body gives true for the values to keep, and never null
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> filterAwait(ScopeBody<Y, Boolean> body) {
    return AsyncGenerators.filterAwait(null, this, body);
  }

  /**
   * As {@link #filterAwait(ScopeBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body gives true for the values to keep, and never null
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> filterAwait(MethodHandles.Lookup lookup, ScopeBody<Y, Boolean> body) {
    return AsyncGenerators.filterAwait(AsyncGenerators.given(lookup), this, body);
  }

  /**
   * The first values; otherwise as {@link #map}. The step after the last of them ends the result,
   * and takes no step of this generator.
   *
   * @param count how many at most, 0 or more
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> take(long count) {
    return AsyncGenerators.take(this, count);
  }

  /**
   * The values before the first that fails a test; otherwise as {@link #map}. That value is lost.
   *
   * @param test true for the values to keep
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> takeWhile(Predicate<? super Y> test) {
    return AsyncGenerators.takeWhile(this, test);
  }

  /**
   * The results of a function of the values of this generator and of another one, pair by pair;
   * otherwise as {@link #map}. A step steps this generator, then the other one, not both at the
   * same time. The result ends with the first that ends, and closes both. If this one has a value
   * when the other ends, that value is lost. If a cancelled step ends neither, it keeps the value
   * of this one for the next step.
   *
   * @param other the other generator
   * @param function gives a result for each pair
   * @param <B> the type of the other generator's values
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <B extends @Nullable Object, R extends @Nullable Object> AsyncGenerator<R> zip(
      AsyncGenerator<? extends B> other, BiFunction<? super Y, ? super B, ? extends R> function) {
    return AsyncGenerators.zip(this, other, function);
  }

  /**
   * The values in lists of a given size; otherwise as {@link #map}. The last list may be shorter.
   * It comes before the failure, too, if this generator fails. A cancelled step keeps the values
   * that it had for the next step, also if it has ended this generator.
   *
   * @param size the number of values in a list, at least 1
   * @return a new generator of lists, each a new one; not started
   */
  @CheckReturnValue
  default AsyncGenerator<List<Y>> chunked(int size) {
    return AsyncGenerators.chunked(this, size);
  }

  /**
   * All values, in order. Closes the generator on every way out, as {@link #forEach} does. If it
   * fails or is cancelled, the values so far are lost.
   *
   * @return an {@code Async} of a new list, which the caller owns
   */
  @CheckReturnValue
  default Async<List<Y>> toList() {
    return AsyncGenerators.toList(this);
  }

  /**
   * The same values, fetched ahead: a task of its own steps this generator while the caller does
   * something else.
   *
   * <pre>{@code
   * co.await(rows("...").buffer(16).forEach((in, row) -> use(row)));
   * }</pre>
   *
   * <p>What follows holds for all operators that have tasks of their own: {@code buffer}, {@code
   * mapConcurrently}, {@code mapUnordered}, {@code merge}, {@code chunked} with a time, {@code
   * debounce}, {@code throttle} and {@code sample}.
   *
   * <p><b>Tasks.</b> The first step starts them, in a copy of its context. They belong to no {@link
   * TaskGroup} or {@link Timeout} of the caller, so other tasks may take later steps. They end when
   * the result ends, fails or is closed: {@code aclose} cancels them and waits for them. Closing
   * the loop ends them too. A generator that was stepped and is neither stepped to its end nor
   * closed leaves them running.
   *
   * <p><b>The end.</b> The result owns this generator. The step that tells the end or a failure,
   * and {@code aclose}, close this generator first, also if it was never stepped. A failure of this
   * generator or of a body comes out of the step after those that gave the values before it. What
   * fails after that is suppressed in it. A failure that no step has told when the result is closed
   * goes to the exception handler of the loop.
   *
   * <p><b>Cancellation.</b> A cancelled step loses nothing: the tasks go on, and the next step gets
   * the value.
   *
   * <p><b>Threading.</b> All steps are taken in one loop; bodies run on its thread. <b>Cost.</b>
   * One task for each generator that is stepped, and a small object for each value that waits.
   *
   * @param size how many values may wait, at least 1; the task does not step this generator while
   *     so many do
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> buffer(int size) {
    return buffer(size, Overflow.WAIT);
  }

  /**
   * As {@link #buffer(int)}, with a choice of what happens when the buffer is full. If values are
   * dropped, the task steps this generator without a pause. If that never waits, other tasks get
   * their turns all the same.
   *
   * @param size how many values may wait, at least 1
   * @param overflow whether the task waits or which value is dropped if so many wait
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> buffer(int size, Overflow overflow) {
    return AsyncGenerators.buffer(this, size, overflow);
  }

  /**
   * The results of a body for each value, in the order of the values. Several bodies run at the
   * same time, each in a task of its own.
   *
   * <pre>{@code
   * AsyncGenerator<String> pages =
   *     rows("...").mapConcurrently(8, (in, url) -> in.await(fetch(url)));
   * }</pre>
   *
   * <p>At most {@code limit} values are in work: their body runs, or no step has taken its result.
   * If a body fails, the bodies of later values are cancelled. Those of earlier ones go on, and
   * their results come first. Otherwise as {@link #buffer(int)}.
   *
   * @param limit how many values may be in work, at least 1
   * @param body gets a {@code co} of its own and the value
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <R extends @Nullable Object> AsyncGenerator<R> mapConcurrently(
      int limit, ScopeBody<Y, R> body) {
    return AsyncGenerators.mapInTasks(null, this, true, limit, body);
  }

  /**
   * As {@link #mapConcurrently(int, ScopeBody)}, for a body in a named module that does not open
   * its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit how many values may be in work, at least 1
   * @param body gets a {@code co} of its own and the value
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <R extends @Nullable Object> AsyncGenerator<R> mapConcurrently(
      MethodHandles.Lookup lookup, int limit, ScopeBody<Y, R> body) {
    return AsyncGenerators.mapInTasks(AsyncGenerators.given(lookup), this, true, limit, body);
  }

  /**
   * As {@link #mapConcurrently(int, ScopeBody)}, but the results come in the order in which the
   * bodies end. If a body fails, all others are cancelled; the results that were there before come
   * first.
   *
   * @param limit how many values may be in work, at least 1
   * @param body gets a {@code co} of its own and the value
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <R extends @Nullable Object> AsyncGenerator<R> mapUnordered(
      int limit, ScopeBody<Y, R> body) {
    return AsyncGenerators.mapInTasks(null, this, false, limit, body);
  }

  /**
   * As {@link #mapUnordered(int, ScopeBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit how many values may be in work, at least 1
   * @param body gets a {@code co} of its own and the value
   * @param <R> the type of the results
   * @return a new generator, not started
   */
  @CheckReturnValue
  default <R extends @Nullable Object> AsyncGenerator<R> mapUnordered(
      MethodHandles.Lookup lookup, int limit, ScopeBody<Y, R> body) {
    return AsyncGenerators.mapInTasks(AsyncGenerators.given(lookup), this, false, limit, body);
  }

  /**
   * The values of several generators, in the order in which they come. It ends when all have ended.
   * If one fails, the steps of the others are cancelled. A generator is stepped again when its last
   * value was taken. Otherwise as {@link #buffer(int)}.
   *
   * @param generators different generators; none gives an empty one
   * @param <Y> the type of the yielded values
   * @return a new generator, not started
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> merge(
      AsyncGenerator<? extends Y>... generators) {
    return merge(Arrays.asList(generators));
  }

  /**
   * As {@link #merge(AsyncGenerator...)}.
   *
   * @param generators different generators; read at once
   * @param <Y> the type of the yielded values
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> AsyncGenerator<Y> merge(
      Iterable<? extends AsyncGenerator<? extends Y>> generators) {
    return AsyncGenerators.merge(generators);
  }

  /**
   * The values in lists. A list is complete when it has {@code size} values, when {@code span} has
   * passed since its first value came, or at the end of this generator. No list is empty. A value
   * that comes when the span ends begins the next list. At most {@code size} values wait. Otherwise
   * as {@link #buffer(int)}.
   *
   * @param size the most values in a list, at least 1
   * @param span how long a list waits for more; not negative
   * @return a new generator of lists, each a new one; not started
   */
  @CheckReturnValue
  default AsyncGenerator<List<Y>> chunked(int size, Duration span) {
    return AsyncGenerators.chunked(this, size, span);
  }

  /**
   * The values after which none came for a time, and the last one. Such a value comes out when the
   * time has passed, the last one at the end of this generator; all others are dropped. A value
   * that comes when the time ends does not replace the one before. At most 64 values wait for a
   * step; then this generator is not stepped. Otherwise as {@link #buffer(int)}.
   *
   * @param quiet the time; not negative
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> debounce(Duration quiet) {
    return AsyncGenerators.debounce(this, quiet);
  }

  /**
   * The first value, and then each that comes when a time has passed since the last one that was
   * kept; the others are dropped. The time counts from when a value came, not from when it was
   * taken. At most 64 values wait for a step; then this generator is not stepped. Otherwise as
   * {@link #buffer(int)}.
   *
   * @param span the time; not negative
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> throttle(Duration span) {
    return AsyncGenerators.throttle(this, span);
  }

  /**
   * The newest value of each period, at the end of the period. Periods follow each other from the
   * first step on, and the last one ends with this generator. A period without values gives none. A
   * value that comes when a period ends belongs to the next one. At most 64 values wait for a step;
   * then this generator is not stepped. Otherwise as {@link #buffer(int)}.
   *
   * @param period the length of a period; positive
   * @return a new generator, not started
   */
  @CheckReturnValue
  default AsyncGenerator<Y> sample(Duration period) {
    return AsyncGenerators.sample(this, period);
  }

  /**
   * The state of the generator.
   *
   * @return {@code CREATED} before its first step, {@code RUNNING} during a step, also while the
   *     step waits; {@code SUSPENDED} at a yield; {@code CLOSED} after the end, a failure or {@code
   *     aclose}
   */
  State state();

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
    return this + " has no body that an engine would run";
  }
}
