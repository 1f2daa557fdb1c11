package io.fermata.runtime;

import io.fermata.DoubleGenerator;
import java.util.Iterator;
import java.util.Objects;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** The frame of a {@link DoubleGenerator}: what it yields stays unboxed. */
public abstract class DoubleFrame extends Frame<Double> implements DoubleGenerator {
  /** What the body yielded last. */
  protected double current;

  /** For subclasses only. */
  protected DoubleFrame() {}

  @Override
  public double current() {
    Stepping.checkCurrent(this);
    return current;
  }

  @Override
  public double nextDouble() {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "nextDouble()", this::nextDouble);
    }
    if (takeWaiting()) {
      return current;
    }
    boolean live = isLive();
    if (advance()) {
      return current;
    }
    throw Ending.stop(this, live);
  }

  @Override
  public Double next() {
    return nextDouble();
  }

  @Override
  final void adoptValue(@Nullable Object yielded) {
    current = unboxed(yielded);
  }

  @Override
  final void adopt(Frame<?> from) {
    current = from instanceof DoubleFrame frame ? frame.current : unboxed(from.takeYielded());
  }

  @Override
  final void adopt(ForeignDelegate from) {
    Iterator<?> iterator = from.unfetched();
    current =
        iterator instanceof PrimitiveIterator.OfDouble doubles
            ? doubles.nextDouble()
            : unboxed(from.fetch());
  }

  @Override
  final Object takeYielded() {
    return current;
  }

  private static double unboxed(@Nullable Object yielded) {
    return (Double) Objects.requireNonNull(yielded, "a delegate of a DoubleGenerator yielded null");
  }
}
