package io.fermata.async;

/** The condition on which {@link Async#wait} returns. */
public enum ReturnWhen {
  /** As soon as one has ended in any way. */
  FIRST_COMPLETED,

  /**
   * As soon as one has failed; a cancellation is not a failure. If none fails, when all have ended.
   */
  FIRST_EXCEPTION,

  /** When all have ended. */
  ALL_COMPLETED
}
