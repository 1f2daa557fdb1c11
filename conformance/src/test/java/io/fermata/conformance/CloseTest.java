package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.testing.GcFinalization;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.State;
import io.fermata.StopIteration;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** What close does. */
class CloseTest {
  private final List<Object> log = new ArrayList<>();

  @EngineTest
  @Conforms("G-044")
  void closingRaisesGeneratorExitAtTheYield() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (Throwable arrived) {
                log.add(arrived.getClass());
                throw arrived;
              }
            });
    g.next();
    g.close();

    assertEquals(List.of(GeneratorExit.class), log);
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-045")
  void finallyBlocksRunBeforeCloseReturns() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                try {
                  co.yield(1);
                } finally {
                  log.add("inner");
                }
              } finally {
                log.add("outer");
              }
            });
    g.next();
    g.close();

    assertEquals(List.of("inner", "outer"), log);
  }

  @EngineTest
  @Conforms("G-045")
  void tryWithResourcesClosesAGeneratorAndWhatItsBodyOpened() {
    try (Generator<Integer> g =
        Generator.of(
            co -> {
              try (AutoCloseable resource = () -> log.add("released")) {
                co.yield(resource.hashCode());
              }
            })) {
      g.next();
      assertEquals(List.of(), log);
    }

    assertEquals(List.of("released"), log);
  }

  @EngineTest
  @Conforms("G-046")
  void theResultOfABodyThatCatchesTheExitAndReturnsIsKept() {
    Coroutine<Void, Integer, String> c = returnsOnExit();
    c.next();
    c.close();

    assertEquals("result", c.result());
    assertEquals(State.CLOSED, c.state());
    assertNull(assertThrows(StopIteration.class, c::next).value());
  }

  @EngineTest
  @Conforms("G-047")
  void aBodyThatDoesNotCatchTheExitHasNoResult() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              co.yield(1);
              log.add("reached");
              return "result";
            });
    c.next();
    c.close();

    assertEquals(List.of(), log);
    assertThrows(IllegalStateException.class, c::result);
  }

  @EngineTest
  @Conforms("G-048")
  void closingBeforeTheFirstStepRunsNothing() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              try {
                log.add("ran");
                co.yield(1);
                return "result";
              } finally {
                log.add("finally");
              }
            });
    c.close();

    assertEquals(List.of(), log);
    assertEquals(State.CLOSED, c.state());
    assertThrows(StopIteration.class, c::next);
    assertThrows(IllegalStateException.class, c::result);
  }

  @EngineTest
  @Conforms("G-049")
  void closingAfterTheEndDoesNothing() {
    Coroutine<Void, Integer, String> c = Coroutine.of(co -> "result");
    assertThrows(StopIteration.class, c::next);
    c.close();

    assertEquals("result", c.result());
  }

  @EngineTest
  @Conforms("G-050")
  void closingTwiceIsClosingOnce() {
    Coroutine<Void, Integer, String> c = returnsOnExit();
    c.next();
    c.close();
    c.close();

    assertEquals("result", c.result());
    assertEquals(List.of("exit"), log);
  }

  @EngineTest
  @Conforms("G-051")
  void anotherExceptionComesOutOfCloseWithTheExitSuppressed() {
    IllegalStateException other = new IllegalStateException("other");
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                log.add("finally");
                fail(other);
              }
            });
    g.next();

    assertSame(other, assertThrows(IllegalStateException.class, g::close));
    assertEquals(1, other.getSuppressed().length);
    assertEquals(GeneratorExit.class, other.getSuppressed()[0].getClass());
    assertEquals(State.CLOSED, g.state());
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }

  @EngineTest
  @Conforms("G-052")
  void yieldingWhileBeingClosedIsRejected() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (GeneratorExit ignored) {
                co.yield(2);
              }
            });
    g.next();

    var out = assertThrows(IgnoredExitException.class, g::close);
    assertTrue(out.getMessage().startsWith("generator ignored GeneratorExit"), out.getMessage());
    assertNull(out.getCause());
    assertArrayEquals(new Throwable[0], out.getSuppressed());
  }

  @EngineTest
  @Conforms("G-053")
  void aGeneratorThatIgnoredItsExitStandsAtTheNewYield() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (GeneratorExit ignored) {
                co.yield(2);
                co.yield(3);
              }
            });
    g.next();
    assertThrows(IgnoredExitException.class, g::close);

    assertEquals(State.SUSPENDED, g.state());
    assertEquals(3, g.next());
    assertThrows(StopIteration.class, g::next);
  }

  @EngineTest
  @Conforms("G-053")
  void resumingOutOfAFinallyBlockRethrowsThePendingExit() {
    Generator<Integer> g = yieldsInFinally();
    g.next();
    assertThrows(IgnoredExitException.class, g::close);

    assertThrows(GeneratorExit.class, g::next);
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-054")
  void aSecondCloseAfterAnIgnoredOneSucceeds() {
    Generator<Integer> g = yieldsInFinally();
    g.next();
    assertThrows(IgnoredExitException.class, g::close);
    g.close();

    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-055")
  void catchingExceptionDoesNotInterceptTheExit() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              while (true) {
                try {
                  co.yield(1);
                } catch (Exception e) {
                  log.add(e);
                } finally {
                  log.add("finally");
                }
              }
            });
    g.next();
    g.close();

    assertEquals(List.of("finally"), log);
    assertFalse(Exception.class.isAssignableFrom(GeneratorExit.class));
  }

  @EngineTest
  @Conforms("G-055")
  void aCatchAllHandlerInterceptsTheExit() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (Throwable any) {
                log.add(any.getClass());
              }
            });
    g.next();
    g.close();

    assertEquals(List.of(GeneratorExit.class), log);
  }

  @EngineTest
  @Conforms("G-056")
  void closingFreesTheLocalsOfTheBody() {
    Generator<Object> g =
        Generator.of(
            co -> {
              byte[] local = new byte[1000];
              co.yield(new WeakReference<>(local));
              log.add(local.length);
            });
    WeakReference<?> local = (WeakReference<?>) g.next();
    g.close();

    GcFinalization.awaitClear(local);
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-056")
  void closingFreesWhatTheBodyCaptured() {
    Captured captured = new Captured(new byte[1000]);
    WeakReference<Object> reference = new WeakReference<>(captured.array);
    Generator<Integer> g = captured.generator();
    g.next();
    captured = null;
    g.close();

    GcFinalization.awaitClear(reference);
    assertEquals(State.CLOSED, g.state());
  }

  private record Captured(Object array) {
    Generator<Integer> generator() {
      Object taken = array;
      return Generator.of(
          co -> {
            co.yield(1);
            co.yield(taken.hashCode());
          });
    }
  }

  @EngineTest
  @Conforms("G-057")
  void leavingALoopEarlyDoesNotCloseTheGenerator() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
                co.yield(2);
              } finally {
                log.add("finally");
              }
            });
    for (int i : g) {
      log.add(i);
      break;
    }

    assertEquals(List.of(1), log);
    assertEquals(2, g.next());
    g.close();
    assertEquals(List.of(1, "finally"), log);
  }

  @EngineTest
  @Conforms({"G-027", "G-058"})
  void aDroppedSuspendedGeneratorIsFreed() {
    Generator<Object> g =
        Generator.of(
            co -> {
              byte[] local = new byte[1000];
              co.yield(new WeakReference<>(local));
              co.yield(local.length);
            });
    WeakReference<?> local = (WeakReference<?>) g.next();
    WeakReference<?> generator = new WeakReference<>(g);
    g = null;

    GcFinalization.awaitClear(generator);
    GcFinalization.awaitClear(local);
  }

  private static Generator<Integer> yieldsInFinally() {
    return Generator.of(
        co -> {
          try {
            co.yield(1);
          } finally {
            co.yield(2);
          }
        });
  }

  private Coroutine<Void, Integer, String> returnsOnExit() {
    return Coroutine.of(
        co -> {
          try {
            co.yield(1);
            return "not reached";
          } catch (GeneratorExit arrived) {
            log.add("exit");
            return "result";
          }
        });
  }
}
