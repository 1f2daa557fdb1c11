package io.fermata;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/**
 * A generator of {@code long}s that boxes nothing between yield and loop.
 *
 * <pre>{@code
 * LongGenerator squares = LongGenerator.of(co -> {
 *   for (int i = 0; i < 10; i++) co.yield(i * i);
 * });
 * long sum = 0;
 * while (squares.advance()) sum += squares.current();
 * }</pre>
 *
 * <p>It is to {@link Generator} what {@link PrimitiveIterator.OfLong} is to {@link
 * java.util.Iterator}: {@code nextLong()}, {@code current()} and {@code stream()} are primitive;
 * {@code for (long i : g)} and {@code next()} box.
 */
public interface LongGenerator extends BaseGenerator<Long>, PrimitiveIterator.OfLong {

  /**
   * A generator that executes a body. Runs nothing yet.
   *
   * @param body what to execute
   * @return a new generator, not started
   */
  @CheckReturnValue
  static LongGenerator of(LongGeneratorBody body) {
    return Engines.longGenerator(null, body);
  }

  /**
   * As {@link #of(LongGeneratorBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @return a new generator, not started
   */
  @CheckReturnValue
  static LongGenerator of(MethodHandles.Lookup lookup, LongGeneratorBody body) {
    return Engines.longGenerator(Engines.given(lookup), body);
  }

  /**
   * An iterable each of whose iterators is a new run of the body.
   *
   * @param body what to execute, once per iterator
   * @return an iterable that holds only the body
   */
  static Iterable<Long> iterable(LongGeneratorBody body) {
    Engines.given(body);
    return () -> of(body);
  }

  /**
   * As {@link #iterable(LongGeneratorBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute, once per iterator
   * @return an iterable that holds only the body and the lookup
   */
  static Iterable<Long> iterable(MethodHandles.Lookup lookup, LongGeneratorBody body) {
    Engines.given(lookup);
    Engines.given(body);
    return () -> of(lookup, body);
  }

  /**
   * A stream of what a body yields; closing it closes the generator.
   *
   * @param body what to execute, once the stream is consumed
   * @return a sequential, ordered stream that pulls one value at a time
   */
  static LongStream stream(LongGeneratorBody body) {
    return of(body).stream();
  }

  /**
   * As {@link #stream(LongGeneratorBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute, once the stream is consumed
   * @return a sequential, ordered stream that pulls one value at a time
   */
  static LongStream stream(MethodHandles.Lookup lookup, LongGeneratorBody body) {
    return of(lookup, body).stream();
  }

  /**
   * What the last successful step yielded; it may be read until the next step.
   *
   * @return the value
   * @throws IllegalStateException before the first step, while the body runs, and after the end
   */
  long current();

  /**
   * Runs the body to its next yield and hands the value over.
   *
   * @return what it yielded
   * @throws StopIteration if it has ended
   * @throws AlreadyRunningException if it is running
   */
  @Override
  default long nextLong() {
    if (advance()) {
      return current();
    }
    throw new StopIteration(null, this);
  }

  /** As {@link #nextLong()}, boxed. */
  @Override
  default Long next() {
    return nextLong();
  }

  /**
   * As {@link #nextLong()}, with a value in place of the exception.
   *
   * @param otherwise what to return once the generator has ended
   * @return what it yielded, or {@code otherwise}
   */
  default long nextOr(long otherwise) {
    return advance() ? current() : otherwise;
  }

  /**
   * Takes all values that are left.
   *
   * @return a new array, which is the caller's
   */
  default long[] toArray() {
    long[] values = new long[10];
    int size = 0;
    while (advance()) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = current();
    }
    return Arrays.copyOf(values, size);
  }

  /**
   * The values that are left, as a stream. Closing the stream closes the generator; a terminal
   * operation does not.
   *
   * @return a sequential, ordered stream that pulls one value at a time
   */
  default LongStream stream() {
    return StreamSupport.longStream(spliterator(), false).onClose(this::close);
  }

  /** Itself: a generator can be looped over once. */
  @Override
  @CheckReturnValue
  default LongGenerator iterator() {
    return this;
  }

  /** Pulls one value at a time; never splits in the midst of a step. */
  @Override
  default Spliterator.OfLong spliterator() {
    return new GeneratorSpliterators.OfLong(this);
  }
}
