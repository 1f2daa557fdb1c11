package io.fermata.async;

/**
 * What a {@linkplain Async#ticker ticker} does about ticks that were due before they were asked
 * for.
 */
public enum MissedTicks {
  /** Each of them comes, at once, until the ticker has caught up. */
  BURST,

  /** One comes at once; the next is due one period after that. */
  DELAY,

  /** One comes at once; the next is due at the next multiple of the period. */
  SKIP
}
