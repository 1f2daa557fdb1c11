package io.fermata.async;

import io.fermata.BaseGenerator;
import io.fermata.Generator;
import io.fermata.State;
import java.lang.invoke.MethodHandles;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * A generator whose body also awaits, so that each of its steps is awaited. Python: an {@code async
 * def} with {@code yield}.
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
 * <p><b>Steps.</b> {@code advance}, {@code anext}, {@code athrow} and {@code aclose} run nothing;
 * what they give is an {@link Async}, which takes the step when it is awaited, once. The step runs
 * the body as a part of the task that awaits it, in its context, up to the next yield. If the body
 * need not wait, neither does the step. There is one step at a time: one that is awaited while
 * another is under way, or by the body itself, is an {@link io.fermata.AlreadyRunningException},
 * and is spent; the one under way is not harmed. It waits for nobody, {@code aclose} neither.
 *
 * <p><b>Cancellation.</b> A step masks nothing: a request to the task, or a cancelled scope around
 * the step, throws {@link Cancelled} at the await in the body. If the body lets it out, the
 * generator has ended, and what it would have yielded in this step is lost. A step that is
 * cancelled before it has begun leaves the generator as it is. In a cancelled scope, {@code aclose}
 * runs the finally blocks of the body, and their awaits throw; so the generator is closed all the
 * same.
 *
 * <p><b>Closing.</b> Leaving a loop early does not close it: the body stays suspended at its yield,
 * and its finally blocks have not run. Use {@code try} and {@code finally}, {@link #forEach} or
 * {@link Async#using}. When a loop is closed, it closes what generators are still open, see {@link
 * EventLoop#shutdownAsyncGenerators}.
 *
 * <p><b>Scopes.</b> The body may await a {@link TaskGroup} or a {@link Timeout}, but not yield in
 * one: who takes the next step may be another task, which that scope would cancel in vain (PEP
 * 789). Such a yield throws an {@code IllegalStateException}.
 *
 * <p><b>Threading.</b> It belongs to the loop whose tasks step it. <b>Cost.</b> A step allocates
 * its {@code Async}; on the compiled engine it needs no thread.
 *
 * <p>A type of yours may implement it: five methods say everything.
 *
 * @param <Y> what it yields
 */
public interface AsyncGenerator<Y extends @Nullable Object> extends AsyncCloseable {
  /**
   * An asynchronous generator that executes a body. Runs nothing yet.
   *
   * @param body what to execute
   * @param <Y> what it yields
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> of(AsyncGeneratorBody<Y> body) {
    return AsyncGenerators.of(body);
  }

  /**
   * As {@link #of(AsyncGeneratorBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @param <Y> what it yields
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> of(
      MethodHandles.Lookup lookup, AsyncGeneratorBody<Y> body) {
    return AsyncGenerators.of(lookup, body);
  }

  /**
   * Yields the elements of something that can be looped over. It never waits; the elements are
   * fetched by the steps, on the loop's thread, so take {@link Async#toThread} where that blocks.
   *
   * <pre>{@code
   * AsyncGenerator<String> names = AsyncGenerator.from(List.of("a", "b"));
   * }</pre>
   *
   * <p>When it ends, in whatever way, it closes the iterator and the iterable, if they are {@link
   * AutoCloseable}. That includes an {@code aclose} before the first step.
   *
   * @param iterable its {@code iterator()} is called in the first step
   * @param <Y> the elements
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(Iterable<? extends Y> iterable) {
    return AsyncGenerators.over(Objects.requireNonNull(iterable, "the iterable is null"));
  }

  /**
   * Yields the elements that an iterator has left; as {@link #from(Iterable)}.
   *
   * @param iterator is closed at the end, if it is {@link AutoCloseable}
   * @param <Y> the elements
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(Iterator<? extends Y> iterator) {
    return AsyncGenerators.over(Objects.requireNonNull(iterator, "the iterator is null"));
  }

  /**
   * Yields what a plain generator yields; as {@link #from(Iterable)}.
   *
   * @param generator is closed at the end
   * @param <Y> what it yields
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(BaseGenerator<? extends Y> generator) {
    return AsyncGenerators.over(Objects.requireNonNull(generator, "the generator is null"));
  }

  /**
   * Yields the elements of a stream; as {@link #from(Iterable)}. A parallel stream runs as a
   * sequential one.
   *
   * @param stream is closed at the end
   * @param <Y> the elements
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(BaseStream<? extends Y, ?> stream) {
    return AsyncGenerators.over(Objects.requireNonNull(stream, "the stream is null"));
  }

  /**
   * Yields what a publisher publishes, with {@link Flow#defaultBufferSize} items at most waiting;
   * see {@link #from(Flow.Publisher, int)}.
   *
   * @param publisher is subscribed to in the first step
   * @param <Y> the items
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> from(
      Flow.Publisher<? extends Y> publisher) {
    return from(publisher, Flow.defaultBufferSize());
  }

  /**
   * Yields what a publisher publishes. The publisher may signal on any thread.
   *
   * <pre>{@code
   * SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
   * co.await(AsyncGenerator.from(publisher).forEach((in, item) -> System.out.println(item)));
   * }</pre>
   *
   * <p><b>Back-pressure.</b> It asks for {@code prefetch} items when it subscribes, and for more in
   * batches as they are yielded, so that at most so many wait in it. A publisher that sends more
   * than was asked for is cancelled, and a step throws an {@code IllegalStateException}.
   *
   * <p><b>The end.</b> After what was published before, a step throws what the publisher failed
   * with, the very instance, or ends the generator. However else it ends ({@code aclose}, a step
   * that is cancelled, the closing of its loop), it cancels the subscription, and drops what it has
   * and what comes later.
   *
   * <p>To hand a subscriber to somebody else, use an {@link AsyncSubscriber}.
   *
   * @param publisher is subscribed to in the first step
   * @param prefetch how many items may wait, at least 1
   * @param <Y> the items
   * @return a new generator, not started
   */
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
   * <p><b>Back-pressure.</b> The generator is stepped only when the subscriber has asked for an
   * item; so its end, too, is found only when one more was asked for. If items come without any
   * waiting, other tasks of the loop get their turn every now and then.
   *
   * <p><b>Threading.</b> {@code subscribe} and the methods of the subscription may be called on any
   * thread, and do not block. A task of the loop steps the generator and signals the subscriber, so
   * all signals come on the loop's thread, {@code onSubscribe} included; a subscriber must not
   * block. If the loop is closed already, the subscriber is told on the thread that subscribes.
   *
   * <p><b>Cancellation.</b> {@code cancel} cancels the step that is under way and closes the
   * generator; nothing is signalled any more. What the generator fails with after that goes to the
   * loop's exception handler, and so does what a subscriber throws, which counts as a cancellation.
   *
   * <p><b>Failures.</b> {@code onError} gets the very instance that the generator failed with; a
   * {@link Cancelled} if the loop was closed; a {@code NullPointerException} if null was yielded,
   * which cannot be published; an {@code IllegalArgumentException} if the subscriber asked for zero
   * items or less.
   *
   * @param loop whose tasks step the generators
   * @param source makes a generator, on the loop's thread, after {@code onSubscribe}
   * @param <T> the items
   * @return a publisher for any number of subscribers
   */
  static <T> Flow.Publisher<T> publisher(
      EventLoop loop, Supplier<? extends AsyncGenerator<? extends T>> source) {
    return AsyncGenerators.publisher(loop, Objects.requireNonNull(source, "the source is null"));
  }

  /**
   * Publishes what this generator yields, to one subscriber; every other one gets an {@code
   * IllegalStateException}. Else as {@link #publisher}.
   *
   * @param loop whose tasks step it
   * @return a publisher for one subscriber
   */
  default Flow.Publisher<Y> toPublisher(EventLoop loop) {
    return AsyncGenerators.publisher(loop, this);
  }

  /**
   * This generator for threads outside of its loop: an iterator, an iterable and a stream whose
   * steps block until the loop has taken them.
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
   * <p>It runs ahead of nobody: a value is computed when it is asked for. What the generator throws
   * comes out as it is. Each step is a task of the loop; where the loop is closed, a step throws an
   * {@code IllegalStateException}, and where nobody runs it, a step blocks.
   *
   * <p><b>Interrupts.</b> If the thread is interrupted while it waits, the step is cancelled, as if
   * its task were; when it has ended by that, an {@link InterruptedException} is thrown (although
   * it is not declared), whose cause is the {@link Cancelled}. A step that has a value nevertheless
   * gives it, and leaves the thread interrupted. A second interrupt does not wait.
   *
   * <p>Do not step this generator in another way at the same time. On the loop's own thread, which
   * would wait for itself, a step is an {@code IllegalStateException}.
   *
   * @param loop whose tasks step it, and which another thread runs
   * @return a generator for one thread at a time
   */
  default Generator<Y> blocking(EventLoop loop) {
    return AsyncGenerators.blocking(loop, this);
  }

  /**
   * A step to the next yield; the fastest one.
   *
   * @return gives true if there is a {@link #current} value, false at the end and ever after. It
   *     throws what the body throws, as it is; that ends the generator.
   */
  Async<Boolean> advance();

  /**
   * What was yielded in the last {@code advance()}.
   *
   * @return the value, as often as you like until the next step begins
   * @throws IllegalStateException if the last step was no {@code advance()} that gave true
   */
  Y current();

  /**
   * A step to the next yield. Python: {@code anext(g)}.
   *
   * @return gives what is yielded, and keeps nothing; throws {@link StopAsyncIteration} at the end
   *     and ever after
   */
  default Async<Y> anext() {
    return AsyncGenerators.next(this);
  }

  /**
   * A step to the next yield. Python: {@code anext(g, default)}.
   *
   * @param atEnd what it gives at the end
   * @return gives what is yielded; at the end and ever after, {@code atEnd}
   */
  default Async<Y> anext(Y atEnd) {
    return AsyncGenerators.next(this, atEnd);
  }

  /**
   * A step that throws something at the yield where the body stands.
   *
   * <p>Before the first step, and after the end, it throws the exception itself and runs nothing;
   * the generator has ended then. (CPython does nothing if it had ended.)
   *
   * @param exception what to throw, this very instance
   * @return gives what the body yields next, if it has caught it; {@link StopAsyncIteration} if it
   *     returns; else throws what the body throws
   */
  Async<Y> athrow(Throwable exception);

  /**
   * A step that ends it: raises a {@link io.fermata.GeneratorExit} at the yield where the body
   * stands, and runs what it awaits in its finally blocks. Before the first step it runs nothing,
   * and after the end neither.
   *
   * @return gives null when the body has ended, by that or by returning; throws what else the body
   *     throws. If the body yields, it throws an {@link io.fermata.IgnoredExitException}, the
   *     generator stands at that yield, and can be closed again.
   */
  @Override
  Async<Void> aclose();

  /**
   * Executes a body for each value, one after the other, and closes the generator on every way out:
   * at its end, and if the body fails or is cancelled. What {@code aclose} fails with then is
   * suppressed in the body's exception. To leave early without an exception, write the loop.
   *
   * @param body gets a {@code co} of its own and the value
   * @return the loop, cold; as long as it is not awaited, it closes nothing
   */
  default Async<Void> forEach(ScopeAction<Y> body) {
    return AsyncGenerators.forEach(this, body);
  }

  /**
   * As {@link #forEach(ScopeAction)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body gets a {@code co} of its own and the value
   * @return the loop, cold; as long as it is not awaited, it closes nothing
   */
  default Async<Void> forEach(MethodHandles.Lookup lookup, ScopeAction<Y> body) {
    return AsyncGenerators.forEach(lookup, this, body);
  }

  /**
   * Where it stands.
   *
   * @return {@code CREATED} before its first step, {@code RUNNING} during one, also while that
   *     waits; {@code SUSPENDED} at a yield; {@code CLOSED} after the end, a failure or {@code
   *     aclose}
   */
  State state();

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
    return this + " has no body that an engine would run";
  }
}
