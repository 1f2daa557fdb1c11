package io.fermata.async;

import io.fermata.internal.loop.Cancellations;
import io.fermata.runtime.door.Brief;
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
          public Cancelled because(String reason) {
            return new Cancelled(reason, reason);
          }

          @Override
          public Cancelled origin(Cancelled cancelled) {
            return cancelled.origin();
          }
        });
  }

  /** The cancellation of the scope that this instance reports; null if it reports no scope. */
  private final transient @Nullable Cancelled origin;

  /** The whole reason; the message of a user's has its beginning. */
  private final @Nullable String reason;

  /** A cancellation without a reason. */
  public Cancelled() {
    super();
    origin = null;
    reason = null;
  }

  /**
   * A cancellation.
   *
   * @param reason the reason, for people; null for none. The message has at most 80 characters of
   *     it
   */
  public Cancelled(@Nullable String reason) {
    this(reason, reason == null ? null : Brief.of(reason));
  }

  private Cancelled(@Nullable String reason, @Nullable String message) {
    super(message);
    this.reason = reason;
    origin = null;
  }

  private Cancelled(Cancelled origin, StackTraceElement[] lines) {
    super(origin.getMessage());
    this.origin = origin;
    this.reason = origin.reason;
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
    return reason;
  }
}
