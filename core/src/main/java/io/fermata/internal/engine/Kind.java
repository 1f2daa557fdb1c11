package io.fermata.internal.engine;

import io.fermata.CoroutineBody;
import io.fermata.DoubleGeneratorBody;
import io.fermata.GeneratorBody;
import io.fermata.IntGeneratorBody;
import io.fermata.LongGeneratorBody;
import io.fermata.SinkBody;
import io.fermata.runtime.CoroutineFrame;
import io.fermata.runtime.DoubleFrame;
import io.fermata.runtime.Frame;
import io.fermata.runtime.GeneratorFrame;
import io.fermata.runtime.IntFrame;
import io.fermata.runtime.LongFrame;
import io.fermata.runtime.Resumable;
import org.jspecify.annotations.Nullable;

/** The kinds of body that there are, each with the front that callers see. */
public enum Kind {
  /** A {@link GeneratorBody}. */
  GENERATOR(GeneratorBody.class),
  /** A {@link CoroutineBody}. */
  COROUTINE(CoroutineBody.class),
  /** A {@link SinkBody}: a coroutine without a result. */
  SINK(SinkBody.class),
  /** An {@link IntGeneratorBody}. */
  INT_GENERATOR(IntGeneratorBody.class),
  /** A {@link LongGeneratorBody}. */
  LONG_GENERATOR(LongGeneratorBody.class),
  /** A {@link DoubleGeneratorBody}. */
  DOUBLE_GENERATOR(DoubleGeneratorBody.class);

  private final Class<?> body;

  Kind(Class<?> body) {
    this.body = body;
  }

  /** The functional interface that a body of this kind implements. */
  public Class<?> body() {
    return body;
  }

  /** What messages call it. */
  String noun() {
    return this == COROUTINE || this == SINK ? "the coroutine" : "the generator";
  }

  /** What callers see of a run. */
  public Frame<?> front(Resumable run) {
    return switch (this) {
      case GENERATOR -> new GeneratorFront<>(run);
      case COROUTINE, SINK -> new CoroutineFront<>(run);
      case INT_GENERATOR -> new IntFront(run);
      case LONG_GENERATOR -> new LongFront(run);
      case DOUBLE_GENERATOR -> new DoubleFront(run);
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
