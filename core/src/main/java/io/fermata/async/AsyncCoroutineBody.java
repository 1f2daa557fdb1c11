package io.fermata.async;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of an asynchronous generator that is sent values.
 *
 * <p>It is serializable only so that its method can be found; nothing is ever serialized.
 *
 * @param <S> what it is sent
 * @param <Y> what it yields
 */
@FunctionalInterface
public interface AsyncCoroutineBody<S extends @Nullable Object, Y extends @Nullable Object>
    extends Serializable {
  /**
   * Executes the body.
   *
   * @param co yields and awaits
   * @throws Exception whatever it likes; who awaits the step gets the same instance
   */
  void run(AsyncYielder<S, Y> co) throws Exception;
}
