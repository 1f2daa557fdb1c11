package io.fermata.benchmarks;

/** The condition of the filter loop: one of eight passes, without a pattern that a CPU predicts. */
public final class Filters {
  private Filters() {}

  /** Whether a number passes. */
  public static boolean passes(int i) {
    return (i * 0x9E3779B9 >>> 29) == 0;
  }
}
