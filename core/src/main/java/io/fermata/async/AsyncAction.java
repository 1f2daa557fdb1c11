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
   * @param co waits
   * @throws Exception whatever it likes; who awaits it gets the same instance
   */
  void run(Awaiter co) throws Exception;
}
