package io.fermata.io;

import java.io.EOFException;

/**
 * A stream ended before all that was asked for had come. Python: {@code
 * asyncio.IncompleteReadError}.
 */
public final class IncompleteReadException extends EOFException {
  private static final long serialVersionUID = 1L;

  /** Only handed out by the one who catches it. */
  private final byte[] partial;

  /** -1 if it was not known. */
  private final int expected;

  IncompleteReadException(String message, byte[] partial, int expected) {
    super(message);
    this.partial = partial;
    this.expected = expected;
  }

  /**
   * What had come. The reader does not have it any more.
   *
   * @return the bytes, perhaps none
   */
  public byte[] partial() {
    return partial.clone();
  }

  /**
   * How many bytes were asked for.
   *
   * @return -1 if what was asked for is a separator
   */
  public int expected() {
    return expected;
  }
}
