package io.fermata.runtime;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** How exceptions are linked and thrown. */
final class Failures {
  private Failures() {}

  /**
   * Notes in an exception which one was being handled when it was thrown (Python: {@code
   * __context__}), unless that is known already or would make a circle.
   */
  static void suppress(Throwable later, Throwable earlier) {
    if (!leadsTo(later, earlier) && !leadsTo(earlier, later)) {
      later.addSuppressed(earlier);
    }
  }

  private static boolean leadsTo(Throwable from, Throwable to) {
    return leadsTo(from, to, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static boolean leadsTo(Throwable from, Throwable to, Set<Throwable> seen) {
    for (Throwable at = from; at != null && seen.add(at); at = at.getCause()) {
      if (at == to) {
        return true;
      }
      for (Throwable suppressed : at.getSuppressed()) {
        if (leadsTo(suppressed, to, seen)) {
          return true;
        }
      }
    }
    return false;
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
