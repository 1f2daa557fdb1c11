package io.fermata.internal.loop;

/**
 * A reason from outside to end a run.
 *
 * @param reason what the main task is cancelled with
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
