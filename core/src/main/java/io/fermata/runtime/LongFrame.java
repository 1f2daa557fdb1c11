package io.fermata.runtime;

import io.fermata.LongGenerator;
import java.util.Iterator;
import java.util.Objects;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/** The frame of a {@link LongGenerator}: what it yields stays unboxed. */
public abstract class LongFrame extends Frame<Long> implements LongGenerator {
  /** What the body yielded last. */
  protected long current;

  /** For subclasses only. */
  protected LongFrame() {}

  @Override
  public long current() {
    Stepping.checkCurrent(this);
    return current;
  }

  @Override
  public long nextLong() {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "nextLong()", this::nextLong);
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
  public Long next() {
    return nextLong();
  }

  @Override
  final void adoptValue(@Nullable Object yielded) {
    current = unboxed(yielded);
  }

  @Override
  final void adopt(Frame<?> from) {
    current = from instanceof LongFrame frame ? frame.current : unboxed(from.takeYielded());
  }

  @Override
  final void adopt(ForeignDelegate from) {
    Iterator<?> iterator = from.unfetched();
    current =
        iterator instanceof PrimitiveIterator.OfLong longs
            ? longs.nextLong()
            : unboxed(from.fetch());
  }

  @Override
  final Object takeYielded() {
    return current;
  }

  private static long unboxed(@Nullable Object yielded) {
    return (Long) Objects.requireNonNull(yielded, "a delegate of a LongGenerator yielded null");
  }
}
