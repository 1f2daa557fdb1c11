package io.fermata;

import java.io.Serial;

/**
 * Thrown by {@code send} and {@code raise} while a value that {@code hasNext()} fetched has not
 * been taken: the body stands one yield further than the caller has seen. Take the value first.
 */
public final class WaitingValueException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * With a message.
   *
   * @param message what happened, which rule it broke, what to do
   */
  public WaitingValueException(String message) {
    super(message);
  }
}
