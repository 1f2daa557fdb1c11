package io.fermata;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a {@link Generator}: a block that yields values.
 *
 * <p>It is serializable only so that an engine can find the method behind a lambda; nothing is ever
 * serialized, and captured values need not be serializable.
 *
 * @param <Y> what it yields
 */
@FunctionalInterface
public interface GeneratorBody<Y extends @Nullable Object> extends Serializable {
  /**
   * Runs the body, once, from its start to its end.
   *
   * @param co yields, for this run only
   * @throws Exception whatever the body throws; the caller of the step gets the same instance
   */
  void run(Yielder<?, Y> co) throws Exception;
}
