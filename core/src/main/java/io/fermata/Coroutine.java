package io.fermata;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * A generator that talks with its caller: it can be sent values, and it returns a result.
 *
 * <pre>{@code
 * Coroutine<Integer, Void, Void> printer = Coroutine.of(co -> {
 *   while (true) {
 *     Integer item = co.yield();
 *     System.out.println(item);
 *   }
 * });
 * printer.next();                                      // prime it: run to the first yield
 * for (int i = 0; i <= 10; i++) printer.send(i);
 * }</pre>
 *
 * <p>Each step goes both ways: {@code send(v)} makes {@code v} the value of the yield where the
 * body waits, and returns what the body yields next. A new coroutine waits at no yield, so it is
 * <em>primed</em> with {@code next()} first, or made by {@link #primed} or {@link #primedSink}.
 *
 * <p>For values in one direction only, {@link Generator} is simpler.
 *
 * @param <S> what it is sent
 * @param <Y> what it yields
 * @param <R> what it returns
 */
public interface Coroutine<
        S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
    extends Generator<Y> {

  /**
   * A coroutine that executes a body. Runs nothing yet.
   *
   * @param body what to execute
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @param <R> what it returns
   * @return a new coroutine, not started
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
      Coroutine<S, Y, R> of(CoroutineBody<S, Y, R> body) {
    return Engines.coroutine(null, body);
  }

  /**
   * As {@link #of(CoroutineBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @param <R> what it returns
   * @return a new coroutine, not started
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
      Coroutine<S, Y, R> of(MethodHandles.Lookup lookup, CoroutineBody<S, Y, R> body) {
    return Engines.coroutine(Engines.given(lookup), body);
  }

  /**
   * A coroutine that has already run to its first yield, and can be sent values at once. Python:
   * the decorator that calls {@code next()}. What the first yield yields is dropped.
   *
   * @param body what to execute; its first part runs in this call
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @param <R> what it returns
   * @return a new coroutine, suspended at its first yield
   * @throws StopIteration if the body returns before its first yield; whatever else it throws comes
   *     out as it is
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
      Coroutine<S, Y, R> primed(CoroutineBody<S, Y, R> body) {
    return Engines.primed(of(body));
  }

  /**
   * As {@link #primed(CoroutineBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute; its first part runs in this call
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @param <R> what it returns
   * @return a new coroutine, suspended at its first yield
   * @throws StopIteration if the body returns before its first yield
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object, R extends @Nullable Object>
      Coroutine<S, Y, R> primed(MethodHandles.Lookup lookup, CoroutineBody<S, Y, R> body) {
    return Engines.primed(of(lookup, body));
  }

  /**
   * A coroutine whose body returns nothing, so that it needs no {@code return null}.
   *
   * @param body what to execute
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @return a new coroutine, not started; its result is null
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object> Coroutine<S, Y, Void> sink(
      SinkBody<S, Y> body) {
    return Engines.sink(null, body);
  }

  /**
   * As {@link #sink(SinkBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @return a new coroutine, not started; its result is null
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object> Coroutine<S, Y, Void> sink(
      MethodHandles.Lookup lookup, SinkBody<S, Y> body) {
    return Engines.sink(Engines.given(lookup), body);
  }

  /**
   * A {@link #sink} that has already run to its first yield, and can be sent values at once.
   *
   * <pre>{@code
   * Coroutine<String, Void, Void> log = Coroutine.primedSink(co -> {
   *   while (true) System.out.println(co.yield());
   * });
   * log.send("begun");
   * }</pre>
   *
   * @param body what to execute; its first part runs in this call
   * @param <S> what it is sent
   * @param <Y> what it yields; what the first yield yields is dropped
   * @return a new coroutine, suspended at its first yield; its result is null
   * @throws StopIteration if the body returns before its first yield; whatever else it throws comes
   *     out as it is
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object> Coroutine<S, Y, Void> primedSink(
      SinkBody<S, Y> body) {
    return Engines.primed(sink(body));
  }

  /**
   * As {@link #primedSink(SinkBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute; its first part runs in this call
   * @param <S> what it is sent
   * @param <Y> what it yields
   * @return a new coroutine, suspended at its first yield; its result is null
   * @throws StopIteration if the body returns before its first yield
   */
  @CheckReturnValue
  static <S extends @Nullable Object, Y extends @Nullable Object> Coroutine<S, Y, Void> primedSink(
      MethodHandles.Lookup lookup, SinkBody<S, Y> body) {
    return Engines.primed(sink(lookup, body));
  }

  /**
   * As {@link #advance()}, and makes a value the result of the yield where the body waits.
   *
   * @param value what to send; null is the same as {@code advance()}
   * @return true if it yielded, and {@code current()} tells what; false if it has ended, in which
   *     case the value is ignored
   * @throws NotPrimedException if the value is not null and the coroutine has not been started
   * @throws WaitingValueException if a value that {@code hasNext()} fetched has not been taken
   * @throws AlreadyRunningException if it is running
   */
  boolean advance(S value);

  @Override
  @SuppressWarnings("NullAway") // sending nothing is sending null, whatever S is
  default boolean advance() {
    return advance((S) null);
  }

  /**
   * Sends a value to the yield where the body waits, and runs the body to its next yield. Python:
   * {@code g.send(v)}.
   *
   * @param value what to send; null is the same as {@code next()}
   * @return what it yields next
   * @throws StopIteration if it ends or has ended, with the result if it ended in this step
   * @throws NotPrimedException if the value is not null and the coroutine has not been started
   * @throws WaitingValueException if a value that {@code hasNext()} fetched has not been taken
   * @throws AlreadyRunningException if it is running
   */
  default Y send(S value) {
    boolean live = state() != State.CLOSED;
    if (advance(value)) {
      return current();
    }
    throw new StopIteration(live ? result() : null, this);
  }

  @Override
  @SuppressWarnings("NullAway") // sending nothing is sending null, whatever S is
  default Y next() {
    return send((S) null);
  }

  /**
   * What the body returned; it can be asked for ever.
   *
   * @return the result, null for a {@link #sink}
   * @throws IllegalStateException if there is none: the body has not ended, failed, or was closed
   *     without returning; the message says which
   */
  R result();
}
