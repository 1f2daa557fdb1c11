package io.fermata.internal.waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemsTest {
  private record Ranked(int rank, int number) {}

  /** Throws at one comparison, counted from when it is set. */
  private static final class Fragile implements Comparator<Ranked> {
    int left = -1;

    @Override
    public int compare(Ranked one, Ranked other) {
      if (left == 0) {
        throw new IllegalStateException("no order");
      }
      left--;
      return Integer.compare(one.rank, other.rank);
    }
  }

  private static <T> List<T> takeAll(Items<T> items) {
    List<T> taken = new ArrayList<>();
    while (items.size > 0) {
      taken.add(items.take());
    }
    return taken;
  }

  private static void assertHoldsNothing(Items<?> items) {
    for (Object held : items.array) {
      assertNull(held);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void fifoIsAQueue(long seed) {
    Random random = new Random(seed);
    Items<Integer> items = new Items.Fifo<>();
    Deque<Integer> model = new ArrayDeque<>();
    for (int step = 0; step < 500; step++) {
      if (random.nextInt(100) < 55 || model.isEmpty()) {
        items.add(step);
        model.addLast(step);
      } else {
        assertEquals(model.removeFirst(), items.take(), "step " + step);
      }
      assertEquals(model.size(), items.size, "step " + step);
    }
    assertEquals(List.copyOf(model), takeAll(items));
    assertHoldsNothing(items);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void lifoIsAStack(long seed) {
    Random random = new Random(seed);
    Items<Integer> items = new Items.Lifo<>();
    Deque<Integer> model = new ArrayDeque<>();
    for (int step = 0; step < 500; step++) {
      if (random.nextInt(100) < 55 || model.isEmpty()) {
        items.add(step);
        model.push(step);
      } else {
        assertEquals(model.pop(), items.take(), "step " + step);
      }
      assertEquals(model.size(), items.size, "step " + step);
    }
    assertEquals(List.copyOf(model), takeAll(items));
    assertHoldsNothing(items);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void heapIsAPriorityQueue(long seed) {
    Random random = new Random(seed);
    Items<Integer> items = new Items.Heap<>(Comparator.<Integer>naturalOrder());
    PriorityQueue<Integer> model = new PriorityQueue<>();
    for (int step = 0; step < 800; step++) {
      if (random.nextInt(100) < 55 || model.isEmpty()) {
        int item = random.nextInt(50);
        items.add(item);
        model.add(item);
      } else {
        assertEquals(model.remove(), items.take(), "step " + step);
      }
      assertEquals(model.size(), items.size, "step " + step);
    }
    List<Integer> rest = takeAll(items);
    assertEquals(rest.stream().sorted().toList(), rest);
    assertEquals(model.size(), rest.size());
    assertHoldsNothing(items);
  }

  /** Against the algorithm of {@code heapq}: sift to a leaf, then rise. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void equalItemsOfAHeapComeOutAsInPython(long seed) {
    Random random = new Random(seed);
    Items<Ranked> items = new Items.Heap<>(Comparator.comparingInt(Ranked::rank));
    List<Ranked> model = new ArrayList<>();
    for (int step = 0; step < 500; step++) {
      if (random.nextInt(100) < 60 || model.isEmpty()) {
        Ranked item = new Ranked(random.nextInt(3), step);
        items.add(item);
        model.add(item);
        rise(model, model.size() - 1);
      } else {
        assertEquals(pop(model), items.take(), "step " + step);
      }
    }
  }

  private static void rise(List<Ranked> heap, int from) {
    int at = from;
    while (at > 0 && heap.get(at).rank < heap.get((at - 1) / 2).rank) {
      Ranked risen = heap.get(at);
      heap.set(at, heap.get((at - 1) / 2));
      heap.set((at - 1) / 2, risen);
      at = (at - 1) / 2;
    }
  }

  private static Ranked pop(List<Ranked> heap) {
    Ranked last = heap.remove(heap.size() - 1);
    if (heap.isEmpty()) {
      return last;
    }
    Ranked popped = heap.get(0);
    int hole = 0;
    while (2 * hole + 1 < heap.size()) {
      int left = 2 * hole + 1;
      boolean rightFirst = left + 1 < heap.size() && heap.get(left + 1).rank <= heap.get(left).rank;
      int child = rightFirst ? left + 1 : left;
      heap.set(hole, heap.get(child));
      hole = child;
    }
    heap.set(hole, last);
    rise(heap, hole);
    return popped;
  }

  @Test
  void nullIsAnItem() {
    for (Items<String> items :
        List.of(
            new Items.Fifo<String>(),
            new Items.Lifo<String>(),
            new Items.Heap<String>((unused1, unused2) -> 0))) {
      items.add(null);
      items.add(null);
      assertEquals(2, items.size);
      assertNull(items.take());
      assertNull(items.take());
      assertEquals(0, items.size);
    }
  }

  @Test
  void anAddThatThrowsAddsNothing() {
    for (int at = 0; at < 3; at++) {
      Fragile order = new Fragile();
      Items<Ranked> items = heapOfTen(order);
      order.left = at;
      assertThrows(IllegalStateException.class, () -> items.add(new Ranked(-1, 10)));
      order.left = -1;
      assertEquals(10, items.size);
      assertEquals(
          List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
          takeAll(items).stream().map(Ranked::rank).toList());
    }
  }

  @Test
  void aTakeThatThrowsLosesNothing() {
    int failed = 0;
    for (int at = 0; at < 12; at++) {
      Fragile order = new Fragile();
      Items<Ranked> items = heapOfTen(order);
      order.left = at;
      try {
        items.take();
        break;
      } catch (IllegalStateException expected) {
        failed++;
      }
      order.left = -1;
      assertEquals(10, items.size);
      assertEquals(
          List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
          takeAll(items).stream().map(Ranked::rank).sorted().toList());
    }
    assertEquals(4, failed); // three comparisons on the way down, one on the way up
  }

  private static Items<Ranked> heapOfTen(Comparator<Ranked> order) {
    Items<Ranked> items = new Items.Heap<>(order);
    for (int i = 0; i < 10; i++) {
      items.add(new Ranked(i, i));
    }
    return items;
  }

  @Test
  void theLastItemOfAHeapIsNotCompared() {
    Fragile order = new Fragile();
    Items<Ranked> items = new Items.Heap<>(order);
    order.left = 0;
    items.add(new Ranked(1, 1));
    assertEquals(1, items.take().rank);
    assertEquals(0, items.size);
  }
}
