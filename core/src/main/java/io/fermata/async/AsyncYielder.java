package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * The {@code co} of an asynchronous generator, which yields and awaits.
 *
 * @param <S> what it is sent
 * @param <Y> what it yields
 */
public interface AsyncYielder<S extends @Nullable Object, Y extends @Nullable Object>
    extends Awaiter {
  /**
   * Suspends the body and hands a value to the one who awaits its step.
   *
   * @param value the value to hand out
   * @return what was sent, null if the body was resumed by a step that sends nothing
   */
  S yield(Y value);

  /**
   * Suspends the body and hands out null.
   *
   * @return what was sent, null if the body was resumed by a step that sends nothing
   */
  S yield();
}
