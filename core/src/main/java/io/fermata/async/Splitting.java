package io.fermata.async;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The division of failure groups by a test. */
final class Splitting {
  private Splitting() {}

  /** The text of a group: its message and the number of its failures. */
  static String text(String message, List<?> failures) {
    if (failures.isEmpty()) {
      throw new IllegalArgumentException("no failures: a group holds at least one");
    }
    String count = failures.size() == 1 ? " (1 failure)" : " (" + failures.size() + " failures)";
    return message + count;
  }

  static @Nullable FailureGroup part(FailureGroup group, Predicate<? super Throwable> test) {
    if (test.test(group.toThrowable())) {
      return group;
    }
    return with(group, test, true);
  }

  static @Nullable FailureGroup rest(FailureGroup group, Predicate<? super Throwable> test) {
    if (test.test(group.toThrowable())) {
      return null;
    }
    return with(group, test, false);
  }

  private static @Nullable FailureGroup with(
      FailureGroup group, Predicate<? super Throwable> test, boolean wanted) {
    List<Throwable> kept = new ArrayList<>();
    for (Throwable failure : group.failures()) {
      if (failure instanceof FailureGroup inner) {
        FailureGroup part = wanted ? part(inner, test) : rest(inner, test);
        if (part != null) {
          kept.add(part.toThrowable());
        }
      } else if (test.test(failure) == wanted) {
        kept.add(failure);
      }
    }
    if (kept.equals(group.failures())) {
      return group;
    }
    return kept.isEmpty() ? null : like(group, kept);
  }

  /** A group of other failures, with the message, stack trace and cause of an existing group. */
  private static FailureGroup like(FailureGroup group, List<Throwable> failures) {
    Throwable part = FailureGroup.of(group.message(), failures);
    Throwable whole = group.toThrowable();
    part.setStackTrace(whole.getStackTrace());
    if (whole.getCause() != null) {
      part.initCause(whole.getCause());
    }
    return (FailureGroup) part;
  }
}
