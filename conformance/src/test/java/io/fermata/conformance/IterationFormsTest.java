package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The forms in which the values of a generator can be taken. */
class IterationFormsTest {
  private final List<String> log = new ArrayList<>();

  private Generator<Integer> three() {
    return Generator.of(
        co -> {
          try {
            for (int i = 1; i <= 3; i++) {
              co.yield(i);
            }
            log.add("end");
          } finally {
            log.add("finally");
          }
        });
  }

  @EngineTest
  void aLoopMayUseAdvanceAndCurrent() {
    Generator<Integer> g = three();
    List<Integer> seen = new ArrayList<>();
    while (g.advance()) {
      seen.add(g.current());
    }

    assertEquals(List.of(1, 2, 3), seen);
  }

  @EngineTest
  void currentMayBeReadUntilTheNextStep() {
    Generator<Integer> g = three();
    g.advance();

    assertEquals(1, g.current());
    assertEquals(1, g.current());
    g.advance();
    assertEquals(2, g.current());
  }

  @EngineTest
  void nextHandsTheValueOverAndKeepsNothing() {
    Generator<Integer> g = three();

    assertEquals(1, g.next());
    assertNull(g.current());
  }

  @EngineTest
  void nextOrGivesItsArgumentFromTheEndOn() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertEquals(1, g.nextOr(7));
    assertEquals(7, g.nextOr(7));
    assertEquals(8, g.nextOr(8));
    assertNull(g.nextOr(null));
  }

  @EngineTest
  void toListTakesWhatIsLeft() {
    Generator<Integer> g = three();
    g.next();

    assertEquals(List.of(2, 3), g.toList());
    assertEquals(List.of("end", "finally"), log);
  }

  @EngineTest
  void theListOfToListIsTheCallers() {
    List<Integer> list = three().toList();
    list.add(4);

    assertEquals(List.of(1, 2, 3, 4), list);
  }

  @EngineTest
  void toListPassesAFailureOn() {
    IOException e = new IOException();
    Generator<Integer> g =
        Generator.of(
            co -> {
              co.yield(1);
              throw e;
            });

    assertSame(e, assertThrows(IOException.class, g::toList));
  }

  @EngineTest
  void forEachTakesWhatIsLeft() {
    List<Integer> seen = new ArrayList<>();
    Generator<Integer> g = three();
    g.next();
    g.forEach(seen::add);

    assertEquals(List.of(2, 3), seen);
  }

  @EngineTest
  void anIterableGivesEveryLoopAFreshRun() {
    Iterable<Integer> iterable =
        Generator.iterable(
            co -> {
              log.add("run");
              co.yield(1);
              co.yield(2);
            });
    List<Integer> seen = new ArrayList<>();
    for (int i : iterable) {
      for (int j : iterable) {
        seen.add(10 * i + j);
      }
    }

    assertEquals(List.of(11, 12, 21, 22), seen);
    assertEquals(List.of("run", "run", "run"), log);
    assertNotSame(iterable.iterator(), iterable.iterator());
  }

  @EngineTest
  void anIterableRunsNothingUntilItsIteratorIsStepped() {
    Iterable<Integer> iterable = Generator.iterable(co -> log.add("run"));
    iterable.iterator();

    assertEquals(List.of(), log);
  }

  @EngineTest
  void aStreamPullsOneValueAtATime() {
    Stream<Integer> stream =
        Generator.stream(
            co -> {
              for (int i = 1; ; i++) {
                log.add("make " + i);
                co.yield(i);
              }
            });
    List<Integer> seen = stream.peek(i -> log.add("take " + i)).limit(2).toList();

    assertEquals(List.of(1, 2), seen);
    assertEquals(List.of("make 1", "take 1", "make 2", "take 2"), log);
  }

  @EngineTest
  void aStreamRunsNothingUntilItIsConsumed() {
    Stream<Integer> stream = three().stream().map(i -> i + 1);

    assertEquals(List.of(), log);
    assertEquals(List.of(2, 3, 4), stream.toList());
  }

  @EngineTest
  void aStreamKeepsTheOrderAndNulls() {
    Generator<String> g =
        Generator.of(
            co -> {
              co.yield("b");
              co.yield(null);
              co.yield("a");
            });

    assertEquals(Arrays.asList("b", null, "a"), g.stream().toList());
  }

  @EngineTest
  void closingAStreamClosesItsGenerator() {
    Generator<Integer> g = three();
    try (Stream<Integer> stream = g.stream()) {
      assertEquals(1, stream.findFirst().orElseThrow());
      assertEquals(State.SUSPENDED, g.state());
    }

    assertEquals(State.CLOSED, g.state());
    assertEquals(List.of("finally"), log);
  }

  @EngineTest
  void flatMapClosesTheGeneratorsThatItOpened() {
    List<Generator<Integer>> opened = List.of(three(), three());

    assertEquals(
        List.of(1, 2, 1, 2),
        opened.stream().flatMap(g -> g.stream().takeWhile(i -> i < 3)).toList());
    for (Generator<Integer> g : opened) {
      assertEquals(State.CLOSED, g.state());
    }
    assertEquals(List.of("finally", "finally"), log);
  }

  @EngineTest
  void aStreamPassesAFailureOn() {
    IOException e = new IOException();
    Stream<Integer> stream =
        Generator.stream(
            co -> {
              throw e;
            });

    assertSame(e, assertThrows(IOException.class, stream::count));
  }

  @EngineTest
  void aParallelStreamGetsEveryValueOnce() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              for (int i = 1; i <= 3000; i++) {
                co.yield(i);
              }
            });

    assertEquals(3000 * 3001 / 2, g.stream().parallel().mapToInt(i -> i).sum());
  }

  @EngineTest
  void theIteratorOfAStreamIsLazy() {
    var iterator = three().stream().iterator();

    assertTrue(iterator.hasNext());
    assertEquals(1, iterator.next());
    assertEquals(List.of(), log);
    assertEquals(2, iterator.next());
    assertEquals(3, iterator.next());
    assertFalse(iterator.hasNext());
    assertEquals(List.of("end", "finally"), log);
  }
}
