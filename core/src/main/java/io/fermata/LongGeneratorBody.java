package io.fermata;

import java.io.Serializable;

/**
 * The body of a {@link LongGenerator}: a block that yields {@code long}s.
 *
 * <p>It is serializable only so that an engine can find the method behind a lambda; nothing is ever
 * serialized, and captured values need not be serializable.
 */
@FunctionalInterface
public interface LongGeneratorBody extends Serializable {
  /**
   * Runs the body, once, from its start to its end.
   *
   * @param co yields, for this run only
   * @throws Exception whatever the body throws; the caller of the step gets the same instance
   */
  void run(LongYielder co) throws Exception;
}
