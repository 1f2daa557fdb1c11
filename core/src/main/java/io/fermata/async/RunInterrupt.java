package io.fermata.async;

/**
 * A reason from outside to end a run.
 *
 * @param reason what the main task is cancelled with
 */
record RunInterrupt(String reason, Failure failure) {
  /** Makes what the run throws. */
  @FunctionalInterface
  interface Failure {
    /**
     * The failure of a run that was cut short.
     *
     * @param message what happened
     */
    InterruptedException of(String message);
  }
}
