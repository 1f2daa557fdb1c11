package io.fermata.async;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of an {@link AsyncCoroutine}: code that yields, receives values and awaits through
 * {@code co}.
 *
 * <p>It is serializable only so that its method can be found; nothing is ever serialized.
 *
 * @param <S> the type of the sent values
 * @param <Y> the type of the yielded values
 */
@FunctionalInterface
public interface AsyncCoroutineBody<S extends @Nullable Object, Y extends @Nullable Object>
    extends Serializable {
  /**
   * Executes the body.
   *
   * @param co the object to yield and await with
   * @throws Exception any exception; the awaiter of the step gets the same instance
   */
  void run(AsyncYielder<S, Y> co) throws Exception;
}
