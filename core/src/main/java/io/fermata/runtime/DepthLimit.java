package io.fermata.runtime;

/**
 * The number of frames that may be suspended for each other. Their only stack is the heap, so a
 * recursion without an end would take all of it; beyond the limit the call or the delegation fails
 * as one in plain code does.
 *
 * <p>Only frames that do not begin on the stack of their delegator are checked, see {@link
 * EagerStart}: so the limit may be exceeded by a few frames.
 */
final class DepthLimit {
  static final String PROPERTY = "fermata.maxDepth";

  private static final int DEFAULT = 1_000_000;

  /** Bytes of the heap for each frame: a small heap has a lower limit unless one is set. */
  private static final int FRAME = 256;

  private static final int FRAMES =
      Math.max(
          1,
          Integer.getInteger(
              PROPERTY, (int) Math.min(DEFAULT, Runtime.getRuntime().maxMemory() / FRAME)));

  private DepthLimit() {}

  /**
   * Called before a frame that has not begun gets a delegator.
   *
   * @param depth how many delegates there are
   * @throws StackOverflowError if there are too many
   */
  static void check(int depth) {
    if (depth >= FRAMES) {
      throw new StackOverflowError(
          "more than "
              + FRAMES
              + " calls of helpers or delegations are suspended in each other: end the recursion,"
              + " or allow more by -D"
              + PROPERTY
              + "=NUMBER");
    }
  }
}
