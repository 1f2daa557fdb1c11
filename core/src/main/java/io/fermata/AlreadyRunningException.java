package io.fermata;

import java.io.Serial;

/**
 * The refusal of a step because the generator is running: the step came from its own body, from its
 * delegate, or from another thread. The running generator is not affected. Python: {@code
 * ValueError: generator already executing}.
 */
public final class AlreadyRunningException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * With a message.
   *
   * @param message what happened, which rule it broke, what to do
   */
  public AlreadyRunningException(String message) {
    super(message);
  }
}
