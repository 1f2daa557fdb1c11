package io.fermata.net;

/** The check of the limits of a stream's buffers. */
final class Limits {
  private Limits() {}

  static void check(int read, int write) {
    if (read <= 0 || write < 0) {
      throw new IllegalArgumentException(
          "the limit of a reader must be positive, and that of a writer not negative, but they are "
              + read
              + " and "
              + write);
    }
  }
}
