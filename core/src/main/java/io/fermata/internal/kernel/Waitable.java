package io.fermata.internal.kernel;

import io.fermata.runtime.Leaf;
import org.jspecify.annotations.Nullable;

/**
 * What a suspended task hands to its loop: <em>park me, and here is how to undo it</em>. Everything
 * that waits is written on this: timers, promises, tasks, locks, queues.
 *
 * <pre>
 * park      -&gt; PARKED: the task is parked, until somebody calls task.wake(), once
 *           -&gt; else what the await gives: it need not wait, and outcome() is not called
 * undo      the parked task is cancelled: true if it is going to be woken, and outcome() will tell
 *           the rest; false if it has been woken already
 * outcome   the task runs again: what the await gives, or throws; or AGAIN: it waits once more
 * refuse    before outcome, whose value is dropped: the task that was woken is cancelled, so take
 *           back what was handed over
 * </pre>
 *
 * <p>All are called by the loop, on its thread. The task may be woken from within {@code park} and
 * {@code undo}: it only becomes ready, and runs in the next round.
 */
public interface Waitable extends Leaf {
  /** What {@link #park} returns if the task has to wait. */
  Object PARKED = new Object();

  /** Instead of an outcome: what the task was woken for is gone, and it has to wait once more. */
  Object AGAIN = new Object();

  /**
   * Begins to wait, or is over at once.
   *
   * @param task to be woken
   * @return {@link #PARKED}, or what the await gives if it need not wait
   * @throws Throwable what the await throws instead of waiting
   */
  @Nullable Object park(Parked task) throws Throwable;

  /**
   * The task shall not wait any longer. Either lets it go at once (forget it, {@linkplain
   * Parked#wake wake} it, and throw {@code why} from {@link #outcome}) or passes this on to what it
   * waits for, and wakes it when that has ended.
   *
   * @param task that waits
   * @param why a cancellation
   * @return false if it had been woken before
   */
  boolean undo(Parked task, Throwable why);

  /**
   * What the await gives; called once, by the task that was woken.
   *
   * @param task that waited
   * @return the value; {@link #AGAIN} if it was woken, not refused, and is parked once more
   * @throws Throwable what the await throws
   */
  @Nullable Object outcome(Parked task) throws Throwable;

  /**
   * The task was woken, and then cancelled before it ran: what it was woken for is not wanted.
   * Followed by {@link #outcome}, which tells whether the wait had failed; its value is dropped.
   *
   * @param task that waited
   */
  default void refuse(Parked task) {}
}
