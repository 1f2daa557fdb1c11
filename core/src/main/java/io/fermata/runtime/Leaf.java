package io.fermata.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Something that a body waits for and that is no body: a timer, a promise, a lock. A frame that
 * delegates to a leaf is suspended, and with it all that delegate to the frame; the leaf is handed
 * to whoever steps the outermost of them, and what that one sends or raises is what the leaf gave.
 *
 * <p>A leaf that has what it is about already is not handed out, and the frame is not suspended.
 */
public interface Leaf {
  /**
   * Ends the wait before it has begun, if there is no need to wait and nothing to throw.
   *
   * @return whether it is over: then {@link #passed} is asked, once; false if nothing has happened
   * @throws Exception what was thrown by code of others, of a comparator for instance
   */
  default boolean passes() throws Exception {
    return false;
  }

  /**
   * What the wait gives that is over.
   *
   * @return the value
   */
  default @Nullable Object passed() {
    throw new AssertionError(this + " has not passed");
  }
}
