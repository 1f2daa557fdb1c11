package io.fermata;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A generator of {@code int}s that boxes nothing between yield and loop.
 *
 * <pre>{@code
 * IntGenerator squares = IntGenerator.of(co -> {
 *   for (int i = 0; i < 10; i++) co.yield(i * i);
 * });
 * int sum = 0;
 * while (squares.advance()) sum += squares.current();
 * }</pre>
 *
 * <p>It is to {@link Generator} what {@link PrimitiveIterator.OfInt} is to {@link
 * java.util.Iterator}: {@code nextInt()}, {@code current()} and {@code stream()} are primitive;
 * {@code for (int i : g)} and {@code next()} box.
 */
public interface IntGenerator extends BaseGenerator<Integer>, PrimitiveIterator.OfInt {

  /**
   * A generator that executes a body. Runs nothing yet.
   *
   * @param body what to execute
   * @return a new generator, not started
   */
  @CheckReturnValue
  static IntGenerator of(IntGeneratorBody body) {
    return Engines.intGenerator(null, body);
  }

  /**
   * As {@link #of(IntGeneratorBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @return a new generator, not started
   */
  @CheckReturnValue
  static IntGenerator of(MethodHandles.Lookup lookup, IntGeneratorBody body) {
    return Engines.intGenerator(Engines.given(lookup), body);
  }

  /**
   * An iterable each of whose iterators is a new run of the body.
   *
   * @param body what to execute, once per iterator
   * @return an iterable that holds only the body
   */
  static Iterable<Integer> iterable(IntGeneratorBody body) {
    Engines.given(body);
    return () -> of(body);
  }

  /**
   * As {@link #iterable(IntGeneratorBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute, once per iterator
   * @return an iterable that holds only the body and the lookup
   */
  static Iterable<Integer> iterable(MethodHandles.Lookup lookup, IntGeneratorBody body) {
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
  static IntStream stream(IntGeneratorBody body) {
    return of(body).stream();
  }

  /**
   * As {@link #stream(IntGeneratorBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute, once the stream is consumed
   * @return a sequential, ordered stream that pulls one value at a time
   */
  static IntStream stream(MethodHandles.Lookup lookup, IntGeneratorBody body) {
    return of(lookup, body).stream();
  }

  /**
   * What the last successful step yielded; it may be read until the next step.
   *
   * @return the value
   * @throws IllegalStateException before the first step, while the body runs, and after the end
   */
  int current();

  /**
   * Runs the body to its next yield and hands the value over.
   *
   * @return what it yielded
   * @throws StopIteration if it has ended
   * @throws AlreadyRunningException if it is running
   */
  @Override
  default int nextInt() {
    if (advance()) {
      return current();
    }
    throw new StopIteration(null, this);
  }

  /** As {@link #nextInt()}, boxed. */
  @Override
  default Integer next() {
    return nextInt();
  }

  /**
   * As {@link #nextInt()}, with a value in place of the exception.
   *
   * @param otherwise what to return once the generator has ended
   * @return what it yielded, or {@code otherwise}
   */
  default int nextOr(int otherwise) {
    return advance() ? current() : otherwise;
  }

  /**
   * Takes all values that are left.
   *
   * @return a new array, which is the caller's
   */
  default int[] toArray() {
    int[] values = new int[10];
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
  default IntStream stream() {
    return StreamSupport.intStream(spliterator(), false).onClose(this::close);
  }

  /** Itself: a generator can be looped over once. */
  @Override
  @CheckReturnValue
  default IntGenerator iterator() {
    return this;
  }

  /** Pulls one value at a time; never splits in the midst of a step. */
  @Override
  default Spliterator.OfInt spliterator() {
    return new GeneratorSpliterators.OfInt(this);
  }
}
