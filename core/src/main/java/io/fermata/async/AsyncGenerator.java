package io.fermata.async;

import io.fermata.State;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A generator whose body also awaits, so that each of its steps is awaited. Python: an {@code async
 * def} with {@code yield}.
 *
 * <pre>{@code
 * static AsyncGenerator<Integer> ticks(int n) {
 *   return AsyncGenerator.of(co -> {
 *     for (int i = 0; i < n; i++) {
 *       co.await(Async.sleep(Duration.ofMillis(10)));
 *       co.yield(i);
 *     }
 *   });
 * }
 *
 * AsyncGenerator<Integer> ticks = ticks(3);
 * try {
 *   while (co.await(ticks.advance())) {
 *     System.out.println(ticks.current());
 *   }
 * } finally {
 *   co.await(ticks.aclose());
 * }
 * co.await(ticks(3).forEach((in, tick) -> System.out.println(tick)));   // the same
 * }</pre>
 *
 * <p><b>Steps.</b> {@code advance}, {@code anext}, {@code athrow} and {@code aclose} run nothing;
 * what they give is an {@link Async}, which takes the step when it is awaited, once. The step runs
 * the body as a part of the task that awaits it, in its context, up to the next yield. If the body
 * need not wait, neither does the step. There is one step at a time: one that is awaited while
 * another is under way, or by the body itself, is an {@link io.fermata.AlreadyRunningException},
 * and is spent; the one under way is not harmed. It waits for nobody, {@code aclose} neither.
 *
 * <p><b>Cancellation.</b> A step masks nothing: a request to the task, or a cancelled scope around
 * the step, throws {@link Cancelled} at the await in the body. If the body lets it out, the
 * generator has ended, and what it would have yielded in this step is lost. A step that is
 * cancelled before it has begun leaves the generator as it is. In a cancelled scope, {@code aclose}
 * runs the finally blocks of the body, and their awaits throw; so the generator is closed all the
 * same.
 *
 * <p><b>Closing.</b> Leaving a loop early does not close it: the body stays suspended at its yield,
 * and its finally blocks have not run. Use {@code try} and {@code finally}, {@link #forEach} or
 * {@link Async#using}. When a loop is closed, it closes what generators are still open, see {@link
 * EventLoop#shutdownAsyncGenerators}.
 *
 * <p><b>Scopes.</b> The body may await a {@link TaskGroup} or a {@link Timeout}, but not yield in
 * one: who takes the next step may be another task, which that scope would cancel in vain (PEP
 * 789). Such a yield throws an {@code IllegalStateException}.
 *
 * <p><b>Threading.</b> It belongs to the loop whose tasks step it. <b>Cost.</b> A step allocates
 * its {@code Async}; on the compiled engine it needs no thread.
 *
 * <p>A type of yours may implement it: five methods say everything.
 *
 * @param <Y> what it yields
 */
public interface AsyncGenerator<Y extends @Nullable Object> extends AsyncCloseable {
  /**
   * An asynchronous generator that executes a body. Runs nothing yet.
   *
   * @param body what to execute
   * @param <Y> what it yields
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> of(AsyncGeneratorBody<Y> body) {
    return new SteppedGenerator<>(Bodies.generator(null, body));
  }

  /**
   * As {@link #of(AsyncGeneratorBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body what to execute
   * @param <Y> what it yields
   * @return a new generator, not started
   */
  static <Y extends @Nullable Object> AsyncGenerator<Y> of(
      MethodHandles.Lookup lookup, AsyncGeneratorBody<Y> body) {
    return new SteppedGenerator<>(Bodies.generator(Objects.requireNonNull(lookup, "lookup"), body));
  }

  /**
   * A step to the next yield; the fastest one.
   *
   * @return gives true if there is a {@link #current} value, false at the end and ever after. It
   *     throws what the body throws, as it is; that ends the generator.
   */
  Async<Boolean> advance();

  /**
   * What was yielded in the last {@code advance()}.
   *
   * @return the value, as often as you like until the next step begins
   * @throws IllegalStateException if the last step was no {@code advance()} that gave true
   */
  Y current();

  /**
   * A step to the next yield. Python: {@code anext(g)}.
   *
   * @return gives what is yielded, and keeps nothing; throws {@link StopAsyncIteration} at the end
   *     and ever after
   */
  default Async<Y> anext() {
    return new NextFrame<>(this);
  }

  /**
   * A step to the next yield. Python: {@code anext(g, default)}.
   *
   * @param atEnd what it gives at the end
   * @return gives what is yielded; at the end and ever after, {@code atEnd}
   */
  default Async<Y> anext(Y atEnd) {
    return new NextFrame<>(this, atEnd);
  }

  /**
   * A step that throws something at the yield where the body stands.
   *
   * <p>Before the first step, and after the end, it throws the exception itself and runs nothing;
   * the generator has ended then. (CPython does nothing if it had ended.)
   *
   * @param exception what to throw, this very instance
   * @return gives what the body yields next, if it has caught it; {@link StopAsyncIteration} if it
   *     returns; else throws what the body throws
   */
  Async<Y> athrow(Throwable exception);

  /**
   * A step that ends it: raises a {@link io.fermata.GeneratorExit} at the yield where the body
   * stands, and runs what it awaits in its finally blocks. Before the first step it runs nothing,
   * and after the end neither.
   *
   * @return gives null when the body has ended, by that or by returning; throws what else the body
   *     throws. If the body yields, it throws an {@link io.fermata.IgnoredExitException}, the
   *     generator stands at that yield, and can be closed again.
   */
  @Override
  Async<Void> aclose();

  /**
   * Executes a body for each value, one after the other, and closes the generator on every way out:
   * at its end, and if the body fails or is cancelled. What {@code aclose} fails with then is
   * suppressed in the body's exception. To leave early without an exception, write the loop.
   *
   * @param body gets a {@code co} of its own and the value
   * @return the loop, cold; as long as it is not awaited, it closes nothing
   */
  default Async<Void> forEach(ScopeAction<Y> body) {
    return new ForEachFrame<>(this, Objects.requireNonNull(body, "the body is null"));
  }

  /**
   * Where it stands.
   *
   * @return {@code CREATED} before its first step, {@code RUNNING} during one, also while that
   *     waits; {@code SUSPENDED} at a yield; {@code CLOSED} after the end, a failure or {@code
   *     aclose}
   */
  State state();

  /**
   * The engine that runs its body.
   *
   * @return {@code "compiled"} or {@code "thread"}; {@code "library"} if it has no body
   */
  default String engine() {
    return "library";
  }

  /**
   * Why that engine runs it.
   *
   * @return one sentence with file and line, where they are known
   */
  default String engineReason() {
    return this + " has no body that an engine would run";
  }
}
