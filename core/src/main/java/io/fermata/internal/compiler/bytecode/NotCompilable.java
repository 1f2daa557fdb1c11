package io.fermata.internal.compiler.bytecode;

import java.io.Serial;

/** The reason why a body cannot be compiled, for people. The body then runs on another engine. */
public final class NotCompilable extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final boolean isMistake;

  /**
   * Without a stack trace: the place that matters is in the body.
   *
   * @param reason completes the sentence "the body runs on the thread engine because ..."
   */
  public NotCompilable(String reason) {
    this(reason, false);
  }

  private NotCompilable(String reason, boolean isMistake) {
    super(reason, null, false, false);
    this.isMistake = isMistake;
  }

  /** The reason why it must not run on another engine either. */
  public static NotCompilable mistake(String reason) {
    return new NotCompilable(reason, true);
  }

  /** Whether no engine may run it. */
  public boolean isMistake() {
    return isMistake;
  }
}
