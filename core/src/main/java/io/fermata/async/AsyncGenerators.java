package io.fermata.async;

import io.fermata.Generator;
import io.fermata.internal.compose.BlockingGenerator;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.ForEachFrame;
import io.fermata.internal.compose.IterationFrame;
import io.fermata.internal.compose.NextFrame;
import io.fermata.internal.flow.GeneratorPublisher;
import io.fermata.internal.flow.Stages;
import io.fermata.internal.flow.StepOperators;
import io.fermata.internal.flow.SubscriberBuffer;
import io.fermata.internal.flow.SubscriberFrame;
import io.fermata.internal.flow.TimedStages;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.SteppedGenerator;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door from {@link AsyncGenerator} and {@link AsyncCoroutine} to the frames behind their
 * factories.
 */
final class AsyncGenerators {
  private AsyncGenerators() {}

  static <Y extends @Nullable Object> AsyncGenerator<Y> of(AsyncGeneratorBody<Y> body) {
    return new SteppedGenerator<>(Bodies.generator(null, body));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> of(
      MethodHandles.Lookup lookup, AsyncGeneratorBody<Y> body) {
    return new SteppedGenerator<>(Bodies.generator(Bodies.given(lookup), body));
  }

  static <S extends @Nullable Object, Y extends @Nullable Object> AsyncCoroutine<S, Y> coroutine(
      AsyncCoroutineBody<S, Y> body) {
    return new SteppedGenerator<>(Bodies.coroutine(null, body));
  }

  static <S extends @Nullable Object, Y extends @Nullable Object> AsyncCoroutine<S, Y> coroutine(
      MethodHandles.Lookup lookup, AsyncCoroutineBody<S, Y> body) {
    return new SteppedGenerator<>(Bodies.coroutine(Bodies.given(lookup), body));
  }

  /** A generator over an iterable, an iterator, a generator or a stream. */
  static <Y extends @Nullable Object> AsyncGenerator<Y> over(Object source) {
    return IterationFrame.over(source);
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> from(
      Flow.Publisher<? extends Y> publisher, int prefetch) {
    Objects.requireNonNull(publisher, "the publisher is null");
    return new SteppedGenerator<>(
        new SubscriberFrame<>(new SubscriberBuffer<Y>(prefetch), publisher));
  }

  static <T> Flow.Publisher<T> publisher(
      EventLoop loop, Supplier<? extends AsyncGenerator<? extends T>> source) {
    return new GeneratorPublisher<T>(given(loop), source);
  }

  static <T> Flow.Publisher<T> publisher(EventLoop loop, AsyncGenerator<? extends T> generator) {
    return new GeneratorPublisher<T>(given(loop), GeneratorPublisher.once(generator));
  }

  static <Y extends @Nullable Object> Generator<Y> blocking(
      EventLoop loop, AsyncGenerator<Y> generator) {
    return new BlockingGenerator<>(given(loop), generator);
  }

  private static Loop given(EventLoop loop) {
    return Objects.requireNonNull(loop, "the loop is null").loop();
  }

  // Uses of any generator

  static <Y extends @Nullable Object> Async<Y> next(AsyncGenerator<Y> generator) {
    return new NextFrame<>(generator);
  }

  static <Y extends @Nullable Object> Async<Y> next(AsyncGenerator<Y> generator, Y atEnd) {
    return new NextFrame<>(generator, atEnd);
  }

  static <Y extends @Nullable Object> Async<Void> forEach(
      AsyncGenerator<Y> generator, ScopeAction<Y> body) {
    return new ForEachFrame<>(generator, null, given(body));
  }

  static <Y extends @Nullable Object> Async<Void> forEach(
      MethodHandles.Lookup lookup, AsyncGenerator<Y> generator, ScopeAction<Y> body) {
    return new ForEachFrame<>(generator, Bodies.given(lookup), given(body));
  }

  // Operators

  static <Y extends @Nullable Object, R extends @Nullable Object> AsyncGenerator<R> map(
      AsyncGenerator<Y> source, Function<? super Y, ? extends R> function) {
    return new SteppedGenerator<>(
        new StepOperators.Mapping<Y, R>(
            source, Objects.requireNonNull(function, "the function is null")));
  }

  static <Y extends @Nullable Object, R extends @Nullable Object> AsyncGenerator<R> mapAwait(
      MethodHandles.@Nullable Lookup lookup, AsyncGenerator<Y> source, ScopeBody<Y, R> body) {
    return new SteppedGenerator<>(new StepOperators.AwaitingMapping<>(source, lookup, given(body)));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> filter(
      AsyncGenerator<Y> source, Predicate<? super Y> test) {
    return new SteppedGenerator<>(new StepOperators.Filter<>(source, givenTest(test)));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> filterAwait(
      MethodHandles.@Nullable Lookup lookup, AsyncGenerator<Y> source, ScopeBody<Y, Boolean> body) {
    return new SteppedGenerator<>(new StepOperators.AwaitingFilter<>(source, lookup, given(body)));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> take(AsyncGenerator<Y> source, long count) {
    return new SteppedGenerator<>(new StepOperators.Taking<>(source, count));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> takeWhile(
      AsyncGenerator<Y> source, Predicate<? super Y> test) {
    return new SteppedGenerator<>(new StepOperators.TakingWhile<>(source, givenTest(test)));
  }

  static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncGenerator<R> zip(
          AsyncGenerator<A> first,
          AsyncGenerator<? extends B> second,
          BiFunction<? super A, ? super B, ? extends R> function) {
    return new SteppedGenerator<>(
        new StepOperators.Zip<A, B, R>(
            first,
            Objects.requireNonNull(second, "the other generator is null"),
            Objects.requireNonNull(function, "the function is null")));
  }

  static <Y extends @Nullable Object> AsyncGenerator<List<Y>> chunked(
      AsyncGenerator<Y> source, int size) {
    return new SteppedGenerator<>(new StepOperators.Chunking<>(source, size));
  }

  static <Y extends @Nullable Object> Async<List<Y>> toList(AsyncGenerator<Y> source) {
    return new StepOperators.ListFrame<>(source);
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> buffer(
      AsyncGenerator<Y> source, int size, Overflow overflow) {
    return new SteppedGenerator<>(new Stages.Buffering<>(source, size, overflow));
  }

  static <Y extends @Nullable Object, R extends @Nullable Object> AsyncGenerator<R> mapInTasks(
      MethodHandles.@Nullable Lookup lookup,
      AsyncGenerator<Y> source,
      boolean isOrdered,
      int limit,
      ScopeBody<Y, R> body) {
    return new SteppedGenerator<>(
        new Stages.ConcurrentMapping<>(source, isOrdered, limit, lookup, given(body)));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> merge(
      Iterable<? extends AsyncGenerator<? extends Y>> sources) {
    return new SteppedGenerator<>(new Stages.Merging<Y>(sources));
  }

  static <Y extends @Nullable Object> AsyncGenerator<List<Y>> chunked(
      AsyncGenerator<Y> source, int size, Duration span) {
    return new SteppedGenerator<>(new TimedStages.Chunking<>(source, size, span));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> debounce(
      AsyncGenerator<Y> source, Duration quiet) {
    return new SteppedGenerator<>(new TimedStages.Debouncing<>(source, quiet));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> throttle(
      AsyncGenerator<Y> source, Duration span) {
    return new SteppedGenerator<>(new TimedStages.Throttling<>(source, span));
  }

  static <Y extends @Nullable Object> AsyncGenerator<Y> sample(
      AsyncGenerator<Y> source, Duration period) {
    return new SteppedGenerator<>(new TimedStages.Sampling<>(source, period));
  }

  private static <T> T givenTest(T test) {
    return Objects.requireNonNull(test, "the predicate is null");
  }

  /** The lookup; null throws a {@code NullPointerException} that says what to pass. */
  static MethodHandles.Lookup given(MethodHandles.Lookup lookup) {
    return Bodies.given(lookup);
  }

  private static <B> B given(B body) {
    return Objects.requireNonNull(body, "the body is null");
  }
}
