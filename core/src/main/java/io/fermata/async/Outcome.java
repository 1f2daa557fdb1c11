package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * The end of an awaitable: a value or a failure. {@link Async#gatherOutcomes} gives outcomes, for
 * {@code switch}, {@code instanceof} or {@link #get}.
 *
 * <pre>{@code
 * for (Outcome<String> outcome : co.await(Async.gatherOutcomes(fetch("a"), fetch("b")))) {
 *   if (outcome instanceof Outcome.Value<String> page) use(page.value());
 *   else if (outcome instanceof Outcome.Failure<String> failed) log(failed.failure());
 * }
 * }</pre>
 *
 * @param <T> the type of the result
 */
public sealed interface Outcome<T extends @Nullable Object> {
  /**
   * The value; a failure is thrown.
   *
   * @return the value
   * @throws Exception the failure, the same instance each time; a {@link Cancelled} if it was
   *     cancelled
   */
  T get() throws Exception;

  /**
   * What it failed with.
   *
   * @return the failure, a {@link Cancelled} if it was cancelled; null for a {@link Value}
   */
  @Nullable Throwable failure();

  /**
   * An end with a value.
   *
   * @param value the result
   * @param <T> its type
   */
  record Value<T extends @Nullable Object>(T value) implements Outcome<T> {
    @Override
    public T get() {
      return value;
    }

    @Override
    public @Nullable Throwable failure() {
      return null;
    }
  }

  /**
   * An end by a failure or a cancellation.
   *
   * @param failure the failure; a {@link Cancelled} if it was cancelled
   * @param <T> the type of the missing result
   */
  record Failure<T extends @Nullable Object>(Throwable failure) implements Outcome<T> {
    @Override
    public T get() throws Exception {
      throw FailureHandling.sneaky(failure);
    }
  }
}
