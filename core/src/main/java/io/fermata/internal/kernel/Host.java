package io.fermata.internal.kernel;

/** The place where the thread of a loop waits. */
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

  /** Whether it has to be {@linkplain #poll polled}; always gives the same answer. */
  default boolean polls() {
    return false;
  }

  /**
   * Looks, without waiting, for what has happened outside, if {@link #polls} says so. Called by the
   * loop in each round before it runs what is ready; what becomes ready by it runs in this round.
   */
  default void poll() {}

  /**
   * A task waits for a call on another thread from now on. Called by the loop.
   *
   * @param call names it
   */
  default void callBegins(Object call) {}

  /**
   * A call has ended. Called on any thread.
   *
   * @param call its name
   * @param deliver tells the loop; called once, on any thread, now or later
   */
  default void callEnds(Object call, Runnable deliver) {
    deliver.run();
  }

  /** No task waits for a call any more, which may go on. Called by the loop. */
  default void callIsLeft(Object call) {}

  /** Gives back what it holds. Called by the loop, last, when it is closed. */
  default void close() {}
}
