package io.fermata.runtime;

import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The walk of the values of a {@code HashMap}, as {@link HashWalk}. A value is read when it is
 * asked for, as it may be replaced before; so the walk is not one element ahead, and finds its
 * place by the latest value, else by the number of values that it has given.
 */
final class ValuesWalk<T extends @Nullable Object> implements Iterator<T> {
  private final Iterable<T> values;
  private Iterator<T> further;

  /** Stands before the first value: its next step notices modifications. */
  private Iterator<T> start;

  private @Nullable Object latest;
  private @Nullable Object next;
  private boolean hasNext;
  private boolean isKnown;
  private boolean isModified;
  private int given;

  ValuesWalk(Iterable<T> values) {
    this.values = values;
    this.further = values.iterator();
    this.start = values.iterator();
  }

  @Override
  public boolean hasNext() {
    if (!isKnown) {
      isKnown = true;
      hasNext = further.hasNext();
      try {
        if (hasNext) {
          next = further.next();
        } else if (given > 0) {
          start.next();
        }
      } catch (ConcurrentModificationException modified) {
        isModified = true;
        goOn();
      }
    }
    if (!hasNext && isModified) {
      throw new ConcurrentModificationException();
    }
    return hasNext;
  }

  /** Goes on behind the latest value, in the map as it is now. */
  private void goOn() {
    Iterator<T> from = values.iterator();
    boolean found = false;
    while (!found && from.hasNext()) {
      found = from.next() == latest;
    }
    if (!found) {
      from = values.iterator();
      for (int i = 0; i < given && from.hasNext(); i++) {
        from.next();
      }
    }
    further = from;
    start = values.iterator();
    hasNext = further.hasNext();
    next = hasNext ? further.next() : null;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // it came from the map
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    isKnown = false;
    given++;
    latest = next;
    return (T) next;
  }
}
