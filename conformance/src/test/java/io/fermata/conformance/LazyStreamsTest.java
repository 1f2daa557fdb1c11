package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Generator;
import io.fermata.Yielder;
import java.util.ArrayList;
import java.util.List;

/** Streams of numbers that are made from themselves, by way of lists that are filled lazily. */
class LazyStreamsTest {
  /** A list that a generator fills as far as anybody looks. */
  private static final class LazyList<T> {
    private final List<T> known = new ArrayList<>();
    private final Generator<T> source;

    LazyList(Generator<T> source) {
      this.source = source;
    }

    T get(int index) {
      while (known.size() <= index) {
        known.add(source.next());
      }
      return known.get(index);
    }

    Generator<T> from(int start) {
      return Generator.of(
          co -> {
            for (int i = start; ; i++) {
              co.yield(get(i));
            }
          });
    }
  }

  @EngineTest
  @Conforms("G-085")
  void hammingNumbersComeFromAStreamThatReadsItself() {
    List<LazyList<Integer>> self = new ArrayList<>();
    self.add(
        new LazyList<>(
            Generator.of(
                co -> {
                  co.yield(1);
                  LazyList<Integer> all = self.get(0);
                  merge(co, times(2, all), merged(times(3, all), times(5, all)));
                })));

    assertEquals(
        List.of(1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25, 27, 30, 32, 36),
        self.get(0).from(0).stream().limit(20).toList());
  }

  private static Generator<Integer> times(int factor, LazyList<Integer> list) {
    return Generator.of(
        co -> {
          for (int i : list.from(0)) {
            co.yield(factor * i);
          }
        });
  }

  private static Generator<Integer> merged(Generator<Integer> a, Generator<Integer> b) {
    return Generator.of(co -> merge(co, a, b));
  }

  private static void merge(Yielder<?, Integer> co, Generator<Integer> a, Generator<Integer> b) {
    int x = a.next();
    int y = b.next();
    while (true) {
      int least = Math.min(x, y);
      co.yield(least);
      if (x == least) {
        x = a.next();
      }
      if (y == least) {
        y = b.next();
      }
    }
  }

  @EngineTest
  @Conforms("G-085")
  void fibonacciNumbersComeFromAStreamAddedToItsOwnTail() {
    List<LazyList<Integer>> self = new ArrayList<>();
    self.add(
        new LazyList<>(
            Generator.of(
                co -> {
                  co.yield(1);
                  co.yield(2);
                  Generator<Integer> all = self.get(0).from(0);
                  Generator<Integer> tail = self.get(0).from(1);
                  while (true) {
                    co.yield(all.next() + tail.next());
                  }
                })));

    assertEquals(
        List.of(1, 2, 3, 5, 8, 13, 21, 34, 55, 89),
        self.get(0).from(0).stream().limit(10).toList());
  }
}
