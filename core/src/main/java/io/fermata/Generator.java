package io.fermata;

import java.lang.invoke.MethodHandles;
import java.util.Spliterator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A function that yields values one by one, and pauses in between.
 *
 * <pre>{@code
 * Generator<Integer> evens = Generator.of(co -> {
 *   for (int i = 0; ; i += 2) co.yield(i);
 * });
 * for (int n : evens) {
 *   if (n > 10) break;
 *   System.out.println(n);
 * }
 * }</pre>
 *
 * <p>A generator is used once. {@link #iterable} gives a fresh run to every loop. To send values
 * into the body or to return a result, use {@link Coroutine}; for primitives without boxing, {@link
 * IntGenerator}, {@link LongGenerator} and {@link DoubleGenerator}.
 *
 * <p>A loop that leaves early, as the one above, does not close the generator; where its {@code
 * finally} blocks matter, use try-with-resources.
 *
 * <p>Differences from Python: the end of an iteration is a {@link StopIteration} only where a value
 * was demanded; dropping a generator does not close it; what a body sees of its thread may differ,
 * see {@link #engine()} and the guide.
 *
 * <p>The interface may be implemented: five methods tell everything, the rest is made of them.
 *
 * @param <Y> what it yields
 */
public interface Generator<Y extends @Nullable Object> extends BaseGenerator<Y> {

  /**
   * A generator that executes a body. Runs nothing yet.
   *
   * @param body what to execute
   * @param <Y> what it yields
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> Generator<Y> of(GeneratorBody<Y> body) {
    return Engines.generator(null, body);
  }

  /**
   * As {@link #of(GeneratorBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @param <Y> what it yields
   * @return a new generator, not started
   */
  @CheckReturnValue
  static <Y extends @Nullable Object> Generator<Y> of(
      MethodHandles.Lookup lookup, GeneratorBody<Y> body) {
    return Engines.generator(Engines.given(lookup), body);
  }

  /**
   * An iterable each of whose iterators is a new run of the body. Python: {@code for x in f():},
   * with {@code f()} called for every loop.
   *
   * @param body what to execute, once per iterator
   * @param <Y> what it yields
   * @return an iterable that holds only the body
   */
  static <Y extends @Nullable Object> Iterable<Y> iterable(GeneratorBody<Y> body) {
    Engines.given(body);
    return () -> of(body);
  }

  /**
   * As {@link #iterable(GeneratorBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute, once per iterator
   * @param <Y> what it yields
   * @return an iterable that holds only the body and the lookup
   */
  static <Y extends @Nullable Object> Iterable<Y> iterable(
      MethodHandles.Lookup lookup, GeneratorBody<Y> body) {
    Engines.given(lookup);
    Engines.given(body);
    return () -> of(lookup, body);
  }

  /**
   * A stream of what a body yields. It pulls one value at a time, so that an endless body is fine;
   * closing the stream closes the generator.
   *
   * @param body what to execute, once the stream is consumed
   * @param <Y> what it yields
   * @return a sequential, ordered stream
   */
  static <Y extends @Nullable Object> Stream<Y> stream(GeneratorBody<Y> body) {
    return of(body).stream();
  }

  /**
   * As {@link #stream(GeneratorBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute, once the stream is consumed
   * @param <Y> what it yields
   * @return a sequential, ordered stream
   */
  static <Y extends @Nullable Object> Stream<Y> stream(
      MethodHandles.Lookup lookup, GeneratorBody<Y> body) {
    return of(lookup, body).stream();
  }

  /**
   * What the last successful step yielded. It may be read until the next step; {@code next()},
   * {@code send} and {@code raise} hand their value over and keep nothing.
   *
   * @return the value; null if it was handed over
   * @throws IllegalStateException before the first step, while the body runs, and after the end
   */
  Y current();

  @Override
  default Y next() {
    if (advance()) {
      return current();
    }
    throw new StopIteration(null, this);
  }

  @Override
  default Y nextOr(Y otherwise) {
    return advance() ? current() : otherwise;
  }

  /**
   * The values that are left, as a stream. Closing the stream closes the generator; a terminal
   * operation does not.
   *
   * @return a sequential, ordered stream that pulls one value at a time
   */
  default Stream<Y> stream() {
    return StreamSupport.stream(spliterator(), false).onClose(this::close);
  }

  /** Pulls one value at a time; never splits in the midst of a step. */
  @Override
  default Spliterator<Y> spliterator() {
    return new GeneratorSpliterators.OfObject<>(this);
  }
}
