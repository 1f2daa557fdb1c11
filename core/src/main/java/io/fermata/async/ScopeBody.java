package io.fermata.async;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a scope, as a {@link TaskGroup} or a {@link Timeout}: it gets a {@code co} of its
 * own, and a handle on the scope.
 *
 * <p>It is serializable only so that its method can be found; nothing is ever serialized.
 *
 * @param <H> the type of the handle
 * @param <T> what it returns
 */
@FunctionalInterface
public interface ScopeBody<H extends @Nullable Object, T extends @Nullable Object>
    extends Serializable {
  /**
   * Executes the body.
   *
   * @param in waits, inside the scope
   * @param handle the scope
   * @return the result of the scope
   * @throws Exception whatever it likes; the scope says what becomes of it
   */
  T run(Awaiter in, H handle) throws Exception;
}
