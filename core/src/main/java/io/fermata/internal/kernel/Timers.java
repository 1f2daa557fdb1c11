package io.fermata.internal.kernel;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A heap of timers with the earliest on top.
 *
 * <p>Each timer knows its place, so one is taken out in logarithmic time, and a cancelled one holds
 * no memory. A node has four children: half as many levels as with two, and the additional
 * comparisons stay within a cache line.
 */
final class Timers {
  private static final int CHILDREN = 4;

  private @Nullable Timer[] heap = new Timer[16];
  private int size;
  private long scheduled;

  /** The earliest, null if there is none. */
  @Nullable Timer first() {
    return size == 0 ? null : heap[0];
  }

  void add(Timer timer, long when) {
    if (timer.index >= 0) {
      throw new IllegalStateException(timer + " is scheduled already");
    }
    timer.when = when;
    timer.order = scheduled++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    up(size++, timer);
  }

  /** Takes one out; does nothing if it is not in. */
  void remove(Timer timer) {
    int hole = timer.index;
    if (hole < 0) {
      return;
    }
    timer.index = -1;
    Timer last = at(--size);
    heap[size] = null;
    if (last == timer) {
      return;
    }
    // The last timer fills the hole. It comes from another branch, so it may have to go up.
    if (hole > 0 && last.isBefore(at((hole - 1) / CHILDREN))) {
      up(hole, last);
    } else {
      down(hole, last);
    }
  }

  private void up(int from, Timer timer) {
    int hole = from;
    while (hole > 0) {
      int above = (hole - 1) / CHILDREN;
      Timer parent = at(above);
      if (!timer.isBefore(parent)) {
        break;
      }
      put(hole, parent);
      hole = above;
    }
    put(hole, timer);
  }

  private void down(int from, Timer timer) {
    int hole = from;
    for (int first = hole * CHILDREN + 1; first < size; first = hole * CHILDREN + 1) {
      int least = first;
      int end = Math.min(first + CHILDREN, size);
      for (int child = first + 1; child < end; child++) {
        if (at(child).isBefore(at(least))) {
          least = child;
        }
      }
      if (!at(least).isBefore(timer)) {
        break;
      }
      put(hole, at(least));
      hole = least;
    }
    put(hole, timer);
  }

  private Timer at(int place) {
    return Objects.requireNonNull(heap[place]);
  }

  private void put(int place, Timer timer) {
    heap[place] = timer;
    timer.index = place;
  }
}
