package io.fermata.async;

import java.io.Serializable;

/**
 * The body of an {@link Async} without a result.
 *
 * <p>It is serializable only so that its method can be found; nothing is ever serialized.
 */
@FunctionalInterface
public interface AsyncAction extends Serializable {
  /**
   * Executes the body.
   *
   * @param co the object to await with
   * @throws Exception any exception; the awaiter gets the same instance
   */
  void run(Awaiter co) throws Exception;
}
