package io.fermata.runtime;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How exceptions are linked and thrown. */
final class Failures {
  private Failures() {}

  /**
   * Notes in an exception which one was being handled when it was thrown (Python: {@code
   * __context__}), unless that is known already or would make a circle.
   */
  static void suppress(Throwable later, Throwable earlier) {
    if (!new Search(earlier).from(later) && !new Search(later).from(earlier)) {
      later.addSuppressed(earlier);
    }
  }

  /** The cause of an exception; null if it has none, or its class does not let it be seen. */
  static @Nullable Throwable cause(Throwable failure) {
    try {
      return failure.getCause();
    } catch (RuntimeException refused) { // which must not be thrown in place of the failure
      return null;
    }
  }

  /** Looks for an exception among causes and suppressed ones, as far as is reasonable. */
  private static final class Search {
    /** Exceptions to be looked at: where thousands are linked, a circle does no further harm. */
    private static final int LIMIT = 100;

    private final Throwable wanted;
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Search(Throwable wanted) {
      this.wanted = wanted;
    }

    boolean from(Throwable start) {
      for (Throwable at = start;
          at != null && seen.size() < LIMIT && seen.add(at);
          at = cause(at)) {
        if (at == wanted) {
          return true;
        }
        for (Throwable suppressed : at.getSuppressed()) {
          if (from(suppressed)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /** Throws anything, unwrapped: what a body throws, its caller gets. */
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // the unchecked cast is the point
  static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }
}
