package io.fermata;

import java.io.Serial;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The end of a generator, thrown to the caller of a step; carries what the body returned.
 *
 * <p>{@code next()}, {@code send()} and {@code raise()} throw it. The step in which the body
 * returns carries the {@linkplain #value() result}; every later one carries null ({@link
 * Coroutine#result()} keeps the result for ever). A loop over the generator, {@code advance()} and
 * {@code hasNext()} need no exception for it.
 *
 * <p>It has no stack trace, so that throwing it is cheap. A {@code StopIteration} that escapes from
 * a body is a bug there, and would silently end an enclosing loop; it arrives as an {@link
 * IllegalStateException} with it as the cause (Python: PEP 479).
 */
public final class StopIteration extends NoSuchElementException {
  @Serial private static final long serialVersionUID = 1;

  private final transient @Nullable Object value;

  /** The end of a generator that returns nothing. */
  public StopIteration() {
    this(null);
  }

  /**
   * The end of a generator.
   *
   * @param value what it returned; kept as it is, whatever it is
   */
  public StopIteration(@Nullable Object value) {
    super("generator has ended");
    this.value = value;
  }

  /**
   * What the body returned.
   *
   * @return the result in the step that ended the body, null in every later one and for a generator
   *     without a result
   */
  public @Nullable Object value() {
    return value;
  }

  /** Does nothing: the end of an iteration is no error, and its place is not of interest. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
