package io.fermata.runtime;

import io.fermata.AlreadyRunningException;
import org.jspecify.annotations.Nullable;

/**
 * The signal that a step found another thread in the same run. Nothing has happened to the
 * generator, so the step of the other thread goes on. Callers get what {@link #shown} gives.
 */
public final class ContendedStep extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The frame of the run; what passes the exception on is another one. */
  private transient @Nullable Frame<?> frame;

  /** To be thrown by {@link Resumable#ready}. */
  public ContendedStep() {
    super("two threads step one generator", null, false, false);
  }

  ContendedStep of(Frame<?> contended) {
    frame = contended;
    return this;
  }

  /** Whether a step of this frame failed so. */
  boolean isOf(Frame<?> stepped) {
    return frame == stepped;
  }

  /** What the caller of the step gets. */
  AlreadyRunningException shown() {
    return new AlreadyRunningException(
        "generator already running: two threads step it at once; a generator is stepped by one at a"
            + " time: guard it with a lock, or give each thread a generator of its own");
  }
}
