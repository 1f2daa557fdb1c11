package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.load.BodySource;
import io.fermata.internal.compiler.load.CompiledBody;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * The engine that runs a body as a state machine, on the stack of its caller. It compiles a body
 * when the first instance is made; all instances of one lambda share the class.
 */
public final class CompiledEngine implements Engine {
  static final String NAME = "compiled";

  private static final ClassValue<Verdict> VERDICTS =
      new ClassValue<>() {
        @Override
        protected Verdict computeValue(Class<?> type) {
          return new Verdict();
        }
      };

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Frame<?> newFrame(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup, String reason) {
    Frame<?> frame = newFrameOrNull(kind, body, lookup);
    if (frame == null) {
      if (HeldMonitors.areIn(kind, body, lookup)) { // it fails at its first step
        return new ThreadEngine().newFrame(kind, body, lookup, whyNot(body, lookup));
      }
      throw new IllegalStateException(
          "the body cannot be compiled because "
              + whyNot(body, lookup)
              + ", and -D"
              + EngineChoice.PROPERTY
              + "=compiled allows no other engine; use auto");
    }
    return frame;
  }

  /** A frame, or null if the body cannot be compiled. */
  @Nullable Frame<?> newFrameOrNull(
      BodyKind kind, Object code, MethodHandles.@Nullable Lookup lookup) {
    Object body = BoundBody.lambda(code);
    Verdict verdict = VERDICTS.get(body.getClass());
    CompiledBody compiled = verdict.compiled;
    if (compiled == null) {
      verdict = verdict.on(body, lookup);
      if (verdict.compiled == null && verdict.declined == null) {
        verdict = verdict.judge(kind, body, lookup);
      }
      compiled = verdict.known; // the lease on it may have ended just now
      if (compiled == null) {
        return null;
      }
    }
    if (verdict.meetsMocks && isMocked(compiled, body)) {
      return null;
    }
    return compiled.newFrame(body, code instanceof BoundBody bound ? bound.handle() : null);
  }

  /** Says in the log that a body runs on a thread, if that was not said of its class. */
  void tellOnce(Object code, MethodHandles.@Nullable Lookup lookup, String reason) {
    Object body = BoundBody.lambda(code);
    Verdict verdict = VERDICTS.get(body.getClass()).on(body, lookup);
    if (!verdict.isTold) {
      verdict.isTold = true;
      Explanations.log(BodySource.of(body, lookup), reason);
    }
  }

  private static boolean isMocked(CompiledBody compiled, Object body) {
    Class<?> owner = compiled.staticOwner();
    return owner == null ? Mocks.isMock(compiled.receiver(body)) : Mocks.isMockedStatic(owner);
  }

  /** Why a body was not compiled. */
  String whyNot(Object code, MethodHandles.@Nullable Lookup lookup) {
    Object body = BoundBody.lambda(code);
    Verdict verdict = VERDICTS.get(body.getClass()).on(body, lookup);
    String declined = verdict.declined == null ? verdict.failed : verdict.declined;
    if (declined != null) {
      return declined;
    }
    CompiledBody compiled = verdict.known;
    return compiled != null && verdict.meetsMocks && isMocked(compiled, body)
        ? "Mockito has replaced its method by that of a mock"
        : "it has captured an Awaiter that is not the co of a body, but an object of the program's"
            + " own";
  }
}
