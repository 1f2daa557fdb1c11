package io.fermata.net;

/** The limits of the buffers of a stream. */
final class Limits {
  private Limits() {}

  static void check(int read, int write) {
    if (read <= 0 || write < 0) {
      throw new IllegalArgumentException(
          "the limits of a stream must be positive, not " + read + " and " + write);
    }
  }
}
