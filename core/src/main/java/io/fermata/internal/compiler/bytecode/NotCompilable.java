package io.fermata.internal.compiler.bytecode;

import java.io.Serial;

/** The reason why a body cannot be compiled, for people. The body then runs on another engine. */
public final class NotCompilable extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Without a stack trace: the place that matters is in the body.
   *
   * @param reason completes the sentence "the body runs on the thread engine because ..."
   */
  public NotCompilable(String reason) {
    super(reason, null, false, false);
  }
}
