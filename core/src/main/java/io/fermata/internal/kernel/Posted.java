package io.fermata.internal.kernel;

import org.jspecify.annotations.Nullable;

/** A job that is its own entry in an {@link Inbox}, so that posting it allocates nothing. */
public abstract class Posted implements Runnable {
  /** Of the thread that posts it, then of the loop's. */
  @Nullable Posted next;

  /** For subclasses only. */
  protected Posted() {}
}
