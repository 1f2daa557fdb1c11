package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What next and send do, how a body ends, and iteration. */
class SteppingTest {
  @EngineTest
  @Conforms("G-002")
  void nextMakesTheYieldReturnNothing() {
    List<String> received = new ArrayList<>();
    Coroutine<String, Integer, Void> c =
        Coroutine.sink(
            co -> {
              received.add(co.yield(1));
              received.add(co.yield(2));
            });

    assertEquals(1, c.next());
    assertEquals(2, c.next());
    assertEquals(Arrays.asList((String) null), received);
  }

  @EngineTest
  @Conforms("G-003")
  void sendMakesTheYieldReturnTheValueAndReturnsTheNextOne() {
    List<String> received = new ArrayList<>();
    Coroutine<String, Integer, Void> c =
        Coroutine.sink(
            co -> {
              received.add(co.yield(1));
              received.add(co.yield(2));
              co.yield(3);
            });
    c.next();

    assertEquals(2, c.send("a"));
    assertEquals(3, c.send("b"));
    assertEquals(List.of("a", "b"), received);
  }

  @EngineTest
  @Conforms("G-003")
  void advanceWithAValueSendsIt() {
    Coroutine<String, String, Void> c = Coroutine.sink(co -> co.yield("got " + co.yield("first")));

    assertTrue(c.advance());
    assertTrue(c.advance("it"));
    assertEquals("got it", c.current());
    assertFalse(c.advance("more"));
  }

  @EngineTest
  @Conforms("G-004")
  void sendingNothingIsNext() {
    List<String> received = new ArrayList<>();
    Coroutine<String, Integer, Void> c =
        Coroutine.sink(
            co -> {
              for (int i = 0; ; i++) {
                received.add(co.yield(i));
              }
            });

    assertEquals(0, c.send(null));
    assertEquals(1, c.send(null));
    assertEquals(2, c.next());
    assertEquals(Arrays.asList(null, null), received);
  }

