package io.fermata.runtime;

import org.jspecify.annotations.Nullable;

/**
 * An innermost delegate that is no frame: a timer, a promise, a lock. A frame that delegates to a
 * leaf is suspended together with all its delegators. The step of the outermost frame returns the
 * leaf; the next step sends or raises the leaf's outcome.
 *
 * <p>If a leaf {@linkplain #passes passes}, the frame is not suspended.
 */
public interface Leaf {
  /**
   * Ends the wait before it begins, if its value is there already.
   *
   * @return true if the wait is over; then {@link #passed} is called once. False if nothing has
   *     happened
   * @throws Exception what user code threw, for instance a comparator
   */
  default boolean passes() throws Exception {
    return false;
  }

  /**
   * The value of a wait that is over.
   *
   * @return the value
   */
  default @Nullable Object passed() {
    throw new AssertionError(this + " has not passed");
  }
}
