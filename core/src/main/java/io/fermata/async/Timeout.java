package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.MoveOnFrame;
import io.fermata.internal.compose.TimeLimit;
import io.fermata.internal.compose.TimeoutFrame;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit on the time of a block of code. Python: {@code asyncio.timeout}.
 *
 * <pre>{@code
 * co.await(Timeout.action(ms(500), (in, t) -> {
 *   in.await(connect());
 *   t.rescheduleIn(ms(2000));
 *   in.await(login());
 * }));                                                  // or a TimeoutException
 * }</pre>
 *
 * <p>The deadline cancels the scope for good: the current await in it throws {@link Cancelled}, and
 * so does every later one. When the body lets that out, the timeout throws a {@link
 * java.util.concurrent.TimeoutException} with it as the cause. If the body swallows it and returns,
 * the timeout gives the body's result, and {@link #expired} is true. If the body throws another
 * exception, that one comes out, with the {@code TimeoutException} suppressed in it. A body that
 * does not suspend is not interrupted.
 *
 * <p><b>Being cancelled</b> from outside is not a timeout: the cancellation comes out, even if the
 * deadline passes meanwhile.
 */
public final class Timeout {
  private final TimeLimit limit;

  private Timeout(TimeLimit limit) {
    this.limit = limit;
  }

  /**
   * A timeout around a body with a result.
   *
   * @param limit the limit, from the entry of the scope on; zero or less: the first suspension
   *     throws; null for no limit
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @param <T> the type of the result
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> of(
      @Nullable Duration limit, ScopeBody<Timeout, T> body) {
    return new Timeout(TimeLimit.in(limit)).around(null, body);
  }

  /**
   * As {@link #of(Duration, ScopeBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit as in {@link #of(Duration, ScopeBody)}
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @param <T> the type of the result
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> of(
      MethodHandles.Lookup lookup, @Nullable Duration limit, ScopeBody<Timeout, T> body) {
    return new Timeout(TimeLimit.in(limit)).around(Bodies.given(lookup), body);
  }

  /**
   * A timeout around a body without a result.
   *
   * @param limit as in {@link #of}
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static Async<Void> action(@Nullable Duration limit, ScopeAction<Timeout> body) {
    return new Timeout(TimeLimit.in(limit)).aroundAction(null, body);
  }

  /**
   * As {@link #action(Duration, ScopeAction)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit as in {@link #of(Duration, ScopeBody)}
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static Async<Void> action(
      MethodHandles.Lookup lookup, @Nullable Duration limit, ScopeAction<Timeout> body) {
    return new Timeout(TimeLimit.in(limit)).aroundAction(Bodies.given(lookup), body);
  }

  /**
   * As {@link #of}, with a deadline instead of a limit. Python: {@code timeout_at}.
   *
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @param <T> the type of the result
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> at(
      @Nullable Duration deadline, ScopeBody<Timeout, T> body) {
    return new Timeout(TimeLimit.at(deadline)).around(null, body);
  }

  /**
   * As {@link #at(Duration, ScopeBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @param <T> the type of the result
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> at(
      MethodHandles.Lookup lookup, @Nullable Duration deadline, ScopeBody<Timeout, T> body) {
    return new Timeout(TimeLimit.at(deadline)).around(Bodies.given(lookup), body);
  }

  /**
   * As {@link #action}, with a deadline instead of a limit. Python: {@code timeout_at}.
   *
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static Async<Void> actionAt(@Nullable Duration deadline, ScopeAction<Timeout> body) {
    return new Timeout(TimeLimit.at(deadline)).aroundAction(null, body);
  }

  /**
   * As {@link #actionAt(Duration, ScopeAction)}, for a body in a named module that does not open
   * its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static Async<Void> actionAt(
      MethodHandles.Lookup lookup, @Nullable Duration deadline, ScopeAction<Timeout> body) {
    return new Timeout(TimeLimit.at(deadline)).aroundAction(Bodies.given(lookup), body);
  }

  /**
   * A timeout that throws no {@code TimeoutException}. Python: trio's {@code move_on_after}.
   *
   * <pre>{@code
   * boolean late = co.await(Timeout.moveOn(ms(500), (in, t) -> in.await(warmUp())));
   * }</pre>
   *
   * <p>It gives true if the limit has cut the body short: its {@link Cancelled} came out of the
   * body. It gives false if the body has returned, also if the deadline had passed then. In all
   * else it is a timeout as others; other failures of the body come out, and so does what its
   * cleanup fails with.
   *
   * @param limit as in {@link #of}
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @return the timeout, cold; whether it has cut the body short
   */
  @CheckReturnValue
  public static Async<Boolean> moveOn(@Nullable Duration limit, ScopeAction<Timeout> body) {
    Timeout timeout = new Timeout(TimeLimit.in(limit));
    return MoveOnFrame.telling(timeout.limit, Bodies.scopeAction(null, body, timeout));
  }

