package io.fermata.async;

import java.io.Serial;
import java.util.NoSuchElementException;

/**
 * The exception of a step after the end of an asynchronous generator.
 *
 * <p>{@code anext()}, {@code asend()} and {@code athrow()} throw it at the end and ever after.
 * Loops with {@code advance()} and {@code forEach} end without it. It carries no value, because an
 * asynchronous generator returns none.
 *
 * <p>It has no stack trace, so it is cheap to throw. If the body of an asynchronous generator lets
 * it out, the step throws an {@link IllegalStateException} with it as the cause, because it would
 * silently end a loop over the generator (Python: PEP 525). It leaves an {@link Async} unchanged.
 */
public final class StopAsyncIteration extends NoSuchElementException {
  @Serial private static final long serialVersionUID = 1;

  /** The end of an asynchronous generator. */
  public StopAsyncIteration() {
    super("async generator has ended");
  }

  /** Does nothing, because the end of an iteration is not an error. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
