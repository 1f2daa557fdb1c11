package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** Small programs that must work; see {@link ConjoinTest} for backtracking. */
class ProgramsTest {
  private record Tree(Tree left, int value, Tree right) {}

  private static Tree tree(int from, int to) {
    if (from > to) {
      return null;
    }
    int middle = (from + to) / 2;
    return new Tree(tree(from, middle - 1), middle, tree(middle + 1, to));
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> values = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      values.add(i);
    }
    return values;
  }

  @EngineTest
  @Conforms("G-083")
  void aRunningAverageIsFedBySend() {
    Coroutine<Double, Double, Integer> average =
        Coroutine.of(
            co -> {
              double total = 0;
              int count = 0;
              Double item = co.yield(null);
              while (item != null) {
                total += item;
                count++;
                item = co.yield(total / count);
              }
              return count;
            });
    average.next();

    assertEquals(10, average.send(10.0));
    assertEquals(20, average.send(30.0));
    assertEquals(15, average.send(5.0));
    assertEquals(3, assertThrows(StopIteration.class, average::next).value());
  }

  @EngineTest
  @Conforms("G-083")
  void aPipelineOfSinksIsFedBySend() {
    List<String> out = new ArrayList<>();
    Coroutine<String, Void, Void> collect = Coroutine.sink(co -> collect(co, out));
    collect.next();
    Coroutine<String, Void, Void> grep =
        Coroutine.sink(
            co -> {
              while (true) {
                String line = co.yield();
                if (line.contains("yield")) {
                  collect.send(line.strip());
                }
              }
            });
    grep.next();
    List.of(" yield 1", "return", "x = yield ").forEach(grep::send);
    grep.close();
    collect.close();

    assertEquals(List.of("yield 1", "x = yield"), out);
  }

  private static void collect(Yielder<String, Void> co, List<String> out) {
    while (true) {
      out.add(co.yield());
    }
  }

  @EngineTest
  @Conforms("G-084")
  void aTreeIsWalkedInOrderByAHelperThatYields() {
    Generator<Integer> g = Generator.of(co -> walk(tree(1, 15), co));

    assertEquals(range(1, 15), g.toList());
  }

  private static void walk(Tree t, Yielder<?, Integer> co) {
    if (t == null) {
      return;
    }
    walk(t.left, co);
    co.yield(t.value);
    walk(t.right, co);
  }

  @EngineTest
  @Conforms("G-084")
  void aTreeIsWalkedInOrderByGeneratorsThatDelegate() {
    assertEquals(range(1, 15), inOrder(tree(1, 15)).toList());
  }

  private static Generator<Integer> inOrder(Tree t) {
    return Generator.of(
        co -> {
          if (t != null) {
            co.yieldFrom(inOrder(t.left));
            co.yield(t.value);
            co.yieldFrom(inOrder(t.right));
          }
        });
  }

  @EngineTest
  @Conforms("G-084")
  void aTreeIsWalkedWithoutRecursion() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              Deque<Tree> stack = new ArrayDeque<>();
              Tree t = tree(1, 15);
              while (t != null || !stack.isEmpty()) {
                if (t != null) {
                  stack.push(t);
                  t = t.left;
                } else {
                  t = stack.pop();
                  co.yield(t.value);
                  t = t.right;
                }
              }
            });

    assertEquals(range(1, 15), g.toList());
  }

  @EngineTest
  @Conforms("G-084")
  void combinationsComeFromARecursiveGenerator() {
    assertEquals(List.of("ab", "ac", "ad", "bc", "bd", "cd"), combinations("abcd", 2, "").toList());
  }

  private static Generator<String> combinations(String letters, int size, String chosen) {
    return Generator.of(
        co -> {
          if (size == 0) {
            co.yield(chosen);
            return;
          }
          for (int i = 0; i <= letters.length() - size; i++) {
            co.yieldFrom(
                combinations(letters.substring(i + 1), size - 1, chosen + letters.charAt(i)));
          }
        });
  }

  @EngineTest
  @Conforms("G-084")
  void permutationsComeFromALoopOverARecursiveGenerator() {
    assertEquals(List.of("abc", "bac", "bca", "acb", "cab", "cba"), permutations("abc").toList());
  }

  private static Generator<String> permutations(String letters) {
    return Generator.of(
        co -> {
          if (letters.isEmpty()) {
            co.yield("");
            return;
          }
          for (String rest : permutations(letters.substring(1))) {
            for (int i = 0; i < letters.length(); i++) {
              co.yield(rest.substring(0, i) + letters.charAt(0) + rest.substring(i));
            }
          }
        });
  }

  @EngineTest
  @Conforms("G-084")
  void disjointSetsAreUnitedByGeneratorsThatPassSteps() {
    Map<Character, Generator<Character>> roots = new HashMap<>();
    List<Generator<Character>> sets = new ArrayList<>();
    for (char name : "ABCD".toCharArray()) {
      Generator<Character> set = rootOf(name, roots);
      set.next();
      sets.add(set);
    }
    roots.put('B', sets.get(0));
    roots.put('D', sets.get(2));
    roots.put('C', sets.get(0));

    assertEquals(List.of('A', 'A', 'A', 'A'), sets.stream().map(Generator::next).toList());
  }

  /** Yields its own name until it has a parent, then the name of its parent's root. */
  private static Generator<Character> rootOf(
      char name, Map<Character, Generator<Character>> parents) {
    return Generator.of(
        co -> {
          while (!parents.containsKey(name)) {
            co.yield(name);
          }
          co.yieldFrom(parents.get(name));
        });
  }

  @EngineTest
  @Conforms("G-087")
  void aSieveStacksAGeneratorPerPrime() {
    List<Integer> primes = sieve().stream().limit(25).toList();

    assertEquals(List.of(2, 3, 5, 7, 11, 13), primes.subList(0, 6));
    assertEquals(97, Collections.max(primes));
  }

  private static Generator<Integer> sieve() {
    return Generator.of(
        co -> {
          Generator<Integer> numbers =
              Generator.of(
                  all -> {
                    for (int i = 2; ; i++) {
                      all.yield(i);
                    }
                  });
          while (true) {
            int prime = numbers.next();
            co.yield(prime);
            numbers = withoutMultiples(prime, numbers);
          }
        });
  }

  private static Generator<Integer> withoutMultiples(int prime, Generator<Integer> numbers) {
    return Generator.of(
        co -> {
          for (int i : numbers) {
            if (i % prime != 0) {
              co.yield(i);
            }
          }
        });
  }

  @EngineTest
  @Conforms("G-087")
  void hundredsOfGeneratorsMayBeSuspendedInsideEachOther() {
    Generator<Integer> g = countdown(200);

    assertEquals(200, g.next());
    assertEquals(range(0, 199), g.toList().stream().sorted().toList());
  }

  private static Generator<Integer> countdown(int from) {
    return Generator.of(
        co -> {
          co.yield(from);
          if (from > 0) {
            for (int i : countdown(from - 1)) {
              co.yield(i);
            }
          }
        });
  }

  @EngineTest
  @Conforms("G-088")
  @Timeout(60)
  void anInterruptThatArrivesBeforeAStepReachesTheInnermostBody() {
    Generator<String> inner =
        Generator.of(
            co -> {
              co.yield("first");
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException interrupt) {
                co.yield("interrupted in the innermost");
              }
            });
    Generator<String> middle = Generator.of(co -> co.yieldFrom(inner));
    Generator<String> outer = Generator.of(co -> co.yieldFrom(middle));
    outer.next();
    Thread.currentThread().interrupt();

    assertEquals("interrupted in the innermost", outer.next());
    assertFalse(Thread.interrupted());
  }

  @EngineTest
  @Conforms("G-088")
  void anInterruptThatTheBodyLeavesAloneStaysWithTheCaller() {
    Generator<Boolean> g = Generator.of(co -> co.yield(Thread.currentThread().isInterrupted()));
    Thread.currentThread().interrupt();

    assertTrue(g.next());
    assertTrue(Thread.interrupted());
  }
}
