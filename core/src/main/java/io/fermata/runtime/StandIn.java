package io.fermata.runtime;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.DoubleYielder;
import io.fermata.IntYielder;
import io.fermata.LongYielder;
import io.fermata.Yielder;
import java.util.Iterator;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The objects that stand for the {@code co} of a compiled generator where its code needs a value:
 * in a field of an object that the body has made, as the argument of a null check. All bodies share
 * them, and nobody uses them: a yield through {@code co} is compiled to a return. A call of one of
 * their methods is a bug of the compiler.
 */
public final class StandIn {
  /** For {@link Yielder}. */
  public static final Yielder<@Nullable Object, @Nullable Object> OBJECTS = new OfObjects();

  /** For {@link IntYielder}. */
  public static final IntYielder INTS = new OfInts();

  /** For {@link LongYielder}. */
  public static final LongYielder LONGS = new OfLongs();

  /** For {@link DoubleYielder}. */
  public static final DoubleYielder DOUBLES = new OfDoubles();

  private StandIn() {}

  private static IllegalStateException used() {
    return new IllegalStateException(
        "bug in Fermata: the object that stands for co in compiled code was used; please report this."
            + " -Dfermata.engine=thread runs the program without the compiler");
  }

  private static final class OfObjects implements Yielder<@Nullable Object, @Nullable Object> {
    @Override
    public @Nullable Object yield(@Nullable Object value) {
      throw used();
    }

    @Override
    public @Nullable Object yield() {
      throw used();
    }

    @Override
    public <R extends @Nullable Object> R yieldFrom(
        Coroutine<?, ? extends @Nullable Object, R> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<? extends @Nullable Object> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<? extends @Nullable Object> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<? extends @Nullable Object> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(BaseStream<? extends @Nullable Object, ?> delegate) {
      throw used();
    }
  }

  private static final class OfInts implements IntYielder {
    @Override
    public void yield(int value) {
      throw used();
    }

    @Override
    public <R extends @Nullable Object> R yieldFrom(Coroutine<?, Integer, R> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<Integer> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<Integer> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<Integer> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(IntStream delegate) {
      throw used();
    }
  }

  private static final class OfLongs implements LongYielder {
    @Override
    public void yield(long value) {
      throw used();
    }

    @Override
    public <R extends @Nullable Object> R yieldFrom(Coroutine<?, Long, R> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<Long> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<Long> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<Long> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(LongStream delegate) {
      throw used();
    }
  }

  private static final class OfDoubles implements DoubleYielder {
    @Override
    public void yield(double value) {
      throw used();
    }

    @Override
    public <R extends @Nullable Object> R yieldFrom(Coroutine<?, Double, R> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<Double> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<Double> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<Double> delegate) {
      throw used();
    }

    @Override
    public @Nullable Object yieldFrom(DoubleStream delegate) {
      throw used();
    }
  }
}
