package io.fermata.internal.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values that a task carries at one moment: context variables, and what the thread context
 * providers have captured. Immutable.
 *
 * <p>A context has few variables, so they lie in an array: variable, value, variable, value. To
 * copy the array costs less than a task.
 */
public final class Bindings {
  static final Bindings EMPTY = new Bindings(new Object[0], null);

  private final @Nullable Object[] entries;

  /** A snapshot of {@code ThreadContexts}; null if there is none. */
  final @Nullable Object threadValues;

  private Bindings(@Nullable Object[] entries, @Nullable Object threadValues) {
    this.entries = entries;
    this.threadValues = threadValues;
  }

  /** The same variables with another snapshot. */
  Bindings withThreadValues(@Nullable Object snapshot) {
    return new Bindings(entries, snapshot);
  }

  private int indexOf(Object variable) {
    for (int i = 0; i < entries.length; i += 2) {
      if (entries[i] == variable) {
        return i;
      }
    }
    return -1;
  }

  int size() {
    return entries.length / 2;
  }

  public @Nullable Object get(Object variable) {
    int index = indexOf(variable);
    return index < 0 ? null : entries[index + 1];
  }

  public Bindings with(Object variable, @Nullable Object value) {
    int index = indexOf(variable);
    @Nullable Object[] copy;
    if (index >= 0) {
      copy = entries.clone();
    } else {
      index = entries.length;
      copy = Arrays.copyOf(entries, index + 2);
      copy[index] = variable;
    }
    copy[index + 1] = value;
    return new Bindings(copy, threadValues);
  }

  public Bindings without(Object variable) {
    int index = indexOf(variable);
    if (index < 0) {
      return this;
    }
    @Nullable Object[] copy = new Object[entries.length - 2];
    System.arraycopy(entries, 0, copy, 0, index);
    System.arraycopy(entries, index + 2, copy, index, copy.length - index);
    return new Bindings(copy, threadValues);
  }
}
