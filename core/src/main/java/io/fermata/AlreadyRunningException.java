package io.fermata;

import java.io.Serial;

/**
 * Thrown by a step of a generator that is running at this moment: from its own body, from a
 * delegate of it, or from another thread. The running generator is not harmed. Python: {@code
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
