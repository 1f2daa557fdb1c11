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
import io.fermata.WaitingValueException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How hasNext, which runs the body, gets on with everything else. */
class LookAheadTest {
  private final List<String> log = new ArrayList<>();

  private Generator<Integer> logged() {
    return Generator.of(
        co -> {
          try {
            for (int i = 1; i <= 3; i++) {
              log.add("to " + i);
              co.yield(i);
            }
          } finally {
            log.add("finally");
          }
        });
  }

  /** Yields what it was sent before, three times, then returns. */
  private Coroutine<String, String, String> echo() {
    return Coroutine.of(
        co -> {
          String last = "first";
          for (int i = 0; i < 3; i++) {
            last = co.yield(last);
          }
          return "result " + last;
        });
  }

  @EngineTest
  void hasNextRunsTheBodyToItsNextYieldOnce() {
    Generator<Integer> g = logged();

    assertTrue(g.hasNext());
    assertTrue(g.hasNext());
    assertEquals(List.of("to 1"), log);
  }

  @EngineTest
  void nextDeliversTheWaitingValueWithoutRunningTheBody() {
    Generator<Integer> g = logged();
    g.hasNext();

    assertEquals(1, g.next());
    assertEquals(List.of("to 1"), log);
    assertEquals(2, g.next());
  }

  @EngineTest
  void advanceDeliversTheWaitingValueWithoutRunningTheBody() {
    Generator<Integer> g = logged();
    g.hasNext();

    assertTrue(g.advance());
    assertEquals(1, g.current());
    assertEquals(List.of("to 1"), log);
    assertTrue(g.advance());
    assertEquals(2, g.current());
  }

  @EngineTest
  void nextOrDeliversTheWaitingValue() {
    Generator<Integer> g = logged();
    g.hasNext();

    assertEquals(1, g.nextOr(0));
    assertEquals(List.of("to 1"), log);
  }

  @EngineTest
  void aWaitingNullIsAValue() {
    Generator<String> g = Generator.of(co -> co.yield(null));

    assertTrue(g.hasNext());
    assertNull(g.next());
    assertFalse(g.hasNext());
  }

  @EngineTest
  void sendingNothingDeliversTheWaitingValue() {
    Coroutine<String, String, String> c = echo();
    c.hasNext();

    assertEquals("first", c.send(null));
    assertEquals("second", c.send("second"));
  }

  @EngineTest
  void sendingAValueWhileOneWaitsIsRejectedAndKeepsIt() {
    Coroutine<String, String, String> c = echo();
    c.hasNext();

    assertThrows(WaitingValueException.class, () -> c.send("too early"));
    assertThrows(WaitingValueException.class, () -> c.advance("too early"));
    assertEquals("first", c.next());
    assertEquals("in time", c.send("in time"));
  }

  @EngineTest
  void raisingWhileAValueWaitsIsRejectedAndKeepsIt() {
    Generator<Integer> g = logged();
    g.hasNext();

    assertThrows(WaitingValueException.class, () -> g.raise(new IOException()));
    assertEquals(List.of("to 1"), log);
    assertEquals(1, g.next());
    assertThrows(IOException.class, () -> g.raise(new IOException()));
  }

  @EngineTest
  void closingDiscardsTheWaitingValue() {
    Generator<Integer> g = logged();
    g.hasNext();
    g.close();

    assertEquals(List.of("to 1", "finally"), log);
    assertEquals(State.CLOSED, g.state());
    assertFalse(g.hasNext());
    assertThrows(StopIteration.class, g::next);
  }

  @EngineTest
  void aDelegatorDeliversTheWaitingValueOfItsDelegate() {
    Generator<Integer> inner = logged();
    inner.hasNext();
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(inner));

