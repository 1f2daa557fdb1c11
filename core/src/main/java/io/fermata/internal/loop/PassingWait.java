package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;

/**
 * A wait for tasks and promises. A cancellation of it goes on to them, and it ends when they have.
 */
public interface PassingWait extends Waitable {
  /**
   * The task shall not wait any longer: tells the walk to whom the cancellation goes on.
   *
   * @param task that waits
   * @param why the cancellation
   * @param isRequest whether it is a request to the task; else a scope of it was cancelled
   * @param on collects the next ones
   * @return false if the wait was over already
   */
  boolean pass(Parked task, Cancelled why, boolean isRequest, CancelWalk.Next on);

  /**
   * All of them were told.
   *
   * @param task that waits
   * @param told what has become of that
   * @return whether the wait ends when they have; false if the task need not be cancelled by it, or
   *     was let go
   */
  boolean passed(Parked task, CancelWalk.Told told);

  @Override
  default boolean undo(Parked task, Throwable why) {
    return CancelWalk.pass((LoopTask<?>) task, this, (Cancelled) why);
  }
}
