package io.fermata.internal.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of context variables at one moment; immutable.
 *
 * <p>A context has few variables, so they lie in an array: variable, value, variable, value. To
 * copy the array costs less than a task.
 */
public final class Bindings {
  static final Bindings EMPTY = new Bindings(new Object[0]);

  private final @Nullable Object[] entries;

  private Bindings(@Nullable Object[] entries) {
    this.entries = entries;
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
    return new Bindings(copy);
  }

  public Bindings without(Object variable) {
    int index = indexOf(variable);
    if (index < 0) {
      return this;
    }
    @Nullable Object[] copy = new Object[entries.length - 2];
    System.arraycopy(entries, 0, copy, 0, index);
    System.arraycopy(entries, index + 2, copy, index, copy.length - index);
    return new Bindings(copy);
  }
}
