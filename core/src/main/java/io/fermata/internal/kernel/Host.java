package io.fermata.internal.kernel;

/** Where a loop lives: the thread that runs it. */
public interface Host {
  /**
   * Ends a {@link #sleep}, also one that is about to begin. Called on any thread.
   *
   * <p>What the caller wrote before is seen by the loop after the sleep.
   */
  void wake();

  /**
   * Waits until the clock has reached a deadline, or somebody {@linkplain #wake wakes} the loop, or
   * the thread is interrupted; may return early.
   *
   * @param deadline in nanoseconds of the loop's clock; {@link Long#MAX_VALUE} for none
   */
  void sleep(long deadline);
}
