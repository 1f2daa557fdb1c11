package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * The {@code co} of an asynchronous generator: the object to yield and await with.
 *
 * @param <S> the type of the sent values
 * @param <Y> the type of the yielded values
 */
public interface AsyncYielder<S extends @Nullable Object, Y extends @Nullable Object>
    extends Awaiter {
  /**
   * Suspends the body and hands a value to the awaiter of the step.
   *
   * @param value the value
   * @return the sent value; null if the next step sends nothing
   */
  S yield(Y value);

  /**
   * Suspends the body and hands out null.
   *
   * @return the sent value; null if the next step sends nothing
   */
  S yield();

  /**
   * Does nothing. It tells the compiler that a checked exception may come out of a yield, by {@link
   * AsyncGenerator#athrow}, so that a {@code catch} of it is legal Java.
   *
   * @param type the exception to be caught
   * @param <E> the exception to be caught
   * @throws E never
   * @see io.fermata.Yielder#mayThrow
   */
  default <E extends Throwable> void mayThrow(Class<E> type) throws E {}
}
