package io.fermata.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A failure on its way from a frame to its delegator, to the next one, and so on, and the lines of
 * the delegators that it has reached. They go into its trace together, as soon as somebody may look
 * at it: a body that may catch the failure, or the caller of the step. So a failure that passes
 * many frames costs each of them the same.
 */
final class PassingFailure {
  private final Throwable failure;

  /** Lines that the trace does not have yet, the innermost first. */
  private final List<StackTraceElement> lines = new ArrayList<>();

  /** How many more lines the trace can take: it is to be no longer than the JVM's own are. */
  private int room;

  PassingFailure(Throwable failure) {
    this.failure = failure;
    this.room = Traces.room(failure);
  }

  Throwable failure() {
    return failure;
  }

  /** Notes that it comes out of a delegator's call. */
  void reaches(Inspection delegator) {
    if (room > 0) {
      for (StackTraceElement line : delegator.lines()) {
        lines.add(Objects.requireNonNull(line));
        room--;
      }
    }
    if (delegator.mayCatch()) {
      show();
    }
  }

  /** Puts the lines into the trace. */
  void show() {
    if (!lines.isEmpty()) {
      Traces.insert(failure, lines);
      lines.clear();
    }
  }
}
