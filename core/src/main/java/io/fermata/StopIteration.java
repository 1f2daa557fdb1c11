package io.fermata;

import io.fermata.runtime.door.Brief;
import java.io.Serial;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The end of a generator, thrown to the caller of a step; carries what the body returned.
 *
 * <p>{@code next()}, {@code send()} and {@code raise()} throw it. The step in which the body
 * returns carries the {@linkplain #value() result}; every later one carries null ({@link
 * Coroutine#result()} keeps the result for ever). A loop over the generator, {@code advance()} and
 * {@code hasNext()} need no exception for it, and a delegation needs none either.
 *
 * <p>Its message names the generator, with file and line where they are known, and its stack trace
 * shows the call that asked for one value too many. The trace costs time in proportion to the depth
 * of the stack; what asks in each round of a loop had better use {@code advance()} or {@code
 * nextOr()}.
 *
 * <p>A {@code StopIteration} that escapes from a body is a bug there, and would silently end an
 * enclosing loop; it arrives as an {@link IllegalStateException} with it as the cause (Python: PEP
 * 479).
 */
public final class StopIteration extends NoSuchElementException {
  @Serial private static final long serialVersionUID = 1;

  private static final String MESSAGE = "generator has ended";

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
    super(MESSAGE);
    this.value = value;
  }

  /**
   * The end of a generator that the message names.
   *
   * @param value what it returned; kept as it is, whatever it is
   * @param generator the one that has ended; it is not kept
   */
  public StopIteration(@Nullable Object value, BaseGenerator<?> generator) {
    super(MESSAGE + ": " + Brief.of(generator));
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
}
