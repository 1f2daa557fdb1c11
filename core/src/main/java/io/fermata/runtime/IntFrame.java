package io.fermata.runtime;

import io.fermata.IntGenerator;
import java.util.Iterator;
import java.util.Objects;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** The frame of an {@link IntGenerator}: what it yields stays unboxed. */
public abstract class IntFrame extends Frame<Integer> implements IntGenerator {
  /** What the body yielded last. */
  protected int current;

  /** For subclasses only. */
  protected IntFrame() {}

  @Override
  public int current() {
    Stepping.checkCurrent(this);
    return current;
  }

  @Override
  public int nextInt() {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "nextInt()", this::nextInt);
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
  public Integer next() {
    return nextInt();
  }

  @Override
  final void adoptValue(@Nullable Object yielded) {
    current = unboxed(yielded);
  }

  @Override
  final void adopt(Frame<?> from) {
    current = from instanceof IntFrame frame ? frame.current : unboxed(from.takeYielded());
  }

  @Override
  final void adopt(ForeignDelegate from) {
    Iterator<?> iterator = from.unfetched();
    current =
        iterator instanceof PrimitiveIterator.OfInt ints ? ints.nextInt() : unboxed(from.fetch());
  }

  @Override
  final Object takeYielded() {
    return current;
  }

  private static int unboxed(@Nullable Object yielded) {
    return (Integer) Objects.requireNonNull(yielded, "a delegate of an IntGenerator yielded null");
  }
}
