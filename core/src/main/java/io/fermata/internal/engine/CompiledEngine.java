package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.NotCompilable;
import io.fermata.internal.compiler.load.BodySource;
import io.fermata.internal.compiler.load.CompiledBody;
import io.fermata.internal.compiler.load.RuntimeCompiler;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * The engine that runs a body as a state machine, on the stack of its caller. It compiles a body
 * when the first instance is made; all instances of one lambda share the class.
 */
public final class CompiledEngine implements Engine {
  static final String NAME = "compiled";

  private static final ClassValue<Cell> CELLS =
      new ClassValue<>() {
        @Override
        protected Cell computeValue(Class<?> type) {
          return new Cell();
        }
      };

  /** The verdict on the bodies of one class. Written once, under its lock. */
  private static final class Cell {
    volatile @Nullable CompiledBody compiled;
    volatile @Nullable String declined;

    /** Whether the log says that an instance runs on a thread; two threads may say it twice. */
    boolean isTold;

    synchronized void compile(BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
      if (compiled != null || declined != null) {
        return;
      }
      try {
        CompiledBody result = RuntimeCompiler.compile(body, kind, lookup, CompiledAwaiter::of);
        Explanations.compiled(result.explanation());
        compiled = result;
      } catch (NotCompilable reason) {
        declined = String.valueOf(reason.getMessage());
        Explanations.declined(BodySource.of(body, lookup), declined);
      } catch (RuntimeException | LinkageError | AssertionError unexpected) {
        declined = "the compiler failed on it: " + unexpected;
        Explanations.declined(BodySource.of(body, lookup), declined);
      }
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Frame<?> newFrame(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup, String reason) {
    Frame<?> frame = newFrameOrNull(kind, body, lookup);
    if (frame == null) {
      throw new IllegalStateException(
          "the body cannot be compiled because "
              + whyNot(body)
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
    Cell cell = CELLS.get(body.getClass());
    CompiledBody compiled = cell.compiled;
    if (compiled == null) {
      if (cell.declined != null) {
        return null;
      }
      cell.compile(kind, body, lookup);
      compiled = cell.compiled;
      if (compiled == null) {
        return null;
      }
    }
    return compiled.newFrame(body, code instanceof BoundBody bound ? bound.handle() : null);
  }

  /** Notes that a body runs on a thread, if nobody has said so of its class. */
  void tellOnce(Object code, MethodHandles.@Nullable Lookup lookup) {
    Object body = BoundBody.lambda(code);
    Cell cell = CELLS.get(body.getClass());
    if (!cell.isTold) {
      cell.isTold = true;
      Explanations.log(BodySource.of(body, lookup), whyNot(code));
    }
  }

  /** Why a body was not compiled. */
  String whyNot(Object body) {
    String declined = CELLS.get(BoundBody.lambda(body).getClass()).declined;
    return declined == null
        ? "it has captured an Awaiter that is not the co of a body, but an object of the program's own"
        : declined;
  }
}
