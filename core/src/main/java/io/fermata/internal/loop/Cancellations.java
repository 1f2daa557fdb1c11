package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cancellations of scopes. A scope is cancelled once, and each await in it throws an exception
 * of its own that tells of this, with the lines of that await.
 */
public final class Cancellations {
  /** Set by {@link Cancelled} before anybody can have one. */
  private static @Nullable Access access;

  private Cancellations() {}

  /** The part of {@link Cancelled} that users do not see. */
  public interface Access {
    /** A cancellation of the same origin, with other lines. */
    Cancelled at(Cancelled cancelled, StackTraceElement[] lines);

    /** What the scope was cancelled with; the argument itself if it tells of no other. */
    Cancelled origin(Cancelled cancelled);
  }

  public static void install(Access installed) {
    access = installed;
  }

  /** The same cancellation, as it arrives at some place. */
  public static Cancelled at(Cancelled cancelled, StackTraceElement[] lines) {
    return Objects.requireNonNull(access).at(cancelled, lines);
  }

  /** Whether both tell of the same cancellation, perhaps at different places. */
  public static boolean areSame(Cancelled one, @Nullable Cancelled other) {
    Access origins = Objects.requireNonNull(access);
    return other != null && origins.origin(one) == origins.origin(other);
  }
}
