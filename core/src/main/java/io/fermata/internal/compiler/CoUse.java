package io.fermata.internal.compiler;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a method does with the {@code co} that it is given.
 *
 * @param suspends whether it may suspend the body; if not, it is called as it is
 * @param returned what it returns, if that leads to {@code co} on some way; else null
 * @param stored for a constructor, what the fields of its object hold, by {@link Carrier#key}
 * @param givesAway for a constructor, whether other methods see its object before it has ended
 * @param kept what it stores in objects of which the caller has to know
 * @param problem why it cannot be given that; null if it can
 * @param isAssumed whether nothing has been found out yet, as it is looked at now
 */
record CoUse(
    boolean suspends,
    @Nullable TypedValue returned,
    SortedMap<String, TypedValue> stored,
    boolean givesAway,
    List<SuspensionPoints.Kept> kept,
    @Nullable String problem,
    boolean isAssumed) {
  static final CoUse ASSUMED =
      new CoUse(false, null, new TreeMap<>(), false, List.of(), null, true);

  static final CoUse SUSPENDS =
      new CoUse(true, null, new TreeMap<>(), false, List.of(), null, false);

  private static final String WHERE = " (where ";

  static CoUse refused(@Nullable String reason) {
    String told = Objects.requireNonNullElse(reason, "?");
    int inner = told.indexOf(WHERE);
    int end = told.lastIndexOf(") at ");
    String innermost =
        inner < 0 || end < inner ? told : told.substring(inner + WHERE.length(), end);
    return new CoUse(true, null, new TreeMap<>(), true, List.of(), innermost, false);
  }

  /** The problem in brackets, for the reason of the caller; nothing if there is none. */
  String where() {
    return problem == null ? "" : WHERE + problem + ")";
  }

  /** Whether it can be called as it is. */
  boolean isHarmless() {
    return problem == null && !suspends;
  }
}
