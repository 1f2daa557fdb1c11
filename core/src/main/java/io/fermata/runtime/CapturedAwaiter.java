package io.fermata.runtime;

import io.fermata.async.Awaiter;

/**
 * A {@code co} as an object, which bodies nested in its own may have captured. A compiled body does
 * without one until something captures it.
 */
public interface CapturedAwaiter extends Awaiter {
  /**
   * Checks that the body which executes now may await through it.
   *
   * @throws IllegalStateException if its own body has ended, or another task executes
   */
  void checkNested();

  /** Notes the start of a step of its own body, perhaps in another task than the last one. */
  void stepped();
}
