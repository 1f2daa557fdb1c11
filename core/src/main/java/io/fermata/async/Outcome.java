package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * How something has ended: with a value or with a failure. What {@link Async#gatherOutcomes} gives,
 * for {@code switch} and {@code instanceof}, or for {@link #get}.
 *
 * <pre>{@code
 * for (Outcome<String> outcome : co.await(Async.gatherOutcomes(fetch("a"), fetch("b")))) {
 *   if (outcome instanceof Outcome.Value<String> page) use(page.value());
 *   else if (outcome instanceof Outcome.Failure<String> failed) log(failed.failure());
 * }
 * }</pre>
 *
 * @param <T> the result
 */
public sealed interface Outcome<T extends @Nullable Object> {
  /**
   * The value, if it is one.
   *
   * @return the value
   * @throws Exception the failure, the same instance each time; a {@link Cancelled} if it was
   *     cancelled
   */
  T get() throws Exception;

  /**
   * It has ended with a value.
   *
   * @param value the result
   * @param <T> its type
   */
  record Value<T extends @Nullable Object>(T value) implements Outcome<T> {
    @Override
    public T get() {
      return value;
    }
  }

  /**
   * It has failed, or was cancelled.
   *
   * @param failure what it threw; a {@link Cancelled} if it was cancelled
   * @param <T> the type of the result that it has not given
   */
  record Failure<T extends @Nullable Object>(Throwable failure) implements Outcome<T> {
    @Override
    public T get() throws Exception {
      throw FailureHandling.sneaky(failure);
    }
  }
}
