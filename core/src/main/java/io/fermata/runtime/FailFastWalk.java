package io.fermata.runtime;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A walk that throws after an element if the collection was modified meanwhile, also after the last
 * one, where an iterator would not notice.
 */
final class FailFastWalk<T extends @Nullable Object> implements Iterator<T> {
  private final Iterator<T> elements;

  /** Stands before the first element: its next step notices all modifications. */
  private final Iterator<T> start;

  private final boolean isEmpty;

  FailFastWalk(Iterable<T> collection) {
    elements = collection.iterator();
    start = collection.iterator();
    isEmpty = !elements.hasNext();
  }

  @Override
  public boolean hasNext() {
    if (elements.hasNext()) {
      return true;
    }
    if (!isEmpty) {
      start.next();
    }
    return false;
  }

  @Override
  public T next() {
    return elements.next();
  }
}
