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
import io.fermata.Yielder;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/** Primed coroutines, sinks, results and the current value. */
class ResultTest {
  private final List<Object> log = new ArrayList<>();

  @EngineTest
  void aPrimedCoroutineHasRunToItsFirstYield() {
    Coroutine<String, Integer, Void> c =
        Coroutine.primed(
            co -> {
              log.add("ran");
              log.add(co.yield(1));
              log.add(co.yield(2));
              return null;
            });

    assertEquals(List.of("ran"), log);
    assertEquals(State.SUSPENDED, c.state());
    assertEquals(2, c.send("at once"));
    assertEquals(List.of("ran", "at once"), log);
  }

  @EngineTest
  void theFirstValueOfAPrimedCoroutineIsDropped() {
    Coroutine<String, Integer, Integer> c = Coroutine.primed(co -> lengths(co.yield(0), co));

    assertNull(c.current());
    assertEquals(3, c.send("abc"));
  }

  private static Integer lengths(String sent, Yielder<String, Integer> co) {
    int total = 0;
    for (String item = sent; item != null; item = co.yield(total)) {
      total += item.length();
    }
    return total;
  }

  @EngineTest
  void primingABodyThatFailsGivesItsFailure() {
    IOException e = new IOException();

    assertSame(
        e,
        assertThrows(
            IOException.class,
            () ->
                Coroutine.primed(
                    co -> {
                      throw e;
                    })));
  }

  @EngineTest
  void primingABodyThatEndsIsAStopIterationWithTheResult() {
    var end = assertThrows(StopIteration.class, () -> Coroutine.primed(co -> "result"));

    assertEquals("result", end.value());
  }

  @EngineTest
  void aSinkNeedsNoReturnAndItsResultIsNull() {
    Coroutine<String, Void, Void> c =
        Coroutine.sink(
            co -> {
              for (String item = co.yield(); item != null; item = co.yield()) {
                log.add(item);
              }
            });
    c.next();
    c.send("a");
    c.send("b");

    assertNull(assertThrows(StopIteration.class, c::next).value());
    assertNull(c.result());
    assertEquals(List.of("a", "b"), log);
  }

  @EngineTest
  void theFactoriesWithALookupMakeTheSameThings() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Generator<Integer> g = Generator.of(lookup, co -> co.yield(1));
    Coroutine<String, Integer, String> c = Coroutine.of(lookup, co -> "got " + co.yield(1));
    Coroutine<String, Integer, Void> sink = Coroutine.sink(lookup, co -> log.add(co.yield(1)));

    assertEquals(List.of(1), g.toList());
    assertEquals(1, c.next());
    assertEquals("got it", assertThrows(StopIteration.class, () -> c.send("it")).value());
    assertEquals(1, sink.next());
    assertFalse(sink.advance("sunk"));
    assertEquals(List.of("sunk"), log);
  }

  @EngineTest
  void aResultCanBeAskedForEver() {
    Coroutine<Void, Integer, String> c = Coroutine.of(co -> "result");
    c.advance();

    assertEquals("result", c.result());
    assertEquals("result", c.result());
    c.close();
    assertEquals("result", c.result());
  }

  @EngineTest
  void anAdvanceThatFindsTheEndCountsAsTold() {
    Coroutine<Void, Integer, String> c = Coroutine.of(co -> "result");

    assertFalse(c.advance());
    assertNull(assertThrows(StopIteration.class, c::next).value());
    assertEquals("result", c.result());
  }

  @EngineTest
  void aNullResultIsAResult() {
    Coroutine<Void, Integer, String> c = Coroutine.of(co -> null);
    c.advance();

    assertNull(c.result());
  }

  @EngineTest
  void aCoroutineThatIsSteppedByAForLoopKeepsItsResult() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              co.yield(1);
              return "result";
            });
    for (int i : c) {
      log.add(i);
    }

    assertEquals(List.of(1), log);
    assertEquals("result", c.result());
  }

  @EngineTest
  void thereIsNoCurrentValueBeforeTheFirstStep() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertThrows(IllegalStateException.class, g::current);
    assertTrue(g.advance());
    assertEquals(1, g.current());
  }

  @EngineTest
  void thereIsNoCurrentValueAfterTheEnd() {
    Generator<Integer> ended = Generator.of(co -> co.yield(1));
    ended.advance();
    ended.advance();
    Generator<Integer> closed = Generator.of(co -> co.yield(1));
    closed.advance();
    closed.close();
    Coroutine<Void, Integer, Integer> returned = Coroutine.of(co -> 7);
    returned.advance();

    assertThrows(IllegalStateException.class, ended::current);
    assertThrows(IllegalStateException.class, closed::current);
    assertThrows(IllegalStateException.class, returned::current);
  }

  @EngineTest
  void thereIsNoCurrentValueAfterARejectedStepBeforeTheFirst() {
    Coroutine<String, Integer, Void> c = Coroutine.sink(co -> co.yield(1));

    assertThrows(IllegalStateException.class, () -> c.send("early"));
    assertThrows(IllegalStateException.class, c::current);
  }
}
