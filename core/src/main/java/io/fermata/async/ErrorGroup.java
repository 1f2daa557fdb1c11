package io.fermata.async;

import java.util.List;

/**
 * Several failures, thrown as one, of which one at least is an {@code Error}. Python: {@code
 * BaseExceptionGroup}.
 */
public final class ErrorGroup extends Error implements FailureGroup {
  private static final long serialVersionUID = 1;

  /** What they have in common, without how many they are. */
  private final String message;

  private final transient List<Throwable> failures;

  /**
   * A group.
   *
   * @param message what they have in common
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
