package io.fermata.runtime;

import io.fermata.Generator;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a {@link Generator}.
 *
 * @param <Y> what it yields
 */
public abstract class GeneratorFrame<Y extends @Nullable Object> extends Frame<Y>
    implements Generator<Y> {
  /** For subclasses only. */
  protected GeneratorFrame() {}

  @Override
  public Y next() {
    return super.next();
  }

  @Override
  public Y nextOr(Y otherwise) {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "nextOr()", () -> nextOr(otherwise));
    }
    return advance() ? Frame.<Y>cast(takeYielded()) : otherwise;
  }

  @Override
  public Y current() {
    Stepping.checkCurrent(this);
    Object last = value;
    return Frame.<Y>cast(last == NULL ? null : last);
  }
}
