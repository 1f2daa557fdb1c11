package io.fermata.runtime;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A walk that looks for the next element when it is asked for, and not one step ahead. */
final class SpliteratorWalk<T> implements Iterator<T>, Consumer<T> {
  private final Spliterator<T> elements;
  private @Nullable T found;

  SpliteratorWalk(Spliterator<T> elements) {
    this.elements = elements;
  }

  @Override
  public void accept(T element) {
    found = element;
  }

  @Override
  public boolean hasNext() {
    return found != null || elements.tryAdvance(this);
  }

  @Override
  public T next() {
    T element = found;
    if (element == null) {
      throw new NoSuchElementException();
    }
    found = null;
    return element;
  }
}
