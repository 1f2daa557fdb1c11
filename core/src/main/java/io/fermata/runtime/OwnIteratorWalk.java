package io.fermata.runtime;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A walk that throws after an element if the list of an iterator was modified meanwhile. */
final class OwnIteratorWalk<T extends @Nullable Object> implements Iterator<T> {
  private final Iterator<T> iterator;
  private boolean hasBegun;

  OwnIteratorWalk(Iterator<T> iterator) {
    this.iterator = iterator;
  }

  @Override
  public boolean hasNext() {
    if (iterator.hasNext()) {
      return true;
    }
    if (hasBegun) {
      try {
        iterator.next(); // looks for modifications first
      } catch (NoSuchElementException end) {
        return false;
      }
    }
    return false;
  }

  @Override
  public T next() {
    hasBegun = true;
    return iterator.next();
  }
}
