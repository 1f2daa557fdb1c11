package io.fermata.internal.kernel;

import io.fermata.runtime.Leaf;
import org.jspecify.annotations.Nullable;

/**
 * The end of an await: <em>park me, and here is how to undo it</em>. Timers, promises, tasks, locks
 * and queues are written on this one interface.
 *
 * <pre>
 * park      -&gt; PARKED: the task is parked until task.wake(), which comes once
 *           -&gt; any other value is the result: the task need not wait, outcome() is not called
 * undo      the parked task is cancelled. True: the task will be woken, and outcome() tells the rest.
 *           False: it was woken already
 * outcome   the task runs again: the result, or AGAIN to wait on; or throws
 * refuse    comes before outcome(), whose value is dropped: the task was woken and then cancelled,
 *           so it gives back what was handed over
 * </pre>
 *
 * <p>The loop calls all of them, on its thread. {@code park} and {@code undo} may wake the task: it
 * becomes ready and runs in the next round.
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
