package io.fermata.internal.engine;

import io.fermata.CoroutineBody;
import io.fermata.DoubleGeneratorBody;
import io.fermata.GeneratorBody;
import io.fermata.IntGeneratorBody;
import io.fermata.LongGeneratorBody;
import io.fermata.SinkBody;
import io.fermata.async.AsyncAction;
import io.fermata.async.AsyncBody;
import io.fermata.async.AsyncCoroutineBody;
import io.fermata.async.AsyncGeneratorBody;
import io.fermata.async.ScopeAction;
import io.fermata.async.ScopeBody;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.Shape;
import io.fermata.internal.compiler.load.BodySource;
import io.fermata.runtime.Frame;
import io.fermata.runtime.Resumable;
import io.fermata.runtime.ThreadedCall;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine that runs each body on a thread of its own, in strict hand-off with its caller. It
 * runs any body, whatever its bytecode. It is slow, but so simple that the other engine is tested
 * against it.
 */
public final class ThreadEngine implements Engine {
  static final String NAME = "thread";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Frame<?> newFrame(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup, String reason) {
    return Fronts.of(kind.shape(), run(kind, body, lookup, reason));
  }

  /** A run of a body, without the front. */
  public Resumable run(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup, String reason) {
    Object lambda = BoundBody.lambda(body);
    Mocks.mayComeTo(lambda.getClass().getClassLoader()); // its thread gets those of the caller
    BodySource place = BodySource.of(lambda, lookup);
    String problem = HeldMonitors.problem(kind, body, lookup);
    return problem != null
        ? new RefusedRun(place, problem, reason)
        : new ThreadRun(
            handOff -> execute(kind, body, handOff),
            kind.awaits(),
            new ThreadRun.Description(kind.noun(), "the body", place, reason));
  }

  /** Code that gets a {@code co}: one call that a compiled body leaves to a thread. */
  public interface Call {
    /**
     * Makes the call.
     *
     * @param co the {@code co} of the thread that executes it
     * @return what the call returns, boxed; null if it returns nothing
     */
    @Nullable Object run(Object co) throws Throwable;
  }

  /**
   * A frame for one call on a thread, a delegate of the compiled frame that makes the call.
   *
   * @param shape gives the type of {@code co}; the shape of a helper
   * @param call the call
   * @param method its name, for people
   * @param place its file and line
   * @param reason why it cannot be compiled
   * @param report is told the class of the frame of the body that makes the call
   */
  public static Frame<?> newCall(
      Shape shape,
      Call call,
      String method,
      String place,
      String reason,
      Consumer<Class<?>> report) {
    String subject = "the call of " + method;
    Resumable run =
        new ThreadRun(
            handOff -> call.run(HandOffYielders.of(shape, handOff)),
            shape.awaits(),
            new ThreadRun.Description(subject, subject, place, reason));
    return ThreadedCall.of(run, shape.awaits(), report);
  }

  /** Executes a body on the thread that is its own. */
  @SuppressWarnings("unchecked") // the kind tells what the body is
  static @Nullable Object execute(BodyKind kind, Object body, HandOff handOff) throws Exception {
    switch (kind) {
      case GENERATOR ->
          ((GeneratorBody<@Nullable Object>) body).run(new HandOffYielders.OfObject<>(handOff));
      case COROUTINE -> {
        return ((CoroutineBody<?, @Nullable Object, @Nullable Object>) body)
            .run(new HandOffYielders.OfObject<>(handOff));
      }
      case SINK ->
          ((SinkBody<?, @Nullable Object>) body).run(new HandOffYielders.OfObject<>(handOff));
      case INT_GENERATOR -> ((IntGeneratorBody) body).run(new HandOffYielders.OfInt(handOff));
      case LONG_GENERATOR -> ((LongGeneratorBody) body).run(new HandOffYielders.OfLong(handOff));
      case DOUBLE_GENERATOR ->
          ((DoubleGeneratorBody) body).run(new HandOffYielders.OfDouble(handOff));
      case ASYNC -> {
        return ((AsyncBody<@Nullable Object>) body).run(new HandOffYielders.OfAwaits(handOff));
      }
      case ASYNC_ACTION -> ((AsyncAction) body).run(new HandOffYielders.OfAwaits(handOff));
      case SCOPE -> {
        BoundBody bound = (BoundBody) body;
        return ((ScopeBody<@Nullable Object, @Nullable Object>) bound.body())
            .run(new HandOffYielders.OfAwaits(handOff), bound.handle());
      }
      case ASYNC_GENERATOR ->
          ((AsyncGeneratorBody<@Nullable Object>) body)
              .run(new HandOffYielders.OfAsyncYields<>(handOff));
      case ASYNC_COROUTINE ->
          ((AsyncCoroutineBody<?, @Nullable Object>) body)
              .run(new HandOffYielders.OfAsyncYields<>(handOff));
      case SCOPE_ACTION -> {
        BoundBody bound = (BoundBody) body;
        ((ScopeAction<@Nullable Object>) bound.body())
            .run(new HandOffYielders.OfAwaits(handOff), bound.handle());
      }
    }
    return null;
  }
}
