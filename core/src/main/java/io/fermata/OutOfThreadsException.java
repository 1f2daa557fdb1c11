package io.fermata;

import java.io.Serial;

/**
 * The failure of a step because the thread engine cannot get a thread for the body. The generator
 * is as it was before the step: it can be started once other generators have ended or were closed.
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
