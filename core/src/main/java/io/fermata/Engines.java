package io.fermata;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.engine.EngineChoice;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one door from the API to the engines: every factory passes through it, and no other class of
 * this package refers to an engine.
 */
@SuppressWarnings("unchecked") // an engine returns the front of the kind that it was asked for
final class Engines {
  private Engines() {}

  static <Y extends @Nullable Object> Generator<Y> generator(
      MethodHandles.@Nullable Lookup lookup, GeneratorBody<Y> body) {
    return (Generator<Y>) EngineChoice.newFrame(BodyKind.GENERATOR, given(body), lookup);
  }

  static <S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
      Coroutine<S, Y, R> coroutine(
          MethodHandles.@Nullable Lookup lookup, CoroutineBody<S, Y, R> body) {
    return (Coroutine<S, Y, R>) EngineChoice.newFrame(BodyKind.COROUTINE, given(body), lookup);
  }

  static <C extends Coroutine<?, ?, ?>> C primed(C coroutine) {
    coroutine.next();
    return coroutine;
  }

  static <S extends @Nullable Object, Y extends @Nullable Object> Coroutine<S, Y, Void> sink(
      MethodHandles.@Nullable Lookup lookup, SinkBody<S, Y> body) {
    return (Coroutine<S, Y, Void>) EngineChoice.newFrame(BodyKind.SINK, given(body), lookup);
  }

  static IntGenerator intGenerator(MethodHandles.@Nullable Lookup lookup, IntGeneratorBody body) {
    return (IntGenerator) EngineChoice.newFrame(BodyKind.INT_GENERATOR, given(body), lookup);
  }

  static LongGenerator longGenerator(
      MethodHandles.@Nullable Lookup lookup, LongGeneratorBody body) {
    return (LongGenerator) EngineChoice.newFrame(BodyKind.LONG_GENERATOR, given(body), lookup);
  }

  static DoubleGenerator doubleGenerator(
      MethodHandles.@Nullable Lookup lookup, DoubleGeneratorBody body) {
    return (DoubleGenerator) EngineChoice.newFrame(BodyKind.DOUBLE_GENERATOR, given(body), lookup);
  }

  /** Returns the body, or throws a {@code NullPointerException} that says what is missing. */
  static <B> B given(B body) {
    return Objects.requireNonNull(
        body, "body is null: a generator needs a body to execute, for instance co -> co.yield(1)");
  }

  /** Returns the lookup, or throws a {@code NullPointerException} that says what is missing. */
  static MethodHandles.Lookup given(MethodHandles.Lookup lookup) {
    return Objects.requireNonNull(
        lookup, "lookup is null: pass MethodHandles.lookup(), called in the class of the body");
  }
}
