package io.fermata.async;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous generator that can be sent values: {@code co.yield(v)} gives its body what the
 * next step sends. Python: an {@code async def} with {@code x = yield v}.
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
 * <p>The steps that send nothing send null. For the rest see {@link AsyncGenerator}. It returns no
 * result, as in Python.
 *
 * @param <S> what it is sent
 * @param <Y> what it yields
 */
public interface AsyncCoroutine<S extends @Nullable Object, Y extends @Nullable Object>
    extends AsyncGenerator<Y> {
  /**
   * An asynchronous coroutine that executes a body. Runs nothing yet.
   *
   * @param body what to execute
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @return a new one, not started
   */
  static <S extends @Nullable Object, Y extends @Nullable Object> AsyncCoroutine<S, Y> of(
      AsyncCoroutineBody<S, Y> body) {
    return AsyncGenerators.coroutine(body);
  }

  /**
   * As {@link #of(AsyncCoroutineBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @return a new one, not started
   */
  static <S extends @Nullable Object, Y extends @Nullable Object> AsyncCoroutine<S, Y> of(
      MethodHandles.Lookup lookup, AsyncCoroutineBody<S, Y> body) {
    return AsyncGenerators.coroutine(lookup, body);
  }

  /**
   * A step that sends a value.
   *
   * @param value what the yield gives, where the body stands
   * @return gives what is yielded next; throws {@link StopAsyncIteration} at the end and ever
   *     after; a {@link io.fermata.NotPrimedException} if the body stands at no yield yet and the
   *     value is not null, after which it can still be started
   */
  Async<Y> asend(S value);

  /**
   * A step that sends a value, for loops.
   *
   * @param value what the yield gives, where the body stands
   * @return as {@link #asend}, but gives true if there is a {@link #current} value, false at the
   *     end
   */
  Async<Boolean> advance(S value);
}
