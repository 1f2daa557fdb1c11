package io.fermata.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A view of a run for people: the place of its body, its line, its engine and the reason for it.
 */
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
   * The lines of the suspended body for a stack trace: its own line, and those of the methods
   * between it and the body's start. A failed delegate's trace shows them below its own lines.
   *
   * @return the lines, the innermost first
   */
  default StackTraceElement[] lines() {
    StackTraceElement line = position();
    return line == null ? new StackTraceElement[0] : new StackTraceElement[] {line};
  }

  /**
   * Whether the body may see what is thrown into it where it is suspended. If not, the exception
   * passes it at once.
   *
   * @return false only if no handler covers the place
   */
  default boolean mayCatch() {
    return true;
  }

  /**
   * Continues the stack trace of what the body threw with the lines of the thread that stepped it.
   * Does nothing if the engine runs the body on that thread.
   *
   * @param failure what the body threw; called on the thread that stepped it
   * @param raised what had been thrown into the body in this step: its trace stays as it is
   */
  default void joinTrace(Throwable failure, @Nullable Throwable raised) {}
}
