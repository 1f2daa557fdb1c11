package io.fermata.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A walk does what the call does, also if the collection is modified meanwhile. */
// as many kinds of collections, and of calls of them, as there are
@SuppressWarnings({"UnnecessaryMethodReference", "JdkObsolete", "IdentityHashMapBoxing"})
class WalksTest {
  private static final int PROGRAMS = 300;

  /** What is done at the n-th element. */
  private interface Change<C> {
    void at(int n, Object element, C collection);
  }

  private static <C> String trace(C collection, Change<C> change, Consumer<Consumer<Object>> walk) {
    StringBuilder trace = new StringBuilder();
    int[] n = {0};
    try {
      walk.accept(
          element -> {
            trace.append(element).append(' ');
            change.at(n[0]++, element, collection);
          });
    } catch (RuntimeException thrown) {
      trace.append(thrown.getClass().getSimpleName());
    }
    return trace.toString();
  }

  private static void walk(Iterator<?> walk, Consumer<Object> each) {
    assertNotNull(walk);
    while (walk.hasNext()) {
      each.accept(walk.next());
    }
  }

  private static void checkCollection(
      Supplier<Collection<Integer>> made, Change<Collection<Integer>> change) {
    Collection<Integer> called = made.get();
    Collection<Integer> walked = made.get();
    assertEquals(
        trace(called, change, each -> called.forEach(each::accept)),
        trace(walked, change, each -> walk(Walks.of(walked), each)),
        called.getClass().getName());
  }

  private static void checkMap(
      Supplier<Map<Integer, String>> made, Change<Map<Integer, String>> change) {
    Map<Integer, String> called = made.get();
    Map<Integer, String> walked = made.get();
    String name = called.getClass().getName();
    assertEquals(
        trace(called, change, each -> called.forEach((key, value) -> each.accept(key + value))),
        trace(
            walked,
            change,
            each ->
                walk(
                    Walks.of(walked),
                    entry ->
                        each.accept(
                            Walks.key((Map.Entry<?, ?>) entry)
                                + ""
                                + Walks.value((Map.Entry<?, ?>) entry)))),
        name);
    Map<Integer, String> first = made.get();
    Map<Integer, String> second = made.get();
    assertEquals(
        trace(first, change, each -> first.keySet().forEach(each::accept)),
        trace(second, change, each -> walk(Walks.of(second.keySet()), each)),
        name + " keys");
    Map<Integer, String> third = made.get();
    Map<Integer, String> fourth = made.get();
    assertEquals(
        trace(third, change, each -> third.entrySet().forEach(each::accept)),
        trace(fourth, change, each -> walk(Walks.of(fourth.entrySet()), each)),
        name + " entries");
  }

  private static void checkValues(
      Supplier<Map<Integer, String>> made, Change<Map<Integer, String>> change) {
    Map<Integer, String> fifth = made.get();
    Map<Integer, String> sixth = made.get();
    assertEquals(
        trace(fifth, change, each -> fifth.values().forEach(each::accept)),
        trace(sixth, change, each -> walk(Walks.of(sixth.values()), each)),
        fifth.getClass().getName());
  }

  private static List<Integer> numbers(int size) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private static Map<Integer, String> filled(Map<Integer, String> map, int size) {
    for (int i = 0; i < size; i++) {
      map.put(i * 2 % 13, "v" + i);
    }
    return map;
  }

  @Test
  void collectionsAreWalkedAsTheyAreCalled() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < PROGRAMS; i++) {
      int size = random.nextInt(5);
      int when = random.nextInt(5);
      int what = random.nextInt(6);
      int which = random.nextInt(6);
      Change<Collection<Integer>> change =
          (n, element, collection) -> {
            if (n == when) {
              switch (what) {
                case 0 -> collection.add(100 + which);
                case 1 -> collection.remove(which);
                case 2 -> collection.remove(element);
                case 3 -> collection.clear();
                case 4 -> {
                  collection.remove(which);
                  collection.add(200);
                }
                default -> {}
              }
            }
          };
      for (Supplier<Collection<Integer>> made :
          List.<Supplier<Collection<Integer>>>of(
              () -> new ArrayList<>(numbers(size)),
              () -> new LinkedList<>(numbers(size)),
              () -> new HashSet<>(numbers(size)),
              () -> new LinkedHashSet<>(numbers(size)),
              () -> new TreeSet<>(numbers(size)),
              () -> new CopyOnWriteArrayList<>(numbers(size)),
              () -> Arrays.asList(numbers(size).toArray(new Integer[0])),
              () -> List.copyOf(numbers(size)),
              () -> ConcurrentHashMap.<Integer>newKeySet(),
              () -> Collections.singletonList(size),
              () -> Collections.emptySet())) {
        try {
          checkCollection(made, change);
        } catch (AssertionError wrong) {
          throw new AssertionError("seed " + seed + ", program " + i, wrong);
        }
      }
    }
  }

  @Test
  void mapsAreWalkedAsTheyAreCalled() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < PROGRAMS; i++) {
      int size = random.nextInt(7);
      int[] whats = random.ints(8, 0, 7).toArray();
      int[] keys = random.ints(8, 0, 14).toArray();
      Change<Map<Integer, String>> change =
          (n, element, map) -> {
            int key = keys[n % 8];
            switch (whats[n % 8]) {
              case 0 -> map.put(key, "new" + n);
              case 1 -> map.remove(key);
              case 2 -> map.replace(key, "set");
              default -> {}
            }
          };
      for (Supplier<Map<Integer, String>> made :
          List.<Supplier<Map<Integer, String>>>of(
              () -> filled(new HashMap<>(), size),
              () -> filled(new LinkedHashMap<>(), size),
              () -> filled(new LinkedHashMap<>(16, 0.75f, true), size),
              () -> filled(new TreeMap<>(), size),
              () -> filled(new ConcurrentHashMap<>(), size),
              () -> Map.copyOf(filled(new HashMap<>(), size)))) {
        try {
          checkMap(made, change);
          checkValues(made, (n, element, map) -> map.replaceAll((key, value) -> value + n));
        } catch (AssertionError wrong) {
          throw new AssertionError("seed " + seed + ", program " + i, wrong);
        }
      }
    }
  }

  @Test
  void aMapThatGrowsEndsTheWalk() {
    checkMap(
        () -> filled(new HashMap<>(), 7),
        (n, element, map) -> {
          for (int i = 0; n == 2 && i < 30; i++) {
            map.put(1000 + i, "grown");
          }
        });
  }

  @Test
  void anIdentityMapThrowsAfterTheElement() {
    checkMap(
        () -> filled(new IdentityHashMap<>(), 5),
        (n, element, map) -> {
          if (n == 4) {
            map.put(100, "new");
          }
        });
  }

  @Test
  void whatMayDoMoreIsNotWalked() {
    List<Integer> overriding =
        new ArrayList<>() {
          @Override
          public void forEach(Consumer<? super Integer> action) {}
        };
    List<Integer> counting =
        new ArrayList<>() {
          @Override
          public Iterator<Integer> iterator() {
            return super.iterator();
          }
        };
    assertNull(Walks.of(overriding));
    assertNull(Walks.of(counting));
    assertNull(Walks.of(Collections.synchronizedList(new ArrayList<>())));
    assertNull(Walks.of(Collections.synchronizedMap(new HashMap<>())));
    assertNull(Walks.of(new ArrayDeque<>()));
    assertNull(Walks.of(new ArrayList<>(List.of(1)).iterator()));
    assertNotNull(Walks.of((Iterable<Integer>) () -> List.of(1).iterator()));
  }
}
