package io.fermata;

import java.io.Serial;

/**
 * The failure of {@code close()} because the body yields instead of ending. The generator is
 * suspended at that yield and can be closed again. Python: {@code RuntimeError: generator ignored
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
