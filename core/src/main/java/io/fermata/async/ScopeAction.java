package io.fermata.async;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a scope without a result; see {@link ScopeBody}.
 *
 * <p>It is serializable only so that its method can be found; nothing is ever serialized.
 *
 * @param <H> the type of the handle
 */
@FunctionalInterface
public interface ScopeAction<H extends @Nullable Object> extends Serializable {
  /**
   * Executes the body.
   *
   * @param in the object to await with, inside the scope
   * @param handle the scope
   * @throws Exception any exception; the scope defines its effect
   */
  void run(Awaiter in, H handle) throws Exception;
}
