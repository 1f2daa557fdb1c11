package io.fermata.runtime;

import io.fermata.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a {@link Coroutine}.
 *
 * @param <S> what it is sent
 * @param <Y> what it yields
 * @param <R> what it returns
 */
public abstract class CoroutineFrame<
        S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
    extends GeneratorFrame<Y> implements Coroutine<S, Y, R> {
  /** For subclasses only. */
  protected CoroutineFrame() {}

  @Override
  public boolean advance() {
    return super.advance();
  }

  @Override
  public boolean advance(S sent) {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "advance(value)", () -> advance(sent));
    }
    return Stepping.step(this, sent, "advance(value)");
  }

  @Override
  public Y next() {
    return super.next();
  }

  @Override
  public Y send(S sent) {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "send()", () -> send(sent));
    }
    return Frame.<Y>cast(Stepping.stepAndTake(this, sent, "send()"));
  }

  @Override
  public R result() {
    return Frame.<R>cast(Ending.result(this));
  }

  @Override
  final boolean takesInput() {
    return true;
  }
}
