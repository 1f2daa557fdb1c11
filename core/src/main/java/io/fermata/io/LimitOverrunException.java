package io.fermata.io;

import java.io.IOException;

/**
 * A line, or what a separator was looked for in, is longer than the limit. Python: {@code
 * asyncio.LimitOverrunError}. Each method says what is left to be read after it.
 */
public final class LimitOverrunException extends IOException {
  private static final long serialVersionUID = 1L;

  /** How many bytes are known to belong to it. */
  private final int consumed;

  LimitOverrunException(String message, int consumed) {
    super(message);
    this.consumed = consumed;
  }

  /**
   * How many bytes are known to come before the separator.
   *
   * @return more than the limit
   */
  public int consumed() {
    return consumed;
  }
}
