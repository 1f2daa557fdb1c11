package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;

/** Bodies that end by an exception, or return or yield among handlers. */
class FinishedByExceptionTest {
  private final List<Object> log = new ArrayList<>();

  @EngineTest
  @Conforms("G-060")
  void whatABodyThrowsComesOutItselfAndFinishesTheGenerator() {
    IOException e = new IOException("of the body");
    Generator<Integer> g =
        Generator.of(
            co -> {
              co.yield(1);
              throw e;
            });
    g.next();

    assertSame(e, assertThrows(IOException.class, g::next));
    assertEquals(State.CLOSED, g.state());
    assertThrows(StopIteration.class, g::next);
    assertFalse(g.advance());
  }

  @EngineTest
  @Conforms("G-060")
  void everyFormOfStepGivesTheSameInstance() {
    for (Step step :
        List.<Step>of(Generator::next, Generator::advance, Generator::hasNext, Generator::toList)) {
      IOException e = new IOException("of the body");
      Generator<Integer> g =
          Generator.of(
              co -> {
                throw e;
              });

      assertSame(e, assertThrows(IOException.class, () -> step.of(g)));
      assertEquals(State.CLOSED, g.state());
    }
  }

  private interface Step {
    void of(Generator<Integer> g);
  }

  @EngineTest
  @Conforms("G-061")
  void aStopIterationThatEscapesIsConvertedWithItAsTheCause() {
    StopIteration stop = new StopIteration("value");
    Generator<Integer> g =
        Generator.of(
            co -> {
              co.yield(1);
              throw stop;
            });
    g.next();

    var out = assertThrows(IllegalStateException.class, g::next);
    assertTrue(out.getMessage().startsWith("generator raised StopIteration"), out.getMessage());
    assertSame(stop, out.getCause());
    assertArrayEquals(new Throwable[0], out.getSuppressed());
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-062")
  void aStopIterationOfANestedNextIsConverted() {
    Generator<Integer> inner = Generator.of(co -> co.yield(1));
    Generator<Integer> g =
        Generator.of(
            co -> {
              while (true) {
                co.yield(inner.next());
              }
            });

    assertEquals(1, g.next());
    var out = assertThrows(IllegalStateException.class, g::next);
    assertEquals(StopIteration.class, out.getCause().getClass());
  }

  @EngineTest
  @Conforms("G-063")
  void aBodyMayCatchAStopIterationThatItThrows() {
    Generator<String> g =
        Generator.of(
            co -> {
              try {
                throw new StopIteration();
              } catch (StopIteration caught) {
                co.yield("caught");
              }
              co.yield("goes on");
            });

    assertEquals(List.of("caught", "goes on"), g.toList());
  }

  @EngineTest
  @Conforms("G-064")
  void aReturnWithinTryIsNoExceptionAndRunsFinally() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              try {
                co.yield(1);
                return "result";
              } catch (Throwable caught) {
                log.add(caught);
                throw caught;
              } finally {
                log.add("finally");
              }
            });
    c.next();

    assertEquals("result", assertThrows(StopIteration.class, c::next).value());
    assertEquals(List.of("finally"), log);
  }

  @EngineTest
  @Conforms("G-064")
  void finallyMayYieldBeforeAReturnCompletes() {
    Coroutine<Void, String, String> c =
        Coroutine.of(
            co -> {
              try {
                return "result";
              } finally {
                co.yield("in finally");
              }
            });

    assertEquals("in finally", c.next());
    assertEquals("result", assertThrows(StopIteration.class, c::next).value());
  }

  @EngineTest
  @Conforms("G-065")
  @SuppressWarnings("finally")
  void aReturnInFinallyReplacesAPendingResult() {
    Coroutine<Void, String, String> c =
        Coroutine.of(
            co -> {
              try {
                return co.yield("in try") + "replaced";
              } finally {
                co.yield("in finally");
                return "result";
              }
            });

    assertEquals("in try", c.next());
    assertEquals("in finally", c.next());
    assertEquals("result", assertThrows(StopIteration.class, c::next).value());
  }

  @EngineTest
  @Conforms("G-065")
  @SuppressWarnings("finally")
  void aReturnInFinallySwallowsAPendingException() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                return "result";
              }
            });
    c.next();

    var end = assertThrows(StopIteration.class, () -> c.raise(new IOException("swallowed")));
    assertEquals("result", end.value());
  }

  @EngineTest
  @Conforms("G-065")
  @SuppressWarnings("finally")
  void aReturnInFinallySwallowsTheExitAndCloseReturns() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                return "result";
              }
            });
    c.next();
    c.close();

    assertEquals("result", c.result());
  }

  @EngineTest
  @Conforms("G-066")
  void finallyYieldsInEveryPassOfALoopWithContinue() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              for (int i = 0; i < 3; i++) {
                try {
                  continue;
                } finally {
                  co.yield(i);
                }
              }
            });

    assertEquals(List.of(0, 1, 2), g.toList());
  }

  @EngineTest
  @Conforms("G-067")
  void yieldsMayStandAnywhereAmongHandlers() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
                try {
                  co.yield(2);
                  co.yield(3 / zero());
                } catch (ArithmeticException e) {
                  co.yield(4);
                  co.yield(5);
                  throw e;
                } catch (RuntimeException e) {
                  co.yield(6);
                }
                co.yield(7);
              } catch (RuntimeException e) {
                co.yield(8);
              }
              co.yield(9);
              try {
                log.add("x");
              } finally {
                co.yield(10);
              }
              co.yield(11);
            });

    assertEquals(List.of(1, 2, 4, 5, 8, 9, 10, 11), g.toList());
  }

  private static int zero() {
    return 0;
  }

  @EngineTest
  @Conforms("G-067")
  void aHandlerMayYieldAndThenThrowWhatItCaught() {
    IllegalArgumentException e = new IllegalArgumentException();
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                throw e;
              } catch (IllegalArgumentException caught) {
                co.yield(1);
                throw caught;
              }
            });
    g.next();

    assertSame(e, assertThrows(IllegalArgumentException.class, g::next));
  }

  @EngineTest
  @Conforms("G-068")
  void otherSignalsOfAnEndAreNotConverted() {
    NoSuchElementException e = new NoSuchElementException();
    Generator<Integer> g =
        Generator.of(
            co -> {
              throw e;
            });

    assertSame(e, assertThrows(NoSuchElementException.class, g::next));
  }

  @EngineTest
  @Conforms("G-068")
  void theEndOfAnotherIteratorIsNotConverted() {
    Generator<Integer> g =
        Generator.of(co -> co.yield(Collections.<Integer>emptyIterator().next()));

    var out = assertThrows(NoSuchElementException.class, g::next);
    assertEquals(NoSuchElementException.class, out.getClass());
  }
}
