package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.NotCompilable;
import io.fermata.internal.compiler.load.BodySource;
import io.fermata.internal.compiler.load.CompiledBody;
import io.fermata.internal.compiler.load.RuntimeCompiler;
import io.fermata.runtime.EngineServices;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.atomic.AtomicReference;
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

  /** The verdict by the class of frames. */
  private static final ClassValue<AtomicReference<@Nullable Cell>> BY_FRAME =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable Cell> computeValue(Class<?> frame) {
          return new AtomicReference<>();
        }
      };

  private static final EngineServices SERVICES = new CompiledCalls();

  /**
   * The verdict on the bodies of one class. Written under its lock.
   *
   * <pre>
   * none     -&gt; compiled, declined   the first instance is made
   * compiled -&gt; declined             an instance has made a call that had to run on a thread
   * </pre>
   */
  private static final class Cell {
    volatile @Nullable CompiledBody compiled;
    volatile @Nullable String declined;

    /** Whether instances may be mocks, or methods of mocks; written before the verdict. */
    boolean meetsMocks;

    synchronized void compile(BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
      if (compiled != null || declined != null) {
        return;
      }
      try {
        CompiledBody result = RuntimeCompiler.compile(body, kind, lookup, SERVICES);
        Explanations.compiled(result.explanation());
        meetsMocks = Mocks.mayComeTo(body.getClass().getClassLoader());
        BY_FRAME.get(result.frame()).set(this);
        compiled = result;
      } catch (NotCompilable reason) {
        declined = String.valueOf(reason.getMessage());
        Explanations.declined(BodySource.of(body, lookup), declined);
      } catch (RuntimeException | LinkageError | AssertionError unexpected) {
        declined = "the compiler failed on it: " + unexpected;
        Explanations.declined(BodySource.of(body, lookup), declined);
      }
    }

    synchronized void decline(String reason) {
      CompiledBody made = compiled;
      if (made != null) {
        declined = reason;
        compiled = null;
        Explanations.declined(made.place(), reason);
      }
    }
  }

  /**
   * Sends further instances of a body to threads; those that run go on as they are.
   *
   * @param frame the class of the body's frames
   */
  static void decline(Class<?> frame, String reason) {
    Cell cell = BY_FRAME.get(frame).get();
    if (cell != null) {
      cell.decline(reason);
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
    if (cell.meetsMocks && isMocked(compiled, body)) {
      return null;
    }
    return compiled.newFrame(body, code instanceof BoundBody bound ? bound.handle() : null);
  }

  private static boolean isMocked(CompiledBody compiled, Object body) {
    Class<?> owner = compiled.staticOwner();
    return owner == null ? Mocks.isMock(compiled.receiver(body)) : Mocks.isMockedStatic(owner);
  }

  /** Why a body was not compiled. */
  String whyNot(Object body) {
    Object lambda = BoundBody.lambda(body);
    Cell cell = CELLS.get(lambda.getClass());
    String declined = cell.declined;
    if (declined != null) {
      return declined;
    }
    CompiledBody compiled = cell.compiled;
    return compiled != null && cell.meetsMocks && isMocked(compiled, lambda)
        ? "Mockito has replaced its method by that of a mock"
        : "it has captured an Awaiter that is not the co of a body, but an object of the program's"
            + " own";
  }
}
