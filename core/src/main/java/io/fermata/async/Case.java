package io.fermata.async;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * One of the alternatives of a {@link Async#select select}: a wait, and what is done with its
 * value.
 *
 * <p>The wait is one that can be left without effect:
 *
 * <ul>
 *   <li>{@code get()} and {@code put()} of a queue, {@code acquire()} of a lock or a semaphore,
 *       {@code whenSet()} of an event, and those of the library's other synchronisers;
 *   <li>{@link Async#sleep}; its time begins with the select;
 *   <li>a {@link Promise} or a {@link Task}, which is left and not cancelled;
 *   <li>{@code advance()} or {@code anext()} of an {@link AsyncSubscriber}, or of a generator that
 *       the library gives for a subscription, a state or a ticker. Until the select has chosen, the
 *       generator takes no other step.
 * </ul>
 *
 * <p>Any other {@code Async} may be half done when another case is chosen. Start it as a task, and
 * select the task.
 *
 * <p>A case is used once, and so is its wait. Only the library implements this interface.
 *
 * @param <T> the type of the result
 */
public interface Case<T extends @Nullable Object> {
  /**
   * A case with a body.
   *
   * @param wait what it waits for
   * @param then gets a {@code co} of its own and the value; runs in the task of the select
   * @param <A> the type of the value
   * @param <T> the type of the result
   * @return a new case
   * @throws IllegalArgumentException if {@code wait} cannot be left without effect
   */
  static <A extends @Nullable Object, T extends @Nullable Object> Case<T> of(
      Awaitable<A> wait, ScopeBody<A, T> then) {
    return Awaits.caseOf(null, wait, then);
  }

  /**
   * As {@link #of(Awaitable, ScopeBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param wait what it waits for
   * @param then gets a {@code co} of its own and the value
   * @param <A> the type of the value
   * @param <T> the type of the result
   * @return a new case
   */
  static <A extends @Nullable Object, T extends @Nullable Object> Case<T> of(
      MethodHandles.Lookup lookup, Awaitable<A> wait, ScopeBody<A, T> then) {
    return Awaits.caseOf(Awaits.given(lookup), wait, then);
  }

  /**
   * A case whose result is the value of its wait.
   *
   * @param wait what it waits for
   * @param <A> the type of the value
   * @return a new case
   * @throws IllegalArgumentException if {@code wait} cannot be left without effect
   */
  static <A extends @Nullable Object> Case<A> of(Awaitable<A> wait) {
    return Awaits.caseOf(wait);
  }

  /**
   * A case whose body has no result.
   *
   * @param wait what it waits for
   * @param then gets a {@code co} of its own and the value; runs in the task of the select
   * @param <A> the type of the value
   * @return a new case
   * @throws IllegalArgumentException if {@code wait} cannot be left without effect
   */
  static <A extends @Nullable Object> Case<Void> action(Awaitable<A> wait, ScopeAction<A> then) {
    return Awaits.caseAction(null, wait, then);
  }

  /**
   * As {@link #action(Awaitable, ScopeAction)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param wait what it waits for
   * @param then gets a {@code co} of its own and the value
   * @param <A> the type of the value
   * @return a new case
   */
  static <A extends @Nullable Object> Case<Void> action(
      MethodHandles.Lookup lookup, Awaitable<A> wait, ScopeAction<A> then) {
    return Awaits.caseAction(Awaits.given(lookup), wait, then);
  }

  /**
   * The case that is chosen if no other is ready: a select with it never waits.
   *
   * @param body runs in the task of the select
   * @param <T> the type of the result
   * @return a new case
   */
  static <T extends @Nullable Object> Case<T> otherwise(AsyncBody<T> body) {
    return Awaits.otherwise(null, body);
  }

  /**
   * As {@link #otherwise(AsyncBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body runs in the task of the select
   * @param <T> the type of the result
   * @return a new case
   */
  static <T extends @Nullable Object> Case<T> otherwise(
      MethodHandles.Lookup lookup, AsyncBody<T> body) {
    return Awaits.otherwise(Awaits.given(lookup), body);
  }
}
