package io.fermata.internal.engine;

import io.fermata.runtime.Inspection;
import io.fermata.runtime.Resumable;
import org.jspecify.annotations.Nullable;

/** A run of a body that no engine may execute: its first step fails, on the caller's stack. */
final class RefusedRun implements Resumable, Inspection {
  private final Object place;
  private final String problem;
  private final String reason;

  /**
   * A run, not started.
   *
   * @param place of the body, by {@code toString}
   * @param problem what is wrong with it
   * @param reason why it would run on a thread
   */
  RefusedRun(Object place, String problem, String reason) {
    this.place = place;
    this.problem = problem;
    this.reason = reason;
  }

  @Override
  public void ready() {}

  @Override
  public int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      throw raised; // into a body that has not begun
    }
    throw new IllegalStateException("the body at " + place + " must not run: " + problem);
  }

  @Override
  public @Nullable Object take() {
    return null;
  }

  @Override
  public void end() {}

  @Override
  public Inspection inspect() {
    return this;
  }

  @Override
  public String place() {
    return place.toString();
  }

  @Override
  public String engine() {
    return ThreadEngine.NAME;
  }

  @Override
  public String reason() {
    return "the body at " + place + " runs on no engine, as " + problem + " (" + reason + ")";
  }

  @Override
  public @Nullable StackTraceElement position() {
    return null;
  }
}
