package io.fermata.async;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A scheduled callback of a loop. */
public interface Handle {
  /**
   * Cancels the callback unless it has run. Call it on the loop's thread; a second call does
   * nothing.
   */
  void cancel();

  /**
   * Whether it was cancelled.
   *
   * @return true after {@link #cancel}
   */
  boolean cancelled();

  /**
   * The time at which the callback is due.
   *
   * @return a time of its loop's clock; null if the callback runs as soon as possible
   */
  @Nullable Duration when();
}
