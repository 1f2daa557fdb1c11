package io.fermata.async;

import io.fermata.Generator;
import io.fermata.internal.compose.BlockingGenerator;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.ForEachFrame;
import io.fermata.internal.compose.IterationFrame;
import io.fermata.internal.compose.NextFrame;
import io.fermata.internal.flow.GeneratorPublisher;
import io.fermata.internal.flow.SubscriberBuffer;
import io.fermata.internal.flow.SubscriberFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.SteppedGenerator;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.concurrent.Flow;
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

  private static <B> B given(B body) {
    return Objects.requireNonNull(body, "the body is null");
  }
}
