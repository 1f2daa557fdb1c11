package io.fermata.async;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of an {@link Async}: plain code that awaits through {@code co}.
 *
 * <p>It is serializable only so that its method can be found; nothing is ever serialized.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface AsyncBody<T extends @Nullable Object> extends Serializable {
  /**
   * Executes the body.
   *
   * @param co the object to await with
   * @return the result
   * @throws Exception any exception; the awaiter gets the same instance
   */
  T run(Awaiter co) throws Exception;
}
