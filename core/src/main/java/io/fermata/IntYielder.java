package io.fermata;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The object that the body of an {@link IntGenerator} yields through; as {@link Yielder}, for
 * {@code int}s.
 */
public interface IntYielder {
  /**
   * Suspends the body and hands a value to the caller of the step.
   *
   * @param value the value to hand out
   */
  void yield(int value);

  /**
   * Lets a coroutine take this one's place until it ends.
   *
   * @param delegate fresh or partly consumed
   * @param <R> what it returns
   * @return its result; null if it had ended before
   * @see Yielder#yieldFrom(Coroutine)
   */
  <R extends @Nullable Object> R yieldFrom(Coroutine<?, Integer, R> delegate);

  /**
   * Lets another generator take this one's place until it ends; nothing is boxed if it is an {@link
   * IntGenerator}.
   *
   * @param delegate fresh or partly consumed
   * @return its result if it is a {@link Coroutine} at run time, else null
   * @see Yielder#yieldFrom(BaseGenerator)
   */
  @Nullable Object yieldFrom(BaseGenerator<Integer> delegate);

  /**
   * Yields every element of an iterable.
   *
   * @param delegate any iterable without null elements
   * @return null, or the result if a {@link Coroutine} stands behind it
   * @see Yielder#yieldFrom(Iterable)
   */
  @Nullable Object yieldFrom(Iterable<Integer> delegate);

  /**
   * Yields every remaining element of an iterator; of a {@link java.util.PrimitiveIterator} without
   * boxing.
   *
   * @param delegate any iterator without null elements
   * @return null, or the result if it is a {@link Coroutine}
   * @see Yielder#yieldFrom(Iterator)
   */
  @Nullable Object yieldFrom(Iterator<Integer> delegate);

  /**
   * Yields every element of a stream, without boxing, and closes it.
   *
   * @param delegate a stream that was not used yet
   * @return null
   */
  @Nullable Object yieldFrom(IntStream delegate);

  /**
   * Does nothing; lets the compiler accept a {@code catch} of what a raise may bring.
   *
   * @param type the exception to be caught
   * @param <E> the exception to be caught
   * @throws E never
   * @see Yielder#mayThrow
   */
  default <E extends Throwable> void mayThrow(Class<E> type) throws E {}
}
