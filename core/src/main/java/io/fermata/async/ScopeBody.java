package io.fermata.async;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a scope such as a {@link TaskGroup} or a {@link Timeout}. It gets a {@code co} of its
 * own, and a handle on the scope.
 *
 * <p>It is serializable only so that its method can be found; nothing is ever serialized.
 *
 * @param <H> the type of the handle
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface ScopeBody<H extends @Nullable Object, T extends @Nullable Object>
    extends Serializable {
  /**
   * Executes the body.
   *
   * @param in the object to await with, inside the scope
   * @param handle the scope
   * @return the result of the scope
   * @throws Exception any exception; the scope defines its effect
   */
  T run(Awaiter in, H handle) throws Exception;
}
