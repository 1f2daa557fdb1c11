package io.fermata.internal.loop;

/**
 * A reason from outside to end a run: a signal, or an interrupt of the thread.
 *
 * @param reason the reason of the main task's cancellation
 * @param failure makes the exception of the run
 */
public record RunInterrupt(String reason, Failure failure) {
  /** Makes what the run throws. */
  @FunctionalInterface
  public interface Failure {
    /**
     * The failure of a run that was cut short.
     *
     * @param message what happened
     */
    InterruptedException of(String message);
  }
}
