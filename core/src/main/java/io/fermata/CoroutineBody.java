package io.fermata;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a {@link Coroutine}: a block that yields values, receives what is sent, and returns a
 * result.
 *
 * <p>It is serializable only so that an engine can find the method behind a lambda; nothing is ever
 * serialized, and captured values need not be serializable.
 *
 * @param <S> what it is sent
 * @param <Y> what it yields
 * @param <R> what it returns
 */
@FunctionalInterface
public interface CoroutineBody<
        S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {
  /**
   * Runs the body, once, from its start to its end.
   *
   * @param co yields, for this run only
   * @return the coroutine's result
   * @throws Exception whatever the body throws; the caller of the step gets the same instance
   */
  R run(Yielder<S, Y> co) throws Exception;
}
