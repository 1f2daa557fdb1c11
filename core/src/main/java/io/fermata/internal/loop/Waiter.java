package io.fermata.internal.loop;

import io.fermata.internal.kernel.Parked;

/**
 * Who waits: a task, or one of the cases of a task that waits for several things at once. Whoever
 * wakes it need not know which.
 */
public interface Waiter extends Parked {
  /** The task that waits, or that it stands for. */
  LoopTask<?> task();
}