  /**
   * As {@link #moveOn(Duration, ScopeAction)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit as in {@link #of(Duration, ScopeBody)}
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @return the timeout, cold; whether it has cut the body short
   */
  @CheckReturnValue
  public static Async<Boolean> moveOn(
      MethodHandles.Lookup lookup, @Nullable Duration limit, ScopeAction<Timeout> body) {
    Timeout timeout = new Timeout(TimeLimit.in(limit));
    return MoveOnFrame.telling(
        timeout.limit, Bodies.scopeAction(Bodies.given(lookup), body, timeout));
  }

  /**
   * As {@link #moveOn(Duration, ScopeAction)}, for a body with a result: it gives another value if
   * the limit has cut the body short.
   *
   * @param limit as in {@link #of}
   * @param otherwise the other value
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @param <T> the type of the result
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> moveOnOr(
      @Nullable Duration limit, T otherwise, ScopeBody<Timeout, T> body) {
    Timeout timeout = new Timeout(TimeLimit.in(limit));
    return MoveOnFrame.giving(timeout.limit, Bodies.scope(null, body, timeout), otherwise);
  }

  /**
   * As {@link #moveOnOr(Duration, Object, ScopeBody)}, for a body in a named module that does not
   * open its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit as in {@link #of(Duration, ScopeBody)}
   * @param otherwise the other value
   * @param body the body; it gets a {@code co} of its own, and the timeout
   * @param <T> the type of the result
   * @return the timeout, cold
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> moveOnOr(
      MethodHandles.Lookup lookup,
      @Nullable Duration limit,
      T otherwise,
      ScopeBody<Timeout, T> body) {
    Timeout timeout = new Timeout(TimeLimit.in(limit));
    return MoveOnFrame.giving(
        timeout.limit, Bodies.scope(Bodies.given(lookup), body, timeout), otherwise);
  }

  private <T extends @Nullable Object> Async<T> around(
      MethodHandles.@Nullable Lookup lookup, ScopeBody<Timeout, T> body) {
    return new TimeoutFrame<>(limit, Bodies.scope(lookup, body, this));
  }

  private Async<Void> aroundAction(
      MethodHandles.@Nullable Lookup lookup, ScopeAction<Timeout> body) {
    return new TimeoutFrame<>(limit, Bodies.scopeAction(lookup, body, this));
  }

  /**
   * The deadline.
   *
   * @return a time of the loop's clock; null if there is none, or the timeout was not entered yet
   */
  public @Nullable Duration when() {
    return limit.when();
  }

  /**
   * Whether the deadline has passed while the body ran.
   *
   * @return true once the scope is cancelled
   */
  public boolean expired() {
    return limit.expired();
  }

  /**
   * Moves the deadline to a delay from now.
   *
   * @param delay the delay from now; null for no deadline
   * @throws IllegalStateException if the body has ended, or the deadline has passed
   */
  public void rescheduleIn(@Nullable Duration delay) {
    limit.rescheduleIn(delay);
  }

  /**
   * Moves the deadline to a time.
   *
   * @param deadline a {@link EventLoop#time} of the loop; null for none
   * @throws IllegalStateException if the body has ended, or the deadline has passed
   */
  public void rescheduleAt(@Nullable Duration deadline) {
    limit.rescheduleAt(deadline);
  }

  @Override
  public String toString() {
    return limit.toString();
  }
}
