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
  DOUBLE_GENERATOR(DoubleGeneratorBody.class),
  /** An {@link AsyncBody}. */
  ASYNC(AsyncBody.class),
  /** An {@link AsyncAction}: no result. */
  ASYNC_ACTION(AsyncAction.class),
  /** A {@link ScopeBody}, in a {@link Bound}. */
  SCOPE(ScopeBody.class),
  /** A {@link ScopeAction}, in a {@link Bound}: no result. */
  SCOPE_ACTION(ScopeAction.class),
  /** An {@link AsyncGeneratorBody}. */
  ASYNC_GENERATOR(AsyncGeneratorBody.class),
  /** An {@link AsyncCoroutineBody}. */
  ASYNC_COROUTINE(AsyncCoroutineBody.class);

  private final Class<?> body;

  Kind(Class<?> body) {
    this.body = body;
  }

  /** The functional interface that a body of this kind implements. */
  public Class<?> body() {
    return body;
  }

  /** Whether what the body returns is its result. */
  boolean keepsResult() {
    return this == COROUTINE || this == ASYNC || this == SCOPE;
  }

  /** Whether it is an asynchronous body. */
  boolean awaits() {
    return this.compareTo(ASYNC) >= 0;
  }

  /** What messages call it. */
  String noun() {
    return switch (this) {
      case COROUTINE, SINK -> "the coroutine";
      case ASYNC, ASYNC_ACTION, SCOPE, SCOPE_ACTION -> "the async";
      case ASYNC_GENERATOR, ASYNC_COROUTINE -> "the async generator";
      default -> "the generator";
    };
  }

  /** What callers see of a run. */
  public Frame<?> front(Resumable run) {
    return switch (this) {
      case GENERATOR -> new GeneratorFront<>(run);
      case COROUTINE, SINK -> new CoroutineFront<>(run);
      case INT_GENERATOR -> new IntFront(run);
      case LONG_GENERATOR -> new LongFront(run);
      case DOUBLE_GENERATOR -> new DoubleFront(run);
      case ASYNC, ASYNC_ACTION, SCOPE, SCOPE_ACTION -> new AsyncFront<>(run);
      case ASYNC_GENERATOR, ASYNC_COROUTINE -> new AsyncGeneratorFront<>(run);
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
