package io.fermata.async;

import io.fermata.CheckReturnValue;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous generator whose steps can send values: {@code co.yield(v)} returns the value that
 * the next step sends. Python: an {@code async def} with {@code x = yield v}.
 *
 * <pre>{@code
 * AsyncCoroutine<String, String> echo = AsyncCoroutine.of(co -> {
 *   String heard = co.yield("ready");
 *   while (true) {
 *     co.await(Async.sleep(Duration.ofMillis(10)));
 *     heard = co.yield(heard + "!");
 *   }
 * });
 * co.await(echo.anext());                              // prime it: run to the first yield
 * System.out.println(co.await(echo.asend("hello")));   // hello!
 * }</pre>
 *
 * <p>Steps without a value send null. As in Python, the body returns no result. See {@link
 * AsyncGenerator} for the rest.
 *
 * @param <S> the type of the sent values
 * @param <Y> the type of the yielded values
 */
public interface AsyncCoroutine<S extends @Nullable Object, Y extends @Nullable Object>
    extends AsyncGenerator<Y> {
  /**
   * An asynchronous coroutine with a body. Nothing runs before the first step.
   *
   * @param body the body
   * @param <S> the type of the sent values
   * @param <Y> the type of the yielded values
   * @return a new coroutine, not started
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object> AsyncCoroutine<S, Y> of(
      AsyncCoroutineBody<S, Y> body) {
    return AsyncGenerators.coroutine(body);
  }

  /**
   * As {@link #of(AsyncCoroutineBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body
   * @param <S> the type of the sent values
   * @param <Y> the type of the yielded values
   * @return a new coroutine, not started
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object> AsyncCoroutine<S, Y> of(
      MethodHandles.Lookup lookup, AsyncCoroutineBody<S, Y> body) {
    return AsyncGenerators.coroutine(lookup, body);
  }

  /**
   * A step that sends a value.
   *
   * @param value the result of the yield at which the body is suspended
   * @return an {@code Async} that gives the next yielded value. The await throws {@link
   *     StopAsyncIteration} at the end and ever after; it throws a {@link
   *     io.fermata.NotPrimedException} if the body has not begun and the value is not null, after
   *     which the coroutine can still be started
   */
  @CheckReturnValue
  Async<Y> asend(S value);

  /**
   * A step that sends a value, for loops.
   *
   * @param value the result of the yield at which the body is suspended
   * @return as {@link #asend}, but gives true if there is a {@link #current} value, false at the
   *     end
   */
  @CheckReturnValue
  Async<Boolean> advance(S value);
}
