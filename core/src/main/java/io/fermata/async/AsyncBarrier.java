package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;

/**
 * A meeting point for a fixed number of tasks: all of them go on when the last one has arrived.
 * Python: {@code asyncio.Barrier}.
 *
 * <pre>{@code
 * AsyncBarrier meeting = AsyncBarrier.of(3);
 * int index = co.await(meeting.arrive());
 * if (index == 0) log("all three are here");
 * }</pre>
 *
 * <p>A barrier can be used any number of times. The last task to arrive passes without suspending;
 * the others follow in the next round. A task that arrives while they leave waits until all have
 * left, and belongs to the next meeting.
 *
 * <pre>
 * FILLING   -&gt; DRAINING   the last task has arrived
 * FILLING, DRAINING, BROKEN
 *           -&gt; RESETTING  reset(), while tasks are inside
 * DRAINING, RESETTING
 *           -&gt; FILLING    the last task has left
 * any       -&gt; BROKEN     abort()
 * BROKEN    -&gt; FILLING    reset(), while no task is inside
 * </pre>
 *
 * <p><b>Cancellation.</b> A task that is cancelled while it waits leaves, and the barrier needs
 * another one in its place; the barrier does not break. A task that is cancelled after the last
 * arrival has counted: the others pass all the same.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds the barrier to its loop, and a
 * wait in another loop fails.
 *
 * <p><b>Cost.</b> An arrival allocates one small object.
 *
 * <p><b>Differences from Python.</b> {@code arrive()} replaces {@code wait()} and {@code async
 * with}; {@code reset()} and {@code abort()} need no await; indices stay distinct after a
 * cancellation.
 */
public final class AsyncBarrier {
  private enum Phase {
    FILLING,
    DRAINING,
    RESETTING,
    BROKEN
  }

  private final int parties;
  private final WaitLine<Arrival> fillers = new WaitLine<>(this);

  /** Arrivals while the tasks of the previous meeting leave. */
  private final WaitLine<Arrival> early = new WaitLine<>(fillers);

  private Phase phase = Phase.FILLING;

  /** The number of tasks that have arrived and have not left. */
  private int inside;

  private AsyncBarrier(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException(
          "a barrier of " + parties + " parties: it needs at least 1");
    }
    this.parties = parties;
  }

  /**
   * A barrier for a number of tasks.
   *
   * @param parties the number of tasks that meet
   * @return a new barrier, at which no task waits
   * @throws IllegalArgumentException if it is less than 1
   */
  public static AsyncBarrier of(int parties) {
    return new AsyncBarrier(parties);
  }

  /**
   * Waits until all tasks have arrived.
   *
   * @return an {@code Async} that gives the index of the arrival, from 0, in the order of arrival;
   *     no two tasks of a meeting get the same. The await throws a {@link BrokenBarrierException}
   *     if the barrier is broken, if it is aborted during the wait, or if it is reset while the
   *     task is inside; an {@link IllegalStateException} if it has to wait and the barrier belongs
   *     to another loop
   */
  @CheckReturnValue
  public Async<Integer> arrive() {
    return new Arrival();
  }

  /**
   * Resets the barrier to its initial state. All tasks inside throw a {@link
   * BrokenBarrierException}, even tasks that were released and have not run yet. Tasks that arrived
   * early fill the barrier once these have left.
   */
  public void reset() {
    fillers.check("reset()");
    phase = inside > 0 ? Phase.RESETTING : Phase.FILLING;
    wakeAll();
  }

  /**
   * Breaks the barrier: waiting and later arrivals throw a {@link BrokenBarrierException} until
   * {@link #reset}.
   */
  public void abort() {
    fillers.check("abort()");
    phase = Phase.BROKEN;
    wakeAll();
  }

  private void wakeAll() {
    fillers.wakeAll();
    early.wakeAll();
  }

  /**
   * The number of tasks that meet.
   *
   * @return at least 1
   */
  public int parties() {
    return parties;
  }

  /**
   * The number of tasks that wait for the others.
   *
   * @return the number; 0 while tasks leave
   */
  public int waiting() {
    return phase == Phase.FILLING ? inside : 0;
  }

  /**
   * Whether the barrier is broken.
   *
   * @return true from {@link #abort} to {@link #reset}
   */
  public boolean broken() {
    return phase == Phase.BROKEN;
  }

  private void countDeparture() {
    inside--;
    if (inside == 0) {
      if (phase != Phase.BROKEN) {
        phase = Phase.FILLING;
      }
      early.wakeAll();
    }
  }

  /** Releases the tasks inside, each with its index. */
  private void release() {
    phase = Phase.DRAINING;
    int index = 0;
    for (Arrival each = fillers.poll(); each != null; each = fillers.poll()) {
      each.give(index);
      index++;
    }
  }

  @Override
  public String toString() {
    String state = phase.name().toLowerCase(Locale.ROOT);
    return "barrier (" + state + ", " + waiting() + " of " + parties + " waiting)";
  }

  private final class Arrival extends QueuedParking<Integer> {
    /** Whether {@link #inside} counts this arrival. */
    private boolean isInside;

    @Override
    protected boolean begin(Loop loop) throws BrokenBarrierException {
      boolean passes = phase == Phase.BROKEN || (phase == Phase.FILLING && inside + 1 == parties);
      if (passes) {
        return arrive();
      }
      fillers.bind(loop);
      return enter();
    }

    @Override
    protected boolean arrive() throws BrokenBarrierException {
      if (!isInside) {
        return enter();
      }
      Phase wokenIn = phase;
      leave();
      if (wokenIn != Phase.DRAINING) {
        throw new BrokenBarrierException(
            "the barrier was "
                + (wokenIn == Phase.BROKEN ? "aborted" : "reset")
                + " during the wait");
      }
      return true;
    }

    /** Enters if the previous meeting has left; returns whether the await is over. */
    private boolean enter() throws BrokenBarrierException {
      if (phase == Phase.BROKEN) {
        throw new BrokenBarrierException("the barrier was aborted: reset() it to use it again");
      }
      if (phase != Phase.FILLING) {
        early.add(this);
        return false;
      }
      isInside = true;
      inside++;
      if (inside < parties) {
        fillers.add(this);
        return false;
      }
      release();
      give(parties - 1);
      leave();
      return true;
    }

    private void leave() {
      isInside = false;
      countDeparture();
    }

    @Override
    protected void abandon() {
      if (isInside) {
        fillers.remove(this);
        leave();
      } else {
        early.remove(this);
      }
    }

    @Override
    protected void giveBack() {
      if (isInside) {
        leave();
      }
    }

    @Override
    public String toString() {
      return "arrive() of " + AsyncBarrier.this;
    }
  }
}
