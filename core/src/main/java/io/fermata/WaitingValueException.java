package io.fermata;

import java.io.Serial;

/**
 * The refusal of {@code send} and {@code raise} while a value that {@code hasNext()} fetched has
 * not been taken: the body is one yield ahead of its caller. Take the value first.
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
