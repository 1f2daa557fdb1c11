package io.fermata.async;

import java.util.List;

/**
 * A group of failures, thrown as one; at least one of them is an {@code Error}. Python: {@code
 * BaseExceptionGroup}.
 */
public final class ErrorGroup extends Error implements FailureGroup {
  private static final long serialVersionUID = 1;

  /** The message of the group, without the number of failures. */
  private final String message;

  private final transient List<Throwable> failures;

  /**
   * A group.
   *
   * @param message the message of the group
   * @param failures at least one
   * @throws IllegalArgumentException if there is none
   */
  public ErrorGroup(String message, List<? extends Throwable> failures) {
    super(Splitting.text(message, failures));
    this.message = message;
    this.failures = List.copyOf(failures);
    failures.forEach(this::addSuppressed);
  }

  @Override
  public String message() {
    return message;
  }

  @Override
  public List<Throwable> failures() {
    return failures;
  }
}
