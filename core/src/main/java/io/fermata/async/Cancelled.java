package io.fermata.async;

import io.fermata.internal.loop.Cancellations;
import org.jspecify.annotations.Nullable;

/**
 * The error that an await throws when its task has to end its current work. Python: {@code
 * CancelledError}.
 *
 * <p>It is an {@link Error}, so that {@code catch (Exception e)} does not swallow it. A body that
 * catches it cleans up and throws it again. In a cancelled scope, a {@code finally} block awaits
 * inside {@link Async#uncancellable}.
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

  /** The cancellation of the scope that this instance reports; null if it reports no scope. */
  private final transient @Nullable Cancelled origin;

  /** A cancellation without a reason. */
  public Cancelled() {
    super();
    origin = null;
  }

  /**
   * A cancellation.
   *
   * @param reason the reason, for people; null for none
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
   * The reason for the cancellation.
   *
   * @return the argument of {@code cancel}, or a text about the deadline or failure that cancelled
   *     the scope; null if there is none
   */
  public @Nullable String reason() {
    return getMessage();
  }
}
