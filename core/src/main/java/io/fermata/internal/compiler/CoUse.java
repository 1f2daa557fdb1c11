package io.fermata.internal.compiler;

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
 * @param problem why it cannot be given that; null if it can
 * @param isAssumed whether nothing has been found out yet, as it is looked at now
 */
record CoUse(
    boolean suspends,
    @Nullable TypedValue returned,
    SortedMap<String, TypedValue> stored,
    boolean givesAway,
    @Nullable String problem,
    boolean isAssumed) {
  static final CoUse ASSUMED = new CoUse(false, null, new TreeMap<>(), false, null, true);

  static final CoUse SUSPENDS = new CoUse(true, null, new TreeMap<>(), false, null, false);

  static CoUse refused(@Nullable String reason) {
    return new CoUse(
        true, null, new TreeMap<>(), true, Objects.requireNonNullElse(reason, "?"), false);
  }

  /** Whether it can be called as it is. */
  boolean isHarmless() {
    return problem == null && !suspends;
  }
}
