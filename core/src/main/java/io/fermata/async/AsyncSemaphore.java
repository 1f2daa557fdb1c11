package io.fermata.async;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;

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
  private final WaitLine<Acquire> line = new WaitLine<>(this);
  private final int limit;

  /** The number of free permits. */
  private int free;

  /** The number of tasks that were granted a permit and have not run yet. */
  private int granted;

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
  public Async<Permit> acquire() {
    return new Acquire();
  }

  /**
   * Adds a permit, and grants it to the first waiting task. Any task or callback may release.
   *
   * @throws IllegalStateException if the semaphore is bounded and has all its permits
   */
  public void release() {
    line.check("release()");
    if (free >= limit) {
      throw new IllegalStateException(
          "cannot release: the semaphore has all of its "
              + limit
              + " permits; release once for each acquire()");
    }
    free++;
    grant();
  }

  /**
   * Whether an {@link #acquire} would have to wait now.
   *
   * @return true if no permit is free, or an earlier task waits or has not run yet
   */
  public boolean locked() {
    return free == 0 || granted > 0 || !line.isEmpty();
  }

  private void grant() {
    while (free > 0 && !line.isEmpty()) {
      free--;
      granted++;
      line.wakeFirst();
    }
  }

  @Override
  public String toString() {
    return "semaphore (" + (locked() ? "locked" : "free: " + free) + line.waiting() + ")";
  }

  private final class Acquire extends QueuedParking<Permit> implements Permit, Selectable {
    /** Whether it has waited, so that a permit is kept for it until it runs. */
    private boolean queued;

    private boolean closed;

    @Override
    protected boolean isFree() {
      return !locked();
    }

    @Override
    protected boolean begin(Loop loop) {
      queued = false; // a select may begin again
      if (isFree()) {
        return arrive();
      }
      line.add(this, loop);
      queued = true;
      return false;
    }

    @Override
    protected boolean arrive() {
      if (queued) {
        granted--;
        grant(); // tasks may have queued behind this one although permits were free
      } else {
        free--;
      }
      give(this);
      return true;
    }

    @Override
    protected void abandon() {
      line.remove(this);
    }

    @Override
    protected void giveBack() {
      granted--;
      free++;
      grant();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release();
      }
    }

    @Override
    public String toString() {
      return "acquire() of " + AsyncSemaphore.this;
    }
  }
}
