package io.fermata.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a {@code HashMap} or of a view of one. The call goes on if the map is modified
 * meanwhile, with what is in the map then, and throws at the end. An iterator throws at once.
 *
 * <p>The iterator is one element ahead, so each of its steps notices what happened to the map at
 * the latest element. If something did, the walk finds that element again, and goes on behind it. A
 * map that has grown leaves the call an empty table, so the walk ends with the bucket where it
 * stands.
 *
 * <p>In two cases it may give other elements than the call before it throws: if the element where
 * it stands is removed, and shares its bucket; and if the map is modified during a walk of its
 * values and has equal ones. No view shows more of a map.
 */
final class HashWalk<T extends @Nullable Object> implements Iterator<T> {
  private final Iterable<T> view;
  private final boolean isLinked;
  private final int splits;

  /** Stands behind the element after {@link #next}. */
  private Iterator<T> further;

  /** Stands near the first element: each of its first steps notices modifications. */
  private Iterator<T> start;

  /** The latest element that was given. */
  private @Nullable Object latest;

  /** The element to give next, if there is one. */
  private @Nullable Object next;

  /** The one after that, if there is one. */
  private @Nullable Object after;

  private boolean hasNext;
  private boolean hasAfter;

  /** Whether {@link #next} was found after the latest element was given. */
  private boolean isKnown = true;

  private boolean isModified;

  HashWalk(Iterable<T> view) {
    this.view = view;
    this.isLinked = view.getClass().getName().contains("Linked");
    this.further = view.iterator();
    this.start = view.iterator();
    this.hasNext = further.hasNext();
    if (hasNext) {
      next = further.next();
      lookFurther();
    }
    this.splits = hasNext ? splits() : 0;
  }

  private void lookFurther() {
    hasAfter = further.hasNext();
    after = hasAfter ? further.next() : null;
  }

  /** The logarithm of the size of the table, which a map of another kind does not show. */
  private int splits() {
    int splits = 0;
    if (!isLinked) {
      Spliterator<T> buckets = view.spliterator();
      while (buckets.trySplit() != null) {
        splits++;
      }
    }
    return splits;
  }

  @Override
  public boolean hasNext() {
    if (!isKnown) {
      isKnown = true;
      try {
        // after is what came behind the latest element before this was given
        if (further.hasNext()) {
          Object beyond = further.next();
          next = after;
          hasNext = true;
          after = beyond;
        } else {
          start.next();
          next = after;
          hasNext = hasAfter;
          after = null;
          hasAfter = false;
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

  /** Goes on behind the latest element, in the map as it is now. */
  private void goOn() {
    Iterator<T> from = view.iterator();
    hasNext = false;
    if (splits != splits()) {
      from = restOfBucket().iterator();
      hasNext = from.hasNext();
      next = hasNext ? from.next() : null;
    } else if (find(from, latest)) {
      hasNext = from.hasNext();
      next = hasNext ? from.next() : null;
    } else if (!isLinked && hasAfter) {
      // the latest element was removed; it still refers to what came behind it
      from = view.iterator();
      hasNext = find(from, after);
      next = after;
    }
    further = from;
    start = view.iterator();
    hasAfter = false;
    if (hasNext) {
      lookFurther();
    }
  }

  /** What lies behind the latest element in its bucket. */
  private List<T> restOfBucket() {
    Deque<Spliterator<T>> work = new ArrayDeque<>();
    work.push(view.spliterator());
    while (!work.isEmpty()) {
      Spliterator<T> buckets = work.pop();
      Spliterator<T> half = buckets.trySplit();
      if (half != null) {
        work.push(buckets);
        work.push(half);
        continue;
      }
      List<T> bucket = new ArrayList<>();
      buckets.forEachRemaining(bucket::add);
      for (int i = 0; i < bucket.size(); i++) {
        if (bucket.get(i) == latest) {
          return bucket.subList(i + 1, bucket.size());
        }
      }
    }
    return List.of();
  }

  private boolean find(Iterator<T> from, @Nullable Object wanted) {
    while (from.hasNext()) {
      if (from.next() == wanted) {
        return true;
      }
    }
    return false;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // it came from the view
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    isKnown = false;
    latest = next;
    return (T) next;
  }
}
