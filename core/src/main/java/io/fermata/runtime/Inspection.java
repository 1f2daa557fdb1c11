package io.fermata.runtime;

import org.jspecify.annotations.Nullable;

/** What people see of a run: where its body is and stands, and which engine runs it and why. */
public interface Inspection {
  /**
   * The body's place in the source.
   *
   * @return {@code Printer.java:12}, or what is known of it
   */
  String place();

  /**
   * The engine's name.
   *
   * @return {@code compiled} or {@code thread}
   */
  String engine();

  /**
   * Why this engine runs it.
   *
   * @return one sentence with file and line, where they are known
   */
  String reason();

  /**
   * The line at which the body is suspended.
   *
   * @return the innermost line of the body, null if unknown
   */
  @Nullable StackTraceElement position();

  /**
   * Where the body stands suspended, as lines of a stack trace: its own line, and those of whoever
   * stands between it and its start. They are shown below those of a delegate that has failed.
   *
   * @return the lines, the innermost first
   */
  default StackTraceElement[] lines() {
    StackTraceElement line = position();
    return line == null ? new StackTraceElement[0] : new StackTraceElement[] {line};
  }

  /**
   * Makes the stack trace of what the body threw go on with the lines of the thread that has
   * stepped it. An engine that runs a body on that thread has nothing to do.
   *
   * @param failure what the body threw; called on the thread that has stepped it
   * @param raised what had been thrown into the body in this step: its trace stays as it is
   */
  default void joinTrace(Throwable failure, @Nullable Throwable raised) {}
}
