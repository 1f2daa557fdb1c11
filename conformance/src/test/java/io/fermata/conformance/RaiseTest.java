package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorExit;
import io.fermata.State;
import io.fermata.StopIteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What raise (Python: throw) does. */
class RaiseTest {
  private final IllegalArgumentException e = new IllegalArgumentException("raised");

  @EngineTest
  @Conforms("G-029")
  void aRaisedExceptionArrivesAtTheYieldAndTheNextValueComesBack() {
    List<Throwable> caught = new ArrayList<>();
    Generator<String> g =
        Generator.of(
            co -> {
              try {
                co.yield("first");
              } catch (IllegalArgumentException arrived) {
                caught.add(arrived);
                co.yield("handled");
              }
            });
    g.next();

    assertEquals("handled", g.raise(e));
    assertSame(e, caught.get(0));
  }

  @EngineTest
  @Conforms("G-030")
  void aBodyThatCatchesAndReturnsEndsWithItsResult() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              try {
                co.yield(1);
                return "not reached";
              } catch (IllegalArgumentException arrived) {
                return "result";
              }
            });
    c.next();

    assertEquals("result", assertThrows(StopIteration.class, () -> c.raise(e)).value());
    assertEquals("result", c.result());
  }

  @EngineTest
  @Conforms("G-031")
  void anUncaughtExceptionComesOutItselfAndFinishesTheGenerator() {
    Generator<Integer> g = twoValues();
    g.next();

    assertSame(e, assertThrows(IllegalArgumentException.class, () -> g.raise(e)));
    assertEquals(State.CLOSED, g.state());
    assertThrows(StopIteration.class, g::next);
  }

  @EngineTest
  @Conforms("G-031")
  void anUncaughtExceptionRunsTheFinallyBlocks() {
    List<String> log = new ArrayList<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                log.add("finally");
              }
            });
    g.next();

    assertThrows(IllegalArgumentException.class, () -> g.raise(e));
    assertEquals(List.of("finally"), log);
  }

  @EngineTest
  @Conforms("G-032")
  void anotherExceptionOfTheHandlerComesOutWithTheRaisedOneSuppressed() {
    IllegalStateException other = new IllegalStateException("other");
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (IllegalArgumentException arrived) {
                throw other;
              }
            });
    g.next();

    assertSame(other, assertThrows(IllegalStateException.class, () -> g.raise(e)));
    assertArrayEquals(new Throwable[] {e}, other.getSuppressed());
    assertNull(other.getCause());
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-032")
  void anExceptionThatHasTheRaisedOneAsItsCauseIsLeftAsItIs() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (IllegalArgumentException arrived) {
                throw new IllegalStateException(arrived);
              }
            });
    g.next();

    var out = assertThrows(IllegalStateException.class, () -> g.raise(e));
    assertSame(e, out.getCause());
    assertEquals(0, out.getSuppressed().length);
    assertEquals(0, e.getSuppressed().length);
  }

  @EngineTest
  @Conforms("G-033")
  void raisedBeforeTheFirstStepItComesOutAndNothingRuns() {
    List<String> log = new ArrayList<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                log.add("ran");
                co.yield(1);
              } finally {
                log.add("finally");
              }
            });

    assertSame(e, assertThrows(IllegalArgumentException.class, () -> g.raise(e)));
    assertEquals(List.of(), log);
    assertEquals(State.CLOSED, g.state());
    assertThrows(StopIteration.class, g::next);
  }

  @EngineTest
  @Conforms("G-034")
  void raisedAfterTheEndItComesOutItself() {
    Generator<Integer> g = Generator.of(co -> {});
    assertThrows(StopIteration.class, g::next);

    assertSame(e, assertThrows(IllegalArgumentException.class, () -> g.raise(e)));
    assertEquals(State.CLOSED, g.state());
    assertThrows(StopIteration.class, g::next);
  }

  @EngineTest
  @Conforms("G-035")
  void aBodyThatHandlesExceptionsInALoopCanBeRaisedInForEver() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              int count = 0;
              while (true) {
                try {
                  co.yield(count);
                } catch (IllegalArgumentException arrived) {
                  count++;
                }
              }
            });
    g.next();

    for (int i = 1; i <= 5; i++) {
      assertEquals(i, g.raise(e));
    }
    assertEquals(5, g.next());
  }

  @EngineTest
  @Conforms("G-036")
  void checkedExceptionsAndErrorsCanBeRaised() {
    for (Throwable any : List.of(new IOException("checked"), new AssertionError("error"))) {
      Generator<Integer> g = twoValues();
      g.next();

      assertSame(any, assertThrows(Throwable.class, () -> g.raise(any)));
    }
  }

  @EngineTest
  @Conforms("G-036")
  void aBodyMayCatchARaisedCheckedException() throws IOException {
    Generator<String> g =
        Generator.of(
            co -> {
              try {
                co.mayThrow(IOException.class);
                co.yield("first");
              } catch (IOException arrived) {
                co.yield("handled " + arrived.getMessage());
              }
            });
    g.next();

    assertEquals("handled it", g.raise(new IOException("it")));
  }

  @EngineTest
  @Conforms("G-037")
  void raisingNullIsRejectedAndLeavesTheGeneratorAlone() {
    Generator<Integer> g = twoValues();
    assertThrows(NullPointerException.class, () -> g.raise((RuntimeException) null));
    assertEquals(1, g.next());

    assertThrows(NullPointerException.class, () -> g.raise((RuntimeException) null));
    assertEquals(2, g.next());
  }

  @EngineTest
  @Conforms("G-039")
  void aRaisedGeneratorExitPropagatesIfUncaught() {
    GeneratorExit exit = new GeneratorExit();
    Generator<Integer> g = twoValues();
    g.next();

    assertSame(exit, assertThrows(GeneratorExit.class, () -> g.raise(exit)));
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-039")
  void aBodyMayCatchARaisedGeneratorExitAndReturn() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              try {
                co.yield(1);
              } catch (GeneratorExit arrived) {
                return "result";
              }
              return "not reached";
            });
    c.next();

    var end = assertThrows(StopIteration.class, () -> c.raise(new GeneratorExit()));
    assertEquals("result", end.value());
  }

  @EngineTest
  @Conforms("G-039")
  void aBodyMayCatchARaisedGeneratorExitAndYield() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (GeneratorExit arrived) {
                co.yield(2);
              }
            });
    g.next();

    assertEquals(2, g.raise(new GeneratorExit()));
    assertEquals(State.SUSPENDED, g.state());
  }

  @EngineTest
  @Conforms("G-040")
  void aRaisedStopIterationThatEscapesIsConverted() {
    StopIteration stop = new StopIteration("value");
    Generator<Integer> g = twoValues();
    g.next();

    var out = assertThrows(IllegalStateException.class, () -> g.raise(stop));
    assertSame(stop, out.getCause());
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-040")
  void aBodyMayCatchARaisedStopIteration() {
    Generator<Object> g =
        Generator.of(
            co -> {
              try {
                co.yield("first");
              } catch (StopIteration arrived) {
                co.yield(arrived.value());
              }
            });
    g.next();

    assertEquals("value", g.raise(new StopIteration("value")));
  }

  @EngineTest
  @Conforms("G-041")
  void aStopIterationRaisedBeforeTheFirstStepComesOutUnchanged() {
    StopIteration stop = new StopIteration("value");
    Generator<Integer> g = twoValues();

    assertSame(stop, assertThrows(StopIteration.class, () -> g.raise(stop)));
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-042")
  void aStopIterationRaisedAfterTheEndComesOutUnchanged() {
    StopIteration stop = new StopIteration("value");
    Generator<Integer> g = Generator.of(co -> {});
    assertThrows(StopIteration.class, g::next);

    assertSame(stop, assertThrows(StopIteration.class, () -> g.raise(stop)));
  }

  @EngineTest
  @Conforms("G-043")
  void whatABodyThrowsShowsTheCallerOfTheStep() {
    for (boolean raising : List.of(true, false)) {
      Generator<Integer> g =
          Generator.of(
              co -> {
                try {
                  co.yield(1);
                } finally {
                  fail();
                }
              });
      g.next();

      var out = assertThrows(IllegalStateException.class, () -> callerOfTheStep(g, raising));
      List<String> methods =
          Arrays.stream(out.getStackTrace()).map(StackTraceElement::getMethodName).toList();
      assertEquals("fail", methods.get(0));
      int body = indexOfLambda(methods);
      int caller = methods.indexOf("callerOfTheStep");
      assertTrue(body > 0 && body < caller, methods.toString());
    }
  }

  private static void fail() {
    throw new IllegalStateException("of the body");
  }

  private void callerOfTheStep(Generator<Integer> g, boolean raising) {
    if (raising) {
      g.raise(e);
    } else {
      g.next();
    }
  }

  private static int indexOfLambda(List<String> methods) {
    for (int i = 0; i < methods.size(); i++) {
      if (methods.get(i).contains("whatABodyThrowsShowsTheCallerOfTheStep")) {
        return i;
      }
    }
    return -1;
  }

  private static Generator<Integer> twoValues() {
    return Generator.of(
        co -> {
          co.yield(1);
          co.yield(2);
        });
  }
}
