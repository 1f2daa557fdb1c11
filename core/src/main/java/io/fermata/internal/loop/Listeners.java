package io.fermata.internal.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one promise or task, in the order in which they came: tasks, and {@link
 * Listener}s, which know their places.
 *
 * <p><b>Cost.</b> A listener leaves in constant time, on the average over all: it leaves a gap, and
 * the gaps are closed when there are more of them than listeners. A task that leaves is searched
 * for; it does so only if it is awaited by what it awaits.
 */
final class Listeners {
  private @Nullable Object[] all = new Object[4];

  /** The first of {@link #all} that is free. */
  private int end;

  private int size;

  Listeners(Object first, Object second) {
    add(first);
    add(second);
  }

  void add(Object listener) {
    if (end == all.length) {
      all = Arrays.copyOf(all, 2 * end);
    }
    put(listener);
    size++;
  }

  private void put(Object listener) {
    if (listener instanceof Listener placed) {
      placed.place = end;
    }
    all[end++] = listener;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Returns whether it was there. */
  boolean remove(Object listener) {
    int at =
        listener instanceof Listener placed ? placed.place : Arrays.asList(all).indexOf(listener);
    if (at < 0 || at >= end || all[at] != listener) {
      return false;
    }
    all[at] = null;
    size--;
    if (size < end / 2) {
      closeGaps();
    }
    return true;
  }

  private void closeGaps() {
    @Nullable Object[] before = all;
    int length = end;
    all = new Object[Math.max(4, 2 * size)];
    end = 0;
    for (int i = 0; i < length; i++) {
      Object each = before[i];
      if (each != null) {
        put(each);
      }
    }
  }

  /** How many places it keeps, gaps included. */
  int places() {
    return all.length;
  }

  void forEach(Consumer<Object> action) {
    for (int i = 0; i < end; i++) {
      Object each = all[i];
      if (each != null) {
        action.accept(each);
      }
    }
  }

  /** The callbacks that the user has added. */
  List<DoneCallback<?>> callbacks() {
    List<DoneCallback<?>> callbacks = new ArrayList<>();
    forEach(
        each -> {
          if (each instanceof DoneCallback<?> callback) {
            callbacks.add(callback);
          }
        });
    return callbacks;
  }
}
