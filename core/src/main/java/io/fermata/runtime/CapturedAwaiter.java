package io.fermata.runtime;

import io.fermata.async.Awaiter;

/**
 * A {@code co} as an object, which bodies nested in its own may have captured. A compiled body does
 * without one until something captures it.
 */
public interface CapturedAwaiter extends Awaiter {
  /**
   * Makes sure that the body which executes now may wait through it.
   *
   * @throws IllegalStateException if its own body has ended, or another task executes
   */
  void checkNested();

  /** Notes that a step of its own body begins, maybe for another task than the last one. */
  void stepped();
}