    assertEquals(List.of(1, 2, 3), outer.toList());
  }

  @EngineTest
  void aDelegatorDeliversTheWaitingValueOfADelegateThatDelegatesItself() {
    Generator<Integer> inner = logged();
    Generator<Integer> middle = Generator.of(co -> co.yieldFrom(inner));
    middle.hasNext();
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(middle));

    assertEquals(List.of(1, 2, 3), outer.toList());
  }

  @EngineTest
  void aDelegatorDeliversWhatSomebodyElseFoundInItsDelegate() {
    Generator<Integer> inner = logged();
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(inner));

    assertEquals(1, outer.next());
    assertTrue(inner.hasNext());
    assertEquals(2, outer.next());
    assertEquals(3, outer.next());
    assertFalse(outer.hasNext());
  }

  @EngineTest
  void aDelegatorCanBeLookedAheadItself() {
    Generator<Integer> inner = logged();
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(inner));

    assertTrue(outer.hasNext());
    assertTrue(outer.hasNext());
    assertEquals(1, outer.next());
    assertTrue(outer.hasNext());
    assertThrows(WaitingValueException.class, () -> outer.raise(new IOException()));
    assertEquals(2, outer.next());
    assertEquals(List.of("to 1", "to 2"), log);
  }

  @EngineTest
  void closingADelegatorDiscardsTheWaitingValueOfItsDelegate() {
    Generator<Integer> inner = logged();
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(inner));
    outer.next();
    inner.hasNext();
    outer.close();

    assertEquals(State.CLOSED, inner.state());
    assertEquals(List.of("to 1", "to 2", "finally"), log);
  }

  @EngineTest
  void sendingADelegatorAValueWhileOneWaitsInItsDelegateIsRejectedThere() {
    Coroutine<String, String, String> inner = echo();
    Coroutine<String, String, String> outer =
        Coroutine.of(
            co -> {
              try {
                return co.yieldFrom(inner);
              } catch (WaitingValueException rejected) {
                return "rejected";
              }
            });
    outer.next();
    inner.hasNext();

    assertEquals(
        "rejected", assertThrows(StopIteration.class, () -> outer.send("too early")).value());
    assertTrue(inner.hasNext());
    assertNull(inner.next());
  }

  @EngineTest
  void theResultThatHasNextFoundIsToldOnceByTheNextNext() {
    Coroutine<String, String, String> c = Coroutine.of(co -> "result");

    assertFalse(c.hasNext());
    assertFalse(c.hasNext());
    assertEquals("result", c.result());
    assertEquals("result", assertThrows(StopIteration.class, c::next).value());
    assertNull(assertThrows(StopIteration.class, c::next).value());
    assertEquals("result", c.result());
  }

  @EngineTest
  void anAdvanceAfterHasNextFoundTheEndCountsAsTold() {
    Coroutine<String, String, String> c = Coroutine.of(co -> "result");

    assertFalse(c.hasNext());
    assertFalse(c.advance());
    assertNull(assertThrows(StopIteration.class, c::next).value());
    assertEquals("result", c.result());
  }

  @EngineTest
  void aSendAfterHasNextFoundTheEndTellsTheResult() {
    Coroutine<String, String, String> c = Coroutine.of(co -> "result");

    assertFalse(c.hasNext());
    assertEquals("result", assertThrows(StopIteration.class, () -> c.send("ignored")).value());
  }

  @EngineTest
  void aDelegatorGetsTheResultThatHasNextFound() {
    Coroutine<String, String, String> inner = Coroutine.of(co -> "result");
    assertFalse(inner.hasNext());
    Coroutine<String, String, String> outer = Coroutine.of(co -> "got " + co.yieldFrom(inner));

    assertEquals("got result", assertThrows(StopIteration.class, outer::next).value());
  }

  @EngineTest
  void raisingAndClosingAfterHasNextFoundTheEndActAsAfterTheEnd() {
    IOException e = new IOException();
    Coroutine<String, String, String> raised = Coroutine.of(co -> "result");
    raised.hasNext();
    assertSame(e, assertThrows(IOException.class, () -> raised.raise(e)));
    assertEquals("result", raised.result());

    Coroutine<String, String, String> closed = Coroutine.of(co -> "result");
    closed.hasNext();
    closed.close();
    assertEquals("result", closed.result());
  }

  @EngineTest
  void aFailureComesOutOfHasNextOnce() {
    IOException e = new IOException();
    Generator<Integer> g =
        Generator.of(
            co -> {
              throw e;
            });

    assertSame(e, assertThrows(IOException.class, g::hasNext));
    assertEquals(State.CLOSED, g.state());
    assertFalse(g.hasNext());
    assertNull(assertThrows(StopIteration.class, g::next).value());
  }

  @EngineTest
  void hasNextPrimesACoroutine() {
    Coroutine<String, String, String> c = echo();

    assertTrue(c.hasNext());
    assertEquals("first", c.next());
    assertEquals("a", c.send("a"));
    assertTrue(c.hasNext());
    assertNull(c.next());
    assertEquals("result b", assertThrows(StopIteration.class, () -> c.send("b")).value());
  }

  @EngineTest
  void stepsOfDifferentFormsMayBeMixed() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              for (int i = 1; i <= 6; i++) {
                co.yield(i);
              }
            });
    List<Integer> taken = new ArrayList<>();
    taken.add(g.next());
    g.advance();
    taken.add(g.current());
    g.hasNext();
    taken.add(g.nextOr(0));
    for (int i : g) {
      taken.add(i);
      break;
    }
    g.forEachRemaining(taken::add);
    taken.add(g.nextOr(0));

    assertEquals(Arrays.asList(1, 2, 3, 4, 5, 6, 0), taken);
  }
}
