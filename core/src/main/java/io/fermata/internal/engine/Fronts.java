package io.fermata.internal.engine;

import io.fermata.internal.compiler.Shape;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.CoroutineFrame;
import io.fermata.runtime.DoubleFrame;
import io.fermata.runtime.Frame;
import io.fermata.runtime.GeneratorFrame;
import io.fermata.runtime.IntFrame;
import io.fermata.runtime.LongFrame;
import io.fermata.runtime.Resumable;
import org.jspecify.annotations.Nullable;

/** The faces of bodies that run on threads: what callers see, one for each type of frame. */
public final class Fronts {
  private Fronts() {}

  /** What callers see of a run. */
  public static Frame<?> of(Shape shape, Resumable run) {
    return switch (shape) {
      case GENERATOR -> new GeneratorFront<>(run);
      case COROUTINE -> new CoroutineFront<>(run);
      case INT -> new IntFront(run);
      case LONG -> new LongFront(run);
      case DOUBLE -> new DoubleFront(run);
      case ASYNC -> new AsyncFront<>(run);
      case ASYNC_GENERATOR -> new AsyncGeneratorFront<>(run);
    };
  }

  private static final class GeneratorFront<Y extends @Nullable Object> extends GeneratorFrame<Y> {
    private final Resumable run;

    GeneratorFront(Resumable run) {
      this.run = run;
    }

    @Override
    protected Resumable run() {
      return run;
    }
  }

  private static final class CoroutineFront<
          S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
      extends CoroutineFrame<S, Y, R> {
    private final Resumable run;

    CoroutineFront(Resumable run) {
      this.run = run;
    }

    @Override
    protected Resumable run() {
      return run;
    }
  }

  private static final class IntFront extends IntFrame {
    private final Resumable run;

    IntFront(Resumable run) {
      this.run = run;
    }

    @Override
    protected Resumable run() {
      return run;
    }
  }

  private static final class LongFront extends LongFrame {
    private final Resumable run;

    LongFront(Resumable run) {
      this.run = run;
    }

    @Override
    protected Resumable run() {
      return run;
    }
  }

  private static final class AsyncFront<T extends @Nullable Object> extends AsyncFrame<T> {
    private final Resumable run;

    AsyncFront(Resumable run) {
      this.run = run;
    }

    @Override
    protected Resumable run() {
      return run;
    }
  }

  private static final class AsyncGeneratorFront<Y extends @Nullable Object>
      extends AsyncGeneratorFrame<Y> {
    private final Resumable run;

    AsyncGeneratorFront(Resumable run) {
      this.run = run;
    }

    @Override
    protected Resumable run() {
      return run;
    }
  }

  private static final class DoubleFront extends DoubleFrame {
    private final Resumable run;

    DoubleFront(Resumable run) {
      this.run = run;
    }

    @Override
    protected Resumable run() {
      return run;
    }
  }
}
