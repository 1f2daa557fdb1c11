package io.fermata.io;

import java.io.IOException;

/**
 * The failure of a read that found more bytes than its limit. Python: {@code
 * asyncio.LimitOverrunError}. Each method states which bytes can be read after it.
 */
public final class LimitOverrunException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The number of bytes that are known to belong to the line or part. */
  private final int consumed;

  LimitOverrunException(String message, int consumed) {
    super(message);
    this.consumed = consumed;
  }

  /**
   * The number of bytes that are known to come before the separator.
   *
   * @return more than the limit
   */
  public int consumed() {
    return consumed;
  }
}