  @EngineTest
  @Conforms("G-006")
  void fallingOffTheEndIsAStopIterationWithoutAValue() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));
    g.next();

    assertNull(assertThrows(StopIteration.class, g::next).value());
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-007")
  void theResultIsToldOnce() {
    Coroutine<String, Integer, String> c =
        Coroutine.of(
            co -> {
              co.yield(1);
              return "result";
            });
    c.next();

    assertEquals("result", assertThrows(StopIteration.class, c::next).value());
    assertNull(assertThrows(StopIteration.class, c::next).value());
    assertNull(assertThrows(StopIteration.class, () -> c.send(null)).value());
    assertEquals("result", c.result());
  }

  @EngineTest
  @Conforms("G-008")
  void anyResultIsPassedUntouched() {
    for (Object result : List.of(List.of(1, 2), new int[] {3}, new StopIteration("inner"))) {
      Coroutine<Void, Void, Object> c = Coroutine.of(co -> result);

      assertSame(result, assertThrows(StopIteration.class, c::next).value());
      assertSame(result, c.result());
    }
  }

  @EngineTest
  @Conforms("G-010")
  void aForLoopSwallowsTheEndAndItsResult() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              co.yield(1);
              co.yield(2);
              return "result";
            });
    List<Integer> seen = new ArrayList<>();
    for (int i : c) {
      seen.add(i);
    }

    assertEquals(List.of(1, 2), seen);
  }

  @EngineTest
  @Conforms("G-011")
  void yieldingNullIsAnItem() {
    Generator<String> g =
        Generator.of(
            co -> {
              co.yield("a");
              co.yield(null);
              co.yield("b");
            });

    assertEquals(Arrays.asList("a", null, "b"), g.toList());
  }

  @EngineTest
  @Conforms("G-013")
  void anExhaustedGeneratorStaysExhausted() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertEquals(List.of(1), g.toList());
    assertEquals(List.of(), g.toList());
    assertFalse(g.advance());
    assertFalse(g.hasNext());
    assertThrows(StopIteration.class, g::next);
    for (int i : g) {
      throw new AssertionError("yielded " + i);
    }
  }

  @EngineTest
  @Conforms("G-014")
  void oneMethodMayStartItAndAnotherContinue() {
    Generator<String> g =
        Generator.of(
            co -> {
              co.yield("to the first");
              co.yield("to the second");
            });

    assertEquals("to the first", start(g));
    assertEquals("to the second", goOn(g));
  }

  private static String start(Generator<String> g) {
    return g.next();
  }

  private static String goOn(Generator<String> g) {
    return g.next();
  }

  @EngineTest
  @Conforms("G-014")
  void oneThreadMayStartItAndAnotherContinue() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              for (int i = 1; i <= 3; i++) {
                co.yield(i);
              }
            });

    assertEquals(1, g.next());
    assertEquals(2, CompletableFuture.supplyAsync(g::next).join());
    assertEquals(3, g.next());
    assertFalse(CompletableFuture.supplyAsync(g::hasNext).join());
  }

  @EngineTest
  @Conforms("G-016")
  void nothingAfterTheYieldRunsUntilTheNextStep() {
    List<Integer> made = new ArrayList<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              for (int i = 0; ; i++) {
                made.add(i);
                co.yield(i);
              }
            });

    g.next();
    assertEquals(List.of(0), made);
    g.next();
    assertEquals(List.of(0, 1), made);
  }

  @EngineTest
  @Conforms("G-016")
  void anEndlessGeneratorIsFineWhereTheConsumerStops() {
    Generator<Integer> evens =
        Generator.of(
            co -> {
              for (int i = 0; ; i += 2) {
                co.yield(i);
              }
            });
    int last = 0;
    for (int i : evens) {
      last = i;
      if (i > 10) {
        break;
      }
    }

    assertEquals(12, last);
    evens.close();
  }

  @EngineTest
  @Conforms("G-017")
  void aYieldMayStandInAnAssignmentWithAnOperator() {
    Coroutine<Integer, Integer, Integer> c =
        Coroutine.of(
            co -> {
              int total = 1;
              total += co.yield(total);
              total += co.yield(total);
              return total;
            });

    assertEquals(1, c.next());
    assertEquals(11, c.send(10));
    assertEquals(111, assertThrows(StopIteration.class, () -> c.send(100)).value());
  }

  @EngineTest
  @Conforms("G-017")
  void yieldsAmongArgumentsAreEvaluatedLeftToRight() {
    Map<String, String> map = new HashMap<>();
    Coroutine<String, String, Void> c =
        Coroutine.sink(co -> map.put(co.yield("key?"), co.yield("value?")));

    assertEquals("key?", c.next());
    assertEquals("value?", c.send("k"));
    assertFalse(c.advance("v"));
    assertEquals(Map.of("k", "v"), map);
  }

  @EngineTest
  @Conforms("G-017")
  void operandsOnTheLeftOfAYieldAreEvaluatedBeforeIt() {
    StringBuilder log = new StringBuilder();
    int[] cells = {0, 0};
    Coroutine<Integer, String, Void> c =
        Coroutine.sink(
            co ->
                cells[log.append("index ").length() - 6] =
                    log.append("left ").length() + co.yield("right?") * co.yield("factor?"));

    assertEquals("right?", c.next());
    assertEquals("index left ", log.toString());
    assertEquals("factor?", c.send(3));
    assertFalse(c.advance(5));
    assertEquals(11 + 3 * 5, cells[0]);
  }

  @EngineTest
  @Conforms("G-018")
  void aBareYieldYieldsNothing() {
    Coroutine<String, String, String> c = Coroutine.of(co -> co.yield());

    assertNull(c.next());
    assertEquals("it", assertThrows(StopIteration.class, () -> c.send("it")).value());
  }

  @EngineTest
  @Conforms("G-019")
  void sendingAfterTheEndIsAStopIterationAndIgnoresTheValue() {
    Coroutine<String, Integer, String> c = Coroutine.of(co -> "result");
    assertThrows(StopIteration.class, c::next);

    assertNull(assertThrows(StopIteration.class, () -> c.send("ignored")).value());
    assertFalse(c.advance("ignored"));
    assertEquals("result", c.result());
  }

  @EngineTest
  @Conforms("G-020")
  void severalConsumersShareTheItems() {
    Generator<Integer> source =
        Generator.of(
            co -> {
              for (int i = 1; i <= 5; i++) {
                co.yield(i);
              }
            });
    Generator<String> a = labelled("a", source);
    Generator<String> b = labelled("b", source);

    assertEquals("a1", a.next());
    assertEquals("b2", b.next());
    assertEquals("b3", b.next());
    assertEquals("a4", a.next());
    assertEquals(List.of("b5"), b.toList());
    assertEquals(List.of(), a.toList());
  }

  private static Generator<String> labelled(String label, Generator<Integer> source) {
    return Generator.of(
        co -> {
          for (int i : source) {
            co.yield(label + i);
          }
        });
  }

  @EngineTest
  @Conforms("G-020")
  void aConsumerThatHasBegunMayBeConsumedInItsTurn() {
    Generator<Integer> source =
        Generator.of(
            co -> {
              for (int i = 1; i <= 3; i++) {
                co.yield(i);
              }
            });
    Generator<Integer> begun = Generator.of(co -> co.yieldFrom(source));

    assertEquals(1, begun.next());
    assertEquals(List.of(2, 3), Generator.<Integer>of(co -> co.yieldFrom(begun)).toList());
  }
}
