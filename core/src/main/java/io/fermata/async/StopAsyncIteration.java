package io.fermata.async;

import java.io.Serial;
import java.util.NoSuchElementException;

/**
 * Tells the one who awaits a step that the asynchronous generator has ended.
 *
 * <p>{@code anext()}, {@code asend()} and {@code athrow()} throw it, also every time after the end.
 * A loop with {@code advance()} and {@code forEach} need no exception for it. It carries no value,
 * as an asynchronous generator returns none.
 *
 * <p>It has no stack trace, so that throwing it is cheap. One that escapes from the body of an
 * asynchronous generator would silently end a loop over it; it arrives as an {@link
 * IllegalStateException} with it as the cause (Python: PEP 525). Out of an {@link Async} it passes
 * as it is.
 */
public final class StopAsyncIteration extends NoSuchElementException {
  @Serial private static final long serialVersionUID = 1;

  /** The end. */
  public StopAsyncIteration() {
    super("async generator has ended");
  }

  /** Does nothing: the end of an iteration is no error, and its place is not of interest. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
