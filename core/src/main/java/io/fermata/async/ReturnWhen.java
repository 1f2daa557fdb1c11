package io.fermata.async;

/** When {@link Async#wait} stops waiting. */
public enum ReturnWhen {
  /** As soon as one has ended, however. */
  FIRST_COMPLETED,

  /**
   * As soon as one has failed; one that was cancelled has not. If none fails, when all have ended.
   */
  FIRST_EXCEPTION,

  /** When all have ended. */
  ALL_COMPLETED
}
