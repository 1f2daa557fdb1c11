package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.NotCompilable;
import io.fermata.internal.compiler.load.BodySource;
import io.fermata.internal.compiler.load.CompiledBody;
import io.fermata.internal.compiler.load.RuntimeCompiler;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandles;
import java.util.Map;
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

  /** The verdict on the bodies of one class. Written under its lock. */
  private static final class Cell implements ClassFileWatch.Leased {
    /** What new frames are made by; null if that has to be found out, or if it is declined. */
    volatile @Nullable CompiledBody compiled;

    volatile @Nullable String declined;

    /** Why the latest instance was declined, without a verdict on the others. */
    private volatile @Nullable String failed;

    /** What was compiled, while {@link #compiled} is null because the lease on it has ended. */
    private @Nullable CompiledBody known;

    synchronized @Nullable CompiledBody compile(
        BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
      if (compiled == null && declined == null) {
        if (known == null) {
          compileFirst(kind, body, lookup);
        } else if (ClassFileWatch.lease(this, false)) {
          compiled = known;
        }
      }
      return compiled;
    }

    private void compileFirst(BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
      try {
        CompiledBody result = RuntimeCompiler.compile(body, kind, lookup, CompiledAwaiter::of);
        Explanations.compiled(result.explanation());
        known = result;
        if (result.hasFiles()) {
          ClassFileWatch.lease(this, true);
        }
        compiled = result;
      } catch (NotCompilable reason) {
        declined = String.valueOf(reason.getMessage());
        Explanations.declined(BodySource.of(body, lookup), declined);
      } catch (StackOverflowError deep) {
        failed = "there was no stack left to compile it: it was used first in a deep recursion";
      } catch (Throwable unexpected) {
        declined = "the compiler failed on it: " + unexpected;
        Explanations.declined(BodySource.of(body, lookup), declined);
      }
    }

    @Override
    public synchronized boolean look(Map<Object, Boolean> looked) {
      String change = known == null ? null : known.change(looked);
      if (change != null) {
        declined = change;
        compiled = null;
        known = null;
      }
      return change == null;
    }

    @Override
    public synchronized void end() {
      compiled = null;
    }

    /** Why the latest instance was declined. */
    String whyNot() {
      String reason = declined == null ? failed : declined;
      return reason == null
          ? "it has captured an Awaiter that is not the co of a body, but an object of the program's"
              + " own"
          : reason;
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
      compiled = cell.compile(kind, body, lookup);
      if (compiled == null) {
        return null;
      }
    }
    return compiled.newFrame(body, code instanceof BoundBody bound ? bound.handle() : null);
  }

  /** Why a body was not compiled. */
  String whyNot(Object body) {
    return CELLS.get(BoundBody.lambda(body).getClass()).whyNot();
  }
}
