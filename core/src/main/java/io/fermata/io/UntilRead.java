package io.fermata.io;

import java.io.IOException;

/** The read of everything up to and with a separator. */
final class UntilRead extends Read<byte[]> {
  private final byte[][] separators;
  private final int longest;

  /** No separator begins before. */
  private int searched;

  /** The first byte of the separator that was found, and the first one after it; 0 before. */
  private int start;

  private int end;

  /**
   * A read that was not awaited.
   *
   * @param separators none is empty; the one that ends first counts
   */
  UntilRead(AsyncReader in, byte[][] separators) {
    super(in);
    this.separators = separators;
    int most = 0;
    for (byte[] each : separators) {
      most = Math.max(most, each.length);
    }
    longest = most;
  }

  @Override
  void look() {
    if (end > 0) {
      return;
    }
    for (byte[] each : separators) {
      int at = in.bytes.indexOf(each, searched);
      if (at >= 0 && (end == 0 || at + each.length < end)) {
        start = at;
        end = at + each.length;
      }
    }
    // The last bytes may be the beginning of a separator
    searched = Math.max(searched, in.bytes.size() + 1 - longest);
  }

  @Override
  boolean isReady() {
    return end > 0;
  }

  @Override
  boolean isOverLimit() {
    return lengthBefore() > in.limit;
  }

  /** How many bytes are known to be before the separator. */
  private int lengthBefore() {
    return end > 0 ? start : searched;
  }

  @Override
  byte[] take() throws IOException {
    String wanted = "up to a separator";
    if (isOverLimit()) {
      throw overrun(wanted, lengthBefore(), in.limit);
    }
    if (!isReady()) {
      throw incomplete(wanted, -1);
    }
    return in.bytes.take(end);
  }

  @Override
  String verb() {
    return "readUntil(separator)";
  }
}
