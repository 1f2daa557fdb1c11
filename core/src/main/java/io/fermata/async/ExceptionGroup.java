package io.fermata.async;

import java.util.List;

/** A group of exceptions, thrown as one. Python: {@code ExceptionGroup}. */
public final class ExceptionGroup extends Exception implements FailureGroup {
  private static final long serialVersionUID = 1;

  /** The message of the group, without the number of failures. */
  private final String message;

  private final transient List<Throwable> failures;

  /**
   * A group.
   *
   * @param message the message of the group
   * @param failures at least one; exceptions only
   * @throws IllegalArgumentException if there is none, or one is an {@code Error}
   */
  public ExceptionGroup(String message, List<? extends Throwable> failures) {
    super(Splitting.text(message, failures));
    for (Throwable failure : failures) {
      if (!(failure instanceof Exception)) {
        throw new IllegalArgumentException(
            "not an Exception: " + failure + "; make an ErrorGroup for a group with an Error");
      }
    }
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
