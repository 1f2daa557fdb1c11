package io.fermata.internal.waiting;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The items of a queue, in the order in which they come out. Null is an item like any other. */
public abstract class Items<T extends @Nullable Object> {
  @Nullable Object[] array = new Object[8];
  public int size;

  /** Adds an item. If it throws, nothing was added. */
  public abstract void add(T item);

  /** Takes the next item; there must be one. */
  public abstract T take();

  /** Drops all items. */
  public void clear() {
    Arrays.fill(array, null);
    size = 0;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // only add() puts something in
  final T at(int index) {
    return (T) array[index];
  }

  final boolean isFull() {
    return size == array.length;
  }

  /** The items in order of arrival. */
  public static final class Fifo<T extends @Nullable Object> extends Items<T> {
    /** The place of the next item. The array is a ring, a power of two long. */
    private int head;

    @Override
    public void add(T item) {
      if (isFull()) {
        grow();
      }
      array[(head + size) & (array.length - 1)] = item;
      size++;
    }

    /** Adds an item in front of all others. */
    public void addFirst(T item) {
      if (isFull()) {
        grow();
      }
      head = (head - 1) & (array.length - 1);
      array[head] = item;
      size++;
    }

    private void grow() {
      @Nullable Object[] larger = new Object[size * 2];
      System.arraycopy(array, head, larger, 0, size - head);
      System.arraycopy(array, 0, larger, size - head, head);
      array = larger;
      head = 0;
    }

    @Override
    public T take() {
      T taken = at(head);
      array[head] = null;
      head = (head + 1) & (array.length - 1);
      size--;
      return taken;
    }
  }

  /** The items in reverse order of arrival. */
  public static final class Lifo<T extends @Nullable Object> extends Items<T> {
    @Override
    public void add(T item) {
      if (isFull()) {
        array = Arrays.copyOf(array, size * 2);
      }
      array[size] = item;
      size++;
    }

    @Override
    public T take() {
      size--;
      T taken = at(size);
      array[size] = null;
      return taken;
    }
  }

  /**
   * The items in order of a comparator: a binary heap. It sifts like Python's {@code heapq}, so
   * items that compare as equal come out in the same order too.
   */
  public static final class Heap<T extends @Nullable Object> extends Items<T> {
    private final Comparator<? super T> order;

    public Heap(Comparator<? super T> order) {
      this.order = order;
    }

    @Override
    public void add(T item) {
      if (isFull()) {
        array = Arrays.copyOf(array, size * 2);
      }
      int place = size;
      while (place > 0 && order.compare(item, at(above(place))) < 0) {
        place = above(place);
      }
      for (int hole = size; hole != place; hole = above(hole)) {
        array[hole] = array[above(hole)];
      }
      array[place] = item;
      size++;
    }

    private static int above(int place) {
      return (place - 1) >> 1;
    }

    @Override
    public T take() {
      T taken = at(0);
      size--;
      T moved = at(size);
      array[size] = null;
      if (size > 0) {
        try {
          sink(moved);
        } catch (Throwable failure) { // of the comparator: nothing shall be lost
          array[size] = taken;
          size++;
          throw failure;
        }
      }
      return taken;
    }

    /** Fills the hole at the top: down to a leaf along the smaller ones, then up again. */
    private void sink(T moved) {
      int hole = 0;
      try {
        for (int child = 1; child < size; child = 2 * hole + 1) {
          int right = child + 1;
          int smaller = right < size && order.compare(at(child), at(right)) >= 0 ? right : child;
          array[hole] = array[smaller];
          hole = smaller;
        }
        while (hole > 0 && order.compare(moved, at(above(hole))) < 0) {
          array[hole] = array[above(hole)];
          hole = above(hole);
        }
      } finally {
        array[hole] = moved;
      }
    }
  }
}
