package io.fermata.async;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A callback that a loop is going to run. */
public interface Handle {
  /** Has it not run, if it has not yet; on the loop's thread. Once more is harmless. */
  void cancel();

  /**
   * Whether it was cancelled.
   *
   * @return true after {@link #cancel}
   */
  boolean cancelled();

  /**
   * When it is due.
   *
   * @return a time of its loop's clock; null if it has none and runs as soon as possible
   */
  @Nullable Duration when();
}
