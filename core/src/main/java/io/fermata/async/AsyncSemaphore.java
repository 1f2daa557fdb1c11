package io.fermata.async;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;

/**
 * A number of permits that tasks take and give back: how many may do something at a time. Python:
 * {@code asyncio.Semaphore}, {@code asyncio.BoundedSemaphore}.
 *
 * <pre>{@code
 * AsyncSemaphore connections = AsyncSemaphore.bounded(8);
 * try (Permit one = co.await(connections.acquire())) {
 *   page = co.await(fetch(url));
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Those who wait are given permits in the order in which they came. Nobody can
 * overtake them, even if there is a permit at that moment: a task that asks while one that was
 * given a permit has not run yet waits behind it.
 *
 * <p><b>Cancellation.</b> An {@code acquire()} that is cancelled has no permit. If it was given one
 * before it could run, that goes to the next one; no permit is lost.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first task that has to wait binds it to its loop,
 * and a wait in another loop is refused. It does nothing for threads.
 *
 * <p><b>Cost.</b> An {@code acquire()} is one small object, which also is its place in the line and
 * the {@link Permit}. If it need not wait, the task keeps its turn.
 *
 * <p><b>Differences from Python.</b> {@code acquire()} gives a {@link Permit} instead of true; one
 * release too many is an {@code IllegalStateException}.
 */
public final class AsyncSemaphore {
  private final WaitLine<Acquire> line = new WaitLine<>(this);
  private final int most;

  /** Permits that nobody has. */
  private int free;

  /** Tasks that were given a permit, and have not run yet. */
  private int granted;

  private AsyncSemaphore(int permits, int most) {
    if (permits < 0) {
      throw new IllegalArgumentException(
          "a semaphore cannot begin with " + permits + " permits; 0 is the least");
    }
    this.free = permits;
    this.most = most;
  }

  /**
   * A semaphore to which permits may be added, by more releases than acquires.
   *
   * @param permits how many there are at first; may be 0
   * @return a new semaphore
   * @throws IllegalArgumentException if it is negative
   */
  public static AsyncSemaphore of(int permits) {
    return new AsyncSemaphore(permits, Integer.MAX_VALUE);
  }

  /**
   * A semaphore that never has more permits than at first: a release too many is an error.
   *
   * @param permits how many there are
   * @return a new semaphore
   * @throws IllegalArgumentException if it is negative
   */
  public static AsyncSemaphore bounded(int permits) {
    return new AsyncSemaphore(permits, permits);
  }

  /**
   * Waits until there is a permit and nobody has come before, and takes it. Cancelled, it has taken
   * none.
   *
   * @return gives what gives the permit back
   * @throws IllegalStateException from the await, if it has to wait, and tasks of another loop have
   *     waited for this semaphore
   */
  public Async<Permit> acquire() {
    return new Acquire();
  }

  /**
   * Adds a permit, and gives it to the first one that waits. Any task may do so, and callbacks.
   *
   * @throws IllegalStateException if it is bounded and has all its permits
   */
  public void release() {
    line.check("release()");
    if (free >= most) {
      throw new IllegalStateException(
          "cannot release: the semaphore has all of its "
              + most
              + " permits; each acquire() is followed by one release");
    }
    free++;
    grant();
  }

  /**
   * Whether one who asks now would have to wait.
   *
   * @return true if there is no permit, or somebody has come before and has not run yet
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

  private final class Acquire extends QueuedParking<Permit> implements Permit {
    /** Whether a permit is kept for it until it runs. */
    private boolean queued;

    private boolean closed;

    @Override
    protected boolean isFree() {
      return !locked();
    }

    @Override
    protected boolean begin(Loop loop) {
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
        grant(); // those who came meanwhile, and had to wait for this one
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
