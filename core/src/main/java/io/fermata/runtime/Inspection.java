package io.fermata.runtime;

import org.jspecify.annotations.Nullable;

/** What people see of a run: where its body is and stands, and which engine runs it and why. */
public interface Inspection {
  /** The body's place in the source, {@code Printer.java:12}, or what is known of it. */
  String place();

  /** The engine's name. */
  String engine();

  /** Why this engine runs it: one sentence with file and line, where they are known. */
  String reason();

  /** The line at which the body is suspended, null if unknown. */
  @Nullable StackTraceElement position();

  /**
   * Completes the stack trace of a failure that is about to leave: towards the caller of the step,
   * or into this body, whose delegate has failed. An engine that runs a body on the stack of its
   * caller has nothing to do.
   *
   * @param failure what a body threw
   * @param here true if it leaves towards the caller, on whose thread this is called
   */
  default void completeTrace(Throwable failure, boolean here) {}
}
