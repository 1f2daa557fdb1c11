package io.fermata;

import java.io.Serial;

/**
 * Thrown by {@code close()} when the body yields instead of ending. The generator stands suspended
 * at that yield and can be closed again. Python: {@code RuntimeError: generator ignored
 * GeneratorExit}.
 */
public final class IgnoredExitException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * With a message.
   *
   * @param message what happened, which rule it broke, what to do
   */
  public IgnoredExitException(String message) {
    super(message);
  }
}
