package io.fermata.internal.compose;

import io.fermata.async.AsyncAction;
import io.fermata.async.AsyncBody;
import io.fermata.async.AsyncCoroutineBody;
import io.fermata.async.AsyncGeneratorBody;
import io.fermata.async.ScopeAction;
import io.fermata.async.ScopeBody;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.engine.BoundBody;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.AsyncGeneratorFrame;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The door from the asynchronous API to the engines: it makes the frame of each kind of body. */
@SuppressWarnings("unchecked") // an engine returns the front of the kind that it was asked for
public final class Bodies {
  private Bodies() {}

  public static <T extends @Nullable Object> AsyncFrame<T> of(
      MethodHandles.@Nullable Lookup lookup, AsyncBody<T> body) {
    return AwaitTracking.made(
        (AsyncFrame<T>) EngineChoice.newFrame(BodyKind.ASYNC, given(body), lookup), body);
  }

  public static AsyncFrame<Void> action(MethodHandles.@Nullable Lookup lookup, AsyncAction body) {
    return AwaitTracking.made(
        (AsyncFrame<Void>) EngineChoice.newFrame(BodyKind.ASYNC_ACTION, given(body), lookup), body);
  }

  public static <H extends @Nullable Object, T extends @Nullable Object> AsyncFrame<T> scope(
      MethodHandles.@Nullable Lookup lookup, ScopeBody<H, T> body, H handle) {
    return AwaitTracking.madeIn(
        (AsyncFrame<T>)
            EngineChoice.newFrame(BodyKind.SCOPE, new BoundBody(given(body), handle), lookup),
        body);
  }

  public static <H extends @Nullable Object> AsyncFrame<Void> scopeAction(
      MethodHandles.@Nullable Lookup lookup, ScopeAction<H> body, H handle) {
    return AwaitTracking.madeIn(
        (AsyncFrame<Void>)
            EngineChoice.newFrame(
                BodyKind.SCOPE_ACTION, new BoundBody(given(body), handle), lookup),
        body);
  }

  public static <Y extends @Nullable Object> AsyncGeneratorFrame<Y> generator(
      MethodHandles.@Nullable Lookup lookup, AsyncGeneratorBody<Y> body) {
    return (AsyncGeneratorFrame<Y>)
        EngineChoice.newFrame(BodyKind.ASYNC_GENERATOR, given(body), lookup);
  }

  public static <S extends @Nullable Object, Y extends @Nullable Object>
      AsyncGeneratorFrame<Y> coroutine(
          MethodHandles.@Nullable Lookup lookup, AsyncCoroutineBody<S, Y> body) {
    return (AsyncGeneratorFrame<Y>)
        EngineChoice.newFrame(BodyKind.ASYNC_COROUTINE, given(body), lookup);
  }

  /** The lookup; null throws a {@code NullPointerException} that says what to pass. */
  public static MethodHandles.Lookup given(MethodHandles.Lookup lookup) {
    return Objects.requireNonNull(
        lookup, "lookup is null: pass MethodHandles.lookup(), called in the class of the body");
  }

  private static <B> B given(B body) {
    return Objects.requireNonNull(
        body, "body is null: an Async needs a body to execute, for instance co -> \"hello\"");
  }
}
