package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.HoldingFrame;
import io.fermata.internal.waiting.Admission;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * A set of permits that limits how many tasks do something at the same time. Python: {@code
 * asyncio.Semaphore}, {@code asyncio.BoundedSemaphore}.
 *
 * <pre>{@code
 * AsyncSemaphore connections = AsyncSemaphore.bounded(8);
 * try (Permit one = co.await(connections.acquire())) {
 *   page = co.await(fetch(url));
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Waiting tasks get permits in the order of their arrival. No task can overtake
 * them, even if a permit is free: while a task that was granted a permit has not run yet, a task
 * that asks waits behind it.
 *
 * <p><b>Cancellation.</b> A cancelled {@code acquire()} has no permit. If it was granted one before
 * it ran, the next waiting task gets that permit; no permit is lost.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds the semaphore to its loop, and a
 * wait in another loop fails. The semaphore does not synchronise threads.
 *
 * <p><b>Cost.</b> An {@code acquire()} allocates one small object, which is also its place in the
 * line and the {@link Permit}. If it does not wait, the task keeps its turn.
 *
 * <p><b>Differences from Python.</b> {@code acquire()} gives a {@link Permit} instead of true; a
 * release too many throws an {@code IllegalStateException}.
 */
public final class AsyncSemaphore {
  private final Permits permits = new Permits();
  private final int limit;

  /** The number of free permits. */
  private int free;

  private AsyncSemaphore(int permits, int limit) {
    if (permits < 0) {
      throw new IllegalArgumentException(
          "a semaphore with " + permits + " permits: it needs at least 0");
    }
    this.free = permits;
    this.limit = limit;
  }

  /**
   * An unbounded semaphore: a release without an acquire adds a permit.
   *
   * @param permits the initial number; may be 0
   * @return a new semaphore
   * @throws IllegalArgumentException if it is negative
   */
  public static AsyncSemaphore of(int permits) {
    return new AsyncSemaphore(permits, Integer.MAX_VALUE);
  }

  /**
   * A bounded semaphore: a release beyond the initial number of permits fails.
   *
   * @param permits the number of permits; may be 0
   * @return a new semaphore
   * @throws IllegalArgumentException if it is negative
   */
  public static AsyncSemaphore bounded(int permits) {
    return new AsyncSemaphore(permits, permits);
  }

  /**
   * Waits until a permit is free and no earlier task waits, and takes it. A cancelled await has
   * taken none.
   *
   * @return an {@code Async} that gives the permit; closing it releases the semaphore
   * @throws IllegalStateException from the await, if it has to wait and the semaphore belongs to
   *     another loop
   */
  @CheckReturnValue
  public Async<Permit> acquire() {
    return new Acquire(this, 1);
  }

  /**
   * Waits until several permits are free and no earlier task waits, and takes them all at once. A
   * task that asks for fewer does not overtake one that asks for more. A cancelled await has taken
   * none; those behind it move up.
   *
   * @param n the number of permits, at least 1
   * @return an {@code Async} that gives the permits; closing it releases all of them
   * @throws IllegalArgumentException if {@code n} is less than 1, or more than a bounded semaphore
   *     has
   * @throws IllegalStateException from the await, if it has to wait and the semaphore belongs to
   *     another loop
   */
  @CheckReturnValue
  public Async<Permit> acquire(int n) {
    checkPositive(n);
    if (n > limit) {
      throw new IllegalArgumentException(
          "cannot acquire " + n + " permits: the semaphore has no more than " + limit);
    }
    return new Acquire(this, n);
  }

  /**
   * Adds a permit, and grants it to the first waiting task. Any task or callback may release.
   *
   * @throws IllegalStateException if the semaphore is bounded and has all its permits
   */
  public void release() {
    release(1);
  }

  /**
   * Adds several permits, and grants them to the first waiting tasks. Any task or callback may
   * release.
   *
   * @param n the number of permits, at least 1
   * @throws IllegalArgumentException if {@code n} is less than 1
   * @throws IllegalStateException if a bounded semaphore would have more permits than at first; it
   *     keeps those that it has
   */
  public void release(int n) {
    permits.check("release()");
    checkPositive(n);
    if (n > limit - free) {
      throw new IllegalStateException(
          "cannot release: the semaphore has "
              + (free == limit ? "all" : free)
              + " of its "
              + limit
              + " permits; release once for each acquire()");
    }
    free += n;
    permits.admit();
  }

  private static void checkPositive(int n) {
    if (n < 1) {
      throw new IllegalArgumentException(n + " permits: at least 1 is needed");
    }
  }

  /**
   * Runs a body with a permit: acquires one, runs the body, and releases it on every way out.
   *
   * <pre>{@code
   * AsyncSemaphore connections = AsyncSemaphore.bounded(8);
   * page = co.await(connections.holding(in -> in.await(fetch(url))));
   * }</pre>
   *
   * <p>If the await is cancelled while it waits for the permit, the body never runs.
   *
   * @param body the body
   * @param <T> the type of the result
   * @return an {@code Async} that gives the result of the body
   */
  @CheckReturnValue
  public <T extends @Nullable Object> Async<T> holding(AsyncBody<T> body) {
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
  public <T extends @Nullable Object> Async<T> holding(
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
  public Async<Void> holdingAction(AsyncAction body) {
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
  public Async<Void> holdingAction(MethodHandles.Lookup lookup, AsyncAction body) {
    return new HoldingFrame<>(this::acquire, Bodies.action(Bodies.given(lookup), body));
  }

  /**
   * Whether an {@link #acquire} would have to wait now.
   *
   * @return true if no permit is free, or an earlier task waits or has not run yet
   */
  public boolean locked() {
    return !permits.isOpen(1);
  }

  @Override
  public String toString() {
    return "semaphore (" + (locked() ? "locked" : "free: " + free) + permits.waiting() + ")";
  }

  /** The permits as what is scarce. */
  private final class Permits extends Admission {
    Permits() {
      super(AsyncSemaphore.this);
    }

    @Override
    protected boolean has(int amount) {
      return free >= amount;
    }

    @Override
    protected void take(int amount) {
      free -= amount;
    }

    @Override
    protected void putBack(int amount) {
      free += amount;
    }
  }

  private static final class Acquire extends Admission.Entry<Permit> implements Permit {
    private final AsyncSemaphore semaphore;
    private boolean closed;

    Acquire(AsyncSemaphore semaphore, int amount) {
      super(semaphore.permits, amount);
      this.semaphore = semaphore;
    }

    @Override
    protected Permit admitted() {
      return this;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        semaphore.release(amount);
      }
    }

    @Override
    public String toString() {
      return "acquire(" + (amount == 1 ? "" : amount) + ") of " + semaphore;
    }
  }
}
