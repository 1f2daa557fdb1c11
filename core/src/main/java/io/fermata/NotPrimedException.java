package io.fermata;

import java.io.Serial;

/**
 * The refusal of a value that is sent to a coroutine before it was primed: no yield waits for a
 * value yet. Nothing has run; the coroutine can still be started. {@link Coroutine#primed} and
 * {@link Coroutine#primedSink} make coroutines that take values at once. Python: {@code TypeError:
 * can't send non-None value to a just-started generator}.
 */
public final class NotPrimedException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * With a message.
   *
   * @param message what happened, which rule it broke, what to do
   */
  public NotPrimedException(String message) {
    super(message);
  }
}
