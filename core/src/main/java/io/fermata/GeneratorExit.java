package io.fermata;

import java.io.Serial;

/**
 * The exception that {@code close()} raises at the yield of a suspended generator, so that its
 * {@code finally} blocks run.
 *
 * <p>It is an {@link Error}, so that {@code catch (Exception e)} in a body cannot swallow it by
 * accident. A body that catches it should return or throw it again; one that yields instead makes
 * {@code close()} fail with an {@link IgnoredExitException}. It has no stack trace.
 *
 * @see BaseGenerator#close()
 */
public final class GeneratorExit extends Error {
  @Serial private static final long serialVersionUID = 1;

  /** An exit; {@code close()} makes its own. */
  public GeneratorExit() {
    super("generator is being closed");
  }

  /** Does nothing: closing is no error, and its place is not of interest. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
