package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.HoldingFrame;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one task holds at a time. It protects what must stay true across awaits. Python:
 * {@code asyncio.Lock}.
 *
 * <pre>{@code
 * AsyncLock lock = AsyncLock.open();
 * try (Permit held = co.await(lock.acquire())) {
 *   int seen = counter;
 *   co.await(store(seen + 1));                          // others run, but none that wants the lock
 *   counter = seen + 1;
 * }
 * }</pre>
 *
 * <p>A task needs no lock between two awaits, because no other task runs. Use an {@link
 * AsyncSemaphore} to admit several tasks, and an {@link AsyncCondition} to wait for a change by
 * another task.
 *
 * <p><b>Order.</b> Waiting tasks get the lock in the order of their arrival, one for each release.
 * A released lock is free until the first waiting task runs in the next round, but no task can
 * overtake it: a task that asks meanwhile, even the releasing one, waits behind the others. The
 * lock is not re-entrant: a task that acquires it twice waits for itself.
 *
 * <p><b>Cancellation.</b> A cancelled {@code acquire()} does not hold the lock. If it was woken
 * already, the next waiting task is woken in its place; no release is lost.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds the lock to its loop, and a wait
 * in another loop fails. The lock does not synchronise threads.
 *
 * <p><b>Cost.</b> An {@code acquire()} allocates one small object, which is also its place in the
 * line and the {@link Permit}. If the lock is free, the task keeps its turn.
 *
 * <p><b>Differences from Python.</b> {@code acquire()} gives a {@link Permit} instead of true;
 * {@code async with} is try-with-resources.
 */
public sealed interface AsyncLock permits AsyncCondition, FairLock {
  /**
   * A free lock. No loop needs to run here.
   *
   * @return a new lock
   */
  static AsyncLock open() {
    return new FairLock();
  }

  /**
   * Waits until the lock is free and no earlier task waits, and takes it. A cancelled await has not
   * taken it.
   *
   * @return an {@code Async} that gives the permit that releases the lock
   * @throws IllegalStateException from the await, if it has to wait and the lock belongs to another
   *     loop
   */
  @CheckReturnValue
  Async<Permit> acquire();

  /**
   * Runs a body with the lock: acquires it, runs the body, and releases it on every way out. It
   * does what try-with-resources does, without the warning of {@code -Xlint:try}.
   *
   * <pre>{@code
   * AsyncLock lock = AsyncLock.open();
   * balance = co.await(lock.holding(in -> balance + in.await(deposit())));
   * }</pre>
   *
   * <p>If the await is cancelled while it waits for the lock, the body never runs.
   *
   * @param body the body
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body
   */
  @CheckReturnValue
  default <T extends @Nullable Object> Async<T> holding(AsyncBody<T> body) {
    return new HoldingFrame<>(this::acquire, Bodies.of(null, body));
  }

  /**
   * As {@link #holding(AsyncBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body
   */
  @CheckReturnValue
  default <T extends @Nullable Object> Async<T> holding(
      MethodHandles.Lookup lookup, AsyncBody<T> body) {
    return new HoldingFrame<>(this::acquire, Bodies.of(Bodies.given(lookup), body));
  }

  /**
   * As {@link #holding(AsyncBody)}, for a body without a result.
   *
   * @param body the body
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  default Async<Void> holdingAction(AsyncAction body) {
    return new HoldingFrame<>(this::acquire, Bodies.action(null, body));
  }

  /**
   * As {@link #holdingAction(AsyncAction)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  default Async<Void> holdingAction(MethodHandles.Lookup lookup, AsyncAction body) {
    return new HoldingFrame<>(this::acquire, Bodies.action(Bodies.given(lookup), body));
  }

  /**
   * Releases the lock; the first waiting task takes it in the next round. Any task or callback may
   * release it.
   *
   * @throws IllegalStateException if the lock is not held
   */
  void release();

  /**
   * Whether a task holds the lock. No task holds it between a release and the step of the first
   * waiting task, although no other task can take it then.
   *
   * @return true if it is held
   */
  boolean locked();
}
