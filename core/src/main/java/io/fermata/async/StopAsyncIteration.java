package io.fermata.async;

import io.fermata.runtime.door.Brief;
import java.io.Serial;
import java.util.NoSuchElementException;

/**
 * The exception of a step after the end of an asynchronous generator.
 *
 * <p>{@code anext()}, {@code asend()} and {@code athrow()} throw it at the end and ever after.
 * Loops with {@code advance()} and {@code forEach} end without it. It carries no value, because an
 * asynchronous generator returns none. Its message names the generator, with file and line where
 * they are known, and its stack trace shows the await of the step.
 *
 * <p>If the body of an asynchronous generator lets it out, the step throws an {@link
 * IllegalStateException} with it as the cause, because it would silently end a loop over the
 * generator (Python: PEP 525). It leaves an {@link Async} unchanged.
 */
public final class StopAsyncIteration extends NoSuchElementException {
  @Serial private static final long serialVersionUID = 1;

  private static final String MESSAGE = "async generator has ended";

  /** The end of an asynchronous generator. */
  public StopAsyncIteration() {
    super(MESSAGE);
  }

  /**
   * The end of an asynchronous generator that the message names.
   *
   * @param generator the one that has ended; it is not kept
   */
  public StopAsyncIteration(AsyncGenerator<?> generator) {
    super(MESSAGE + ": " + Brief.of(generator));
  }
}
