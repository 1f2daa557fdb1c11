package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Waitable;
import org.jspecify.annotations.Nullable;

/**
 * A wait that can be one of the cases of a select: it takes nothing until it is chosen, and can be
 * left without a trace.
 *
 * <pre>
 * enter    it belongs to the select, and is refused elsewhere
 * isReady  whether offer() need not wait; asks, and changes nothing
 * offer    as {@link Waitable#park}, with a stand-in for the task
 * retract  the stand-in waits no longer; it can be offered again
 * exit     the select has chosen, or has failed; once, at the end
 * </pre>
 *
 * <p>What the stand-in was woken for is taken by {@link Waitable#outcome}, or given back by {@link
 * Waitable#refuse}, as for a task.
 */
public interface Selectable extends Waitable {
  /**
   * Begins to belong to a select.
   *
   * @param task that waits
   * @throws IllegalStateException if it was awaited elsewhere
   */
  default void enter(LoopTask<?> task) {}

  /** Whether it would be over at once, with a value or a failure. */
  boolean isReady(LoopTask<?> task);

  /**
   * Takes what is there, or begins to wait.
   *
   * @param standIn to be woken
   * @return the value, or {@link #PARKED}
   * @throws Throwable the failure of the wait
   */
  default @Nullable Object offer(Listener standIn) throws Throwable {
    return park((Waiter) standIn);
  }

  /** Forgets a stand-in that was not woken; does nothing if it does not wait. */
  void retract(Listener standIn);

  /** Ends to belong to a select. */
  default void exit() {}

  /** What the task has to await once this was chosen; null if the outcome is the result. */
  default @Nullable Async<?> rest() {
    return null;
  }
}
