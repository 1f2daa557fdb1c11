package io.fermata.io;

import java.io.EOFException;

/**
 * The failure of a read whose stream ended too early. Python: {@code asyncio.IncompleteReadError}.
 */
public final class IncompleteReadException extends EOFException {
  private static final long serialVersionUID = 1L;

  /** A copy for each caller of {@link #partial}. */
  private final byte[] partial;

  /** -1 if it was not known. */
  private final int expected;

  IncompleteReadException(String message, byte[] partial, int expected) {
    super(message);
    this.partial = partial;
    this.expected = expected;
  }

  /**
   * The bytes that came. They are no longer in the reader.
   *
   * @return the bytes, perhaps none
   */
  public byte[] partial() {
    return partial.clone();
  }

  /**
   * The number of bytes that the read asked for.
   *
   * @return -1 if it asked for a separator
   */
  public int expected() {
    return expected;
  }
}
