package io.fermata.testing;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.async.Handle;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assertions that an await gives, or does not give, other tasks a turn.
 *
 * <pre>{@code
 * co.await(Suspensions.none(lock.acquire()));           // it is free: no other task ran meanwhile
 * co.await(Suspensions.some(queue.get()));              // it was empty
 * }</pre>
 */
public final class Suspensions {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private Suspensions() {}

  /**
   * Awaits something that must not suspend.
   *
   * @param awaitable what to await
   * @param <T> its result
   * @return gives its result; throws an {@code AssertionError} if other tasks had a turn meanwhile
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> none(Awaitable<T> awaitable) {
    return observed(awaitable, false);
  }

  /**
   * Awaits something that must suspend.
   *
   * @param awaitable what to await
   * @param <T> its result
   * @return gives its result; throws an {@code AssertionError} if no other task had a turn
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> some(Awaitable<T> awaitable) {
    return observed(awaitable, true);
  }

  private static <T extends @Nullable Object> Async<T> observed(
      Awaitable<T> awaitable, boolean expected) {
    Objects.requireNonNull(awaitable, "nothing to await");
    return Async.of(
        LOOKUP,
        co -> {
          Turn turn = new Turn();
          Handle handle = EventLoop.current().callSoon(turn);
          try {
            return co.await(awaitable);
          } finally {
            handle.cancel();
            turn.check(awaitable, expected);
          }
        });
  }

  /** A callback that notes whether it had a turn. */
  private static final class Turn implements Runnable {
    private boolean taken;

    @Override
    public void run() {
      taken = true;
    }

    void check(Awaitable<?> awaitable, boolean expected) {
      if (taken != expected) {
        throw new AssertionError(
            awaitable
                + (taken
                    ? " has suspended, but must not: others had a turn meanwhile"
                    : " has not suspended, but must: nobody else had a turn"));
      }
    }
  }
}
