package io.fermata.runtime;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The links between exceptions, and the throwing of exceptions of any type. */
final class Failures {
  /** So many an exception keeps; a constant one would grow without an end. */
  private static final int CONTEXTS = 16;

  private Failures() {}

  /**
   * Adds the exception that was being handled to the one that was thrown then (Python: {@code
   * __context__}), unless one refers to the other already: that would be noise, or a circle.
   */
  static void suppress(Throwable later, Throwable earlier) {
    if (!new Search(earlier).from(later) && !new Search(later).from(earlier)) {
      later.addSuppressed(earlier);
    }
  }

  /** The same, for an exception that may be thrown again and again: it keeps the first few. */
  static void addContext(Throwable later, Throwable earlier) {
    if (later.getSuppressed().length < CONTEXTS) {
      suppress(later, earlier);
    }
  }

  /** The cause of an exception; null if it has none, or if its class throws when asked. */
  static @Nullable Throwable cause(Throwable failure) {
    try {
      return failure.getCause();
    } catch (RuntimeException refused) { // which must not be thrown in place of the failure
      return null;
    }
  }

  /** A bounded search for an exception among the causes and suppressed exceptions of another. */
  private static final class Search {
    /** The number of exceptions to visit. Beyond it, a duplicate is better than a slow failure. */
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

  /** Throws an exception of any type, unwrapped: the caller of a step gets what the body threw. */
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // the unchecked cast is the point
  static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }
}
