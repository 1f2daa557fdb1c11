package io.fermata.internal.engine;

/**
 * The piece of stack that a hand-off needs. The claim fails with a {@link StackOverflowError} now,
 * when nothing has happened, or there is room for all calls of the JDK that a hand-off makes.
 *
 * <p>Java cannot ask how much stack is left, so this calls itself some levels deep. The levels keep
 * a few values on the stack, or a compiler would make them small.
 */
final class Headroom {
  private static final int LEVELS = 64;
  private static final int LEVELS_FOR_MUCH = 256;

  private Headroom() {}

  /** Before waking a thread and waiting for it. */
  static void claim() {
    descend(LEVELS, 1, 2, 3, 4);
  }

  /** Before making and starting a thread, or walking its stack. */
  static void claimForMuch() {
    descend(LEVELS_FOR_MUCH, 1, 2, 3, 4);
  }

  private static long descend(int levels, long a, long b, long c, long d) {
    if (levels == 0) {
      return a;
    }
    long below = descend(levels - 1, b + levels, c, d, a);
    return below + a * 3 + b * 5 + c * 7 + d;
  }
}
