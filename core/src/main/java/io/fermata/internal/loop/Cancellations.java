package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cancellations of scopes, and what a cancellation carries. A scope is cancelled once, and each
 * await in it throws an exception of its own that tells of this, with the lines of that await.
 *
 * <p>What fails while a cancellation passes, as the closing of a resource, is suppressed in it. Who
 * drops a cancellation deals with these: {@link #failuresIn}, {@link #replace}.
 */
public final class Cancellations {
  /** Set by {@link Cancelled} when its class is initialised. */
  private static @Nullable Access access;

  private Cancellations() {}

  /** The part of {@link Cancelled} that users do not see. */
  public interface Access {
    /** A cancellation of the same origin, with other lines. */
    Cancelled at(Cancelled cancelled, StackTraceElement[] lines);

    /** A cancellation with a reason of the library's, which its message shows whole. */
    Cancelled because(String reason);

    /** What the scope was cancelled with; the argument itself if it tells of no other. */
    Cancelled origin(Cancelled cancelled);
  }

  public static void install(Access installed) {
    access = installed;
  }

  private static Access access() {
    Access known = access;
    if (known == null) {
      var unused = new Cancelled(); // initialises its class
      known = Objects.requireNonNull(access);
    }
    return known;
  }

  /** The same cancellation, as it arrives at some place. */
  public static Cancelled at(Cancelled cancelled, StackTraceElement[] lines) {
    return access().at(cancelled, lines);
  }

  /** A cancellation of the library's own. What the reason shows of the user's is cut. */
  public static Cancelled because(String reason) {
    return access().because(reason);
  }

  /** Whether both tell of the same cancellation, perhaps at different places. */
  public static boolean areSame(Cancelled one, @Nullable Cancelled other) {
    Access origins = access();
    return other != null && origins.origin(one) == origins.origin(other);
  }

  /**
   * The failures that an outcome tells of: itself, unless it is a cancellation; else what failed
   * while that passed.
   */
  public static List<Throwable> failuresIn(@Nullable Throwable outcome) {
    if (!(outcome instanceof Cancelled)) {
      return outcome == null ? List.of() : List.of(outcome);
    }
    if (outcome.getSuppressed().length == 0) { // as nearly always
      return List.of();
    }
    List<Throwable> failures = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> left = new ArrayDeque<>(List.of(outcome));
    while (!left.isEmpty()) {
      Throwable next = left.poll();
      if (!seen.add(next)) {
        continue;
      }
      if (next instanceof Cancelled) {
        left.addAll(List.of(next.getSuppressed()));
      } else {
        failures.add(next);
      }
    }
    return failures;
  }

  /** The cancellation that is thrown in place of another; it carries what that did. */
  public static Cancelled replace(Throwable dropped, Cancelled by) {
    if (dropped != by) {
      failuresIn(dropped).forEach(failure -> Throwing.suppress(by, failure));
    }
    return by;
  }
}
