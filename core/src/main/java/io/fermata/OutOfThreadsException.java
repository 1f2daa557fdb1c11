package io.fermata;

import java.io.Serial;

/**
 * Thrown when the thread engine cannot get a thread for a body. The generator is as it was before
 * the step: it can be started once other generators have ended or were closed.
 */
public final class OutOfThreadsException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * With a message.
   *
   * @param message what happened, which rule it broke, what to do
   */
  public OutOfThreadsException(String message) {
    super(message);
  }
}
