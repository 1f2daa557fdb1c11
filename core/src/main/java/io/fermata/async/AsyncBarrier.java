package io.fermata.async;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;

/**
 * A point where a number of tasks meet: all go on when the last one has come. Python: {@code
 * asyncio.Barrier}.
 *
 * <pre>{@code
 * AsyncBarrier meeting = AsyncBarrier.of(3);
 * int index = co.await(meeting.arrive());
 * if (index == 0) log("all three are here");
 * }</pre>
 *
 * <p>It can be used again and again. The last one to come passes without suspending; the others
 * follow in the next round. Whoever comes while they leave waits until all have left, and belongs
 * to the next meeting.
 *
 * <pre>
 * FILLING   -&gt; DRAINING   the last one has come
 * FILLING, DRAINING, BROKEN
 *           -&gt; RESETTING  reset(), while there are tasks inside
 * DRAINING, RESETTING
 *           -&gt; FILLING    the last one has left
 * any       -&gt; BROKEN     abort()
 * BROKEN    -&gt; FILLING    reset(), when nobody is inside
 * </pre>
 *
 * <p><b>Cancellation.</b> A task that is cancelled while it waits leaves, and the barrier needs one
 * more; it is not broken by that. One that is cancelled when all had come already has been there:
 * the others pass all the same.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first task that has to wait binds it to its loop,
 * and a wait in another loop is refused.
 *
 * <p><b>Cost.</b> An arrival is one small object.
 *
 * <p><b>Differences from Python.</b> {@code arrive()} is what {@code wait()} and {@code async with}
 * are; {@code reset()} and {@code abort()} need no await; indices stay distinct when somebody was
 * cancelled.
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

  /** Those who came while others were leaving. */
  private final WaitLine<Arrival> early = new WaitLine<>(fillers);

  private Phase phase = Phase.FILLING;

  /** Tasks that have come, and have not left. */
  private int inside;

  private AsyncBarrier(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException(
          "a barrier cannot be of " + parties + " parties; 1 is the least");
    }
    this.parties = parties;
  }

  /**
   * A barrier.
   *
   * @param parties how many have to come
   * @return a new barrier, at which nobody waits
   * @throws IllegalArgumentException if it is less than 1
   */
  public static AsyncBarrier of(int parties) {
    return new AsyncBarrier(parties);
  }

  /**
   * Waits until all have come.
   *
   * @return gives a number that none of the others gets: from 0, in the order of coming The await
   *     throws a {@link BrokenBarrierException} if the barrier is aborted, or was while it waited,
   *     or was reset while it was inside; an {@link IllegalStateException} if it has to wait, and
   *     tasks of another loop have waited for this barrier
   */
  public Async<Integer> arrive() {
    return new Arrival();
  }

  /**
   * Makes it as new. Tasks inside, also such as have not run yet after the last one came, throw a
   * {@link BrokenBarrierException}; those that came early begin to fill it once these have left.
   */
  public void reset() {
    fillers.check("reset()");
    phase = inside > 0 ? Phase.RESETTING : Phase.FILLING;
    wakeAll();
  }

  /** Breaks it: all that are here or come throw a {@link BrokenBarrierException}, until a reset. */
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
   * How many have to come.
   *
   * @return at least 1
   */
  public int parties() {
    return parties;
  }

  /**
   * How many wait for the others.
   *
   * @return 0 while tasks are leaving
   */
  public int waiting() {
    return phase == Phase.FILLING ? inside : 0;
  }

  /**
   * Whether it is broken.
   *
   * @return true from {@link #abort} to {@link #reset}
   */
  public boolean broken() {
    return phase == Phase.BROKEN;
  }

  private void left() {
    inside--;
    if (inside == 0) {
      if (phase != Phase.BROKEN) {
        phase = Phase.FILLING;
      }
      early.wakeAll();
    }
  }

  /** The last one has come: everybody gets a number, and goes. */
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
    /** Whether it counts as one of those who have come. */
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
      Phase metBy = phase;
      leave();
      if (metBy != Phase.DRAINING) {
        throw new BrokenBarrierException(
            "the barrier was " + (metBy == Phase.BROKEN ? "aborted" : "reset") + " meanwhile");
      }
      return true;
    }

    /** Comes, if those before have left; returns whether it may go on. */
    private boolean enter() throws BrokenBarrierException {
      if (phase == Phase.BROKEN) {
        throw new BrokenBarrierException(
            "the barrier was aborted; after a reset() it can be used again");
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
      left();
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
