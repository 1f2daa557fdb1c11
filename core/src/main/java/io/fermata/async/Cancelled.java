package io.fermata.async;

import io.fermata.internal.loop.Cancellations;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by an await when the task shall end what it does. Python: {@code CancelledError}.
 *
 * <p>It is an {@link Error}, so that {@code catch (Exception e)} does not swallow it. A body that
 * catches it cleans up and throws it again. A {@code finally} block that awaits while a scope
 * around it is cancelled does so in {@link Async#uncancellable}.
 */
public final class Cancelled extends Error {
  private static final long serialVersionUID = 1;

  static {
    Cancellations.install(
        new Cancellations.Access() {
          @Override
          public Cancelled at(Cancelled cancelled, StackTraceElement[] lines) {
            return new Cancelled(cancelled.origin(), lines);
          }

          @Override
          public Cancelled origin(Cancelled cancelled) {
            return cancelled.origin();
          }
        });
  }

  /** What the scope was cancelled with that this tells of; null if this is not about a scope. */
  private final transient @Nullable Cancelled origin;

  /** A cancellation without a reason. */
  public Cancelled() {
    super();
    origin = null;
  }

  /**
   * A cancellation.
   *
   * @param reason why, for people; null for none
   */
  public Cancelled(@Nullable String reason) {
    super(reason);
    origin = null;
  }

  private Cancelled(Cancelled origin, StackTraceElement[] lines) {
    super(origin.reason());
    this.origin = origin;
    setStackTrace(lines);
  }

  private Cancelled origin() {
    return origin == null ? this : origin;
  }

  /**
   * Why.
   *
   * @return the reason that was given to {@code cancel}, or which deadline or failure it was; null
   *     if there is none
   */
  public @Nullable String reason() {
    return getMessage();
  }
}
