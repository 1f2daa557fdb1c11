package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.Counting;
import io.fermata.conformance.Delegates.Crash;
import io.fermata.conformance.Delegates.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Exceptions that a delegate throws, and those that are raised while a delegation is under way. */
final class DelegationRaiseTest {
  /** Fails at its n-th step. */
  private static Coroutine<Object, Integer, Object> failing(
      int step, Exception failure, List<String> log) {
    return Coroutine.of(
        co -> {
          try {
            for (int i = 1; i < step; i++) {
              co.yield(i);
            }
            throw failure;
          } finally {
            log.add("inner finally");
          }
        });
  }

  @EngineTest
  @Conforms("Y-017")
  void aFailureOfTheFirstStepRunsTheInnerFinallyThenTheOuter() {
    for (Form form : Form.values()) {
      List<String> log = new ArrayList<>();
      Boom boom = new Boom("first step");
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  return form.yieldFrom(co, failing(1, boom, log));
                } finally {
                  log.add("outer finally");
                }
              });
      assertSame(boom, assertThrows(Boom.class, outer::next), form.name());
      assertEquals(List.of("inner finally", "outer finally"), log);
      assertEquals(State.CLOSED, outer.state());
      assertEquals(0, boom.getSuppressed().length);
    }
  }

  @EngineTest
  @Conforms("Y-018")
  void aFailureOfALaterStepMayBeCaughtByTheOuterWhichGoesOn() {
    for (Form form : Form.values()) {
      List<String> log = new ArrayList<>();
      Boom boom = new Boom("later step");
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  co.mayThrow(Boom.class);
                  form.yieldFrom(co, failing(3, boom, log));
                } catch (Boom e) {
                  log.add(e == boom ? "the same" : "another");
                  co.yield(10);
                  co.yield(11);
                }
                return "went on";
              });
      assertEquals(List.of(1, 2, 10, 11), outer.toList(), form.name());
      assertEquals(List.of("inner finally", "the same"), log);
      assertEquals("went on", outer.result());
    }
  }

  @EngineTest
  @Conforms("Y-018")
  void aFailureOfAPlainIteratorArrivesAtTheDelegation() {
    IllegalStateException failure = new IllegalStateException("hasNext fails");
    Iterator<Integer> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            throw failure;
          }

          @Override
          public Integer next() {
            throw new AssertionError();
          }
        };
    List<Throwable> caught = new ArrayList<>();
    Generator<Integer> outer =
        Generator.of(
            co -> {
              try {
                co.yieldFrom(broken);
              } catch (IllegalStateException e) {
                caught.add(e);
              }
            });
    assertEquals(List.of(), outer.toList());
    assertEquals(List.of(failure), caught);
  }

  @EngineTest
  @Conforms("Y-019")
  void aStopIterationThatEscapesADelegateIsSeenAsTheIllegalStateItBecomes() {
    for (Form form : Form.values()) {
      StopIteration escaping = new StopIteration("escapes");
      List<Throwable> caught = new ArrayList<>();
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  form.yieldFrom(co, failing(2, escaping, new ArrayList<>()));
                } catch (IllegalStateException e) {
                  caught.add(e);
                  throw e;
                }
                return null;
              });
      assertEquals(1, outer.next());
      Throwable out = assertThrows(IllegalStateException.class, outer::next, form.name());
      assertSame(out, caught.get(0));
      assertSame(escaping, out.getCause());
    }
  }

  /** Yields its own number of catches, for ever; returns it at the third. */
  private static Coroutine<Object, Integer, Object> catcher(List<Throwable> caught) {
    return Coroutine.of(
        co -> {
          while (caught.size() < 3) {
            try {
              co.yield(caught.size());
            } catch (Throwable e) {
              caught.add(e);
            }
          }
          return "caught enough";
        });
  }

  @EngineTest
  @Conforms({"Y-020", "Y-021"})
  void whatIsRaisedArrivesInTheDelegateWhichMayYieldAndGoOn() throws Exception {
    for (Form form : Form.values()) {
      List<Throwable> caught = new ArrayList<>();
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(co -> form.yieldFrom(co, catcher(caught)));
      assertEquals(0, outer.next());
      Boom boom = new Boom("checked");
      Crash crash = new Crash("an error");
      assertEquals(1, outer.raise(boom), form.name());
      assertEquals(2, outer.raise(crash), form.name());
      assertEquals(2, outer.next());
      assertSame(boom, caught.get(0));
      assertSame(crash, caught.get(1));
      assertEquals(0, boom.getSuppressed().length + crash.getSuppressed().length);
    }
  }

  @EngineTest
  @Conforms("Y-020")
  void aStopIterationCanBeRaisedInADelegateThatCatchesIt() {
    for (Form form : Form.values()) {
      List<Throwable> caught = new ArrayList<>();
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(co -> form.yieldFrom(co, catcher(caught)));
      outer.next();
      StopIteration raised = new StopIteration("raised");
      assertEquals(1, outer.raise(raised), form.name());
      assertSame(raised, caught.get(0));
    }
  }

  @EngineTest
  @Conforms("Y-022")
  void aDelegateThatReturnsOnARaiseLetsTheOuterGoOn() throws Exception {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } catch (RuntimeException e) {
                  return e;
                }
              });
      List<Object> values = new ArrayList<>();
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                values.add(form.yieldFrom(co, inner));
                return co.yield(2);
              });
      assertEquals(1, outer.next());
      RuntimeException raised = new RuntimeException("raised");
      assertEquals(2, outer.raise(raised), form.name());
      assertSame(raised, values.get(0));
      assertEquals(0, raised.getSuppressed().length);
      assertThrows(StopIteration.class, outer::next);
    }
  }

  @EngineTest
  @Conforms({"Y-022", "Y-003"})
  void whenTheOuterThenReturnsTooRaiseIsAStopIterationWithItsResult() {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } catch (RuntimeException e) {
                  return new StopIteration("as a value");
                }
              });
      Coroutine<Object, Integer, Object> outer = Coroutine.of(co -> form.yieldFrom(co, inner));
      outer.next();
      StopIteration end =
          assertThrows(StopIteration.class, () -> outer.raise(new RuntimeException()), form.name());
      assertTrue(end.value() instanceof StopIteration);
      assertEquals("as a value", ((StopIteration) outer.result()).value());
    }
  }

  @EngineTest
  @Conforms({"Y-023", "Y-025"})
  void whatTheDelegateDoesNotCatchArrivesInTheOuterAfterTheInnerFinally() throws Exception {
    for (Form form : Form.values()) {
      List<String> log = new ArrayList<>();
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } finally {
                  log.add("inner finally");
                }
              });
      Boom boom = new Boom("raised");
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  co.mayThrow(Boom.class);
                  form.yieldFrom(co, inner);
                } catch (Boom e) {
                  log.add(e == boom ? "caught the same" : "caught another");
                }
                return co.yield(2);
              });
      outer.next();
      assertEquals(2, outer.raise(boom), form.name());
      assertEquals(List.of("inner finally", "caught the same"), log);
      assertEquals(State.CLOSED, inner.state());
      assertEquals(0, boom.getSuppressed().length);
    }
  }

  @EngineTest
  @Conforms({"Y-025", "Y-045"})
  void finallyBlocksRunInnermostFirstThroughManyLevels() {
    List<Integer> log = new ArrayList<>();
    Coroutine<Object, Integer, Object> outer = nested(5, log);
    outer.next();
    Boom boom = new Boom("raised");
    assertSame(boom, assertThrows(Boom.class, () -> outer.raise(boom)));
    assertEquals(List.of(0, 1, 2, 3, 4, 5), log);
  }

  private static Coroutine<Object, Integer, Object> nested(int level, List<Integer> log) {
    return Coroutine.of(
        co -> {
          try {
            return level == 0 ? co.yield(0) : co.yieldFrom(nested(level - 1, log));
          } finally {
            log.add(level);
          }
        });
  }

  @EngineTest
  @Conforms("Y-024")
  void pastAPlainIteratorItArrivesInTheOuterAndTheIteratorIsLeftAsItWas() throws Exception {
    Counting<Integer> plain = new Counting<>(List.of(1, 2, 3));
    Generator<Integer> outer =
        Generator.of(
            co -> {
              try {
                co.mayThrow(Boom.class);
                co.yieldFrom(plain);
              } catch (Boom e) {
                co.yield(-1);
              }
              co.yieldFrom(plain);
            });
    assertEquals(1, outer.next());
    assertEquals(-1, outer.raise(new Boom("raised")));
    assertEquals(1, plain.taken);
    assertEquals(List.of(2, 3), outer.toList());
  }

  @EngineTest
  @Conforms("Y-020")
  void aRaiseWhileAValueWaitsInTheDelegateIsAnErrorAtTheDelegationThatKeepsWhatWasRaised() {
    Coroutine<Object, Integer, Object> inner = catcher(new ArrayList<>());
    List<Throwable> caught = new ArrayList<>();
    Coroutine<Object, Integer, Object> outer =
        Coroutine.of(
            co -> {
              try {
                return co.yieldFrom(inner);
              } catch (WaitingValueException e) {
                caught.add(e);
                throw e;
              }
            });
    outer.next();
    assertTrue(inner.hasNext());
    Boom boom = new Boom("raised");
    Throwable out = assertThrows(WaitingValueException.class, () -> outer.raise(boom));
    assertEquals(List.of(out), caught);
    assertEquals(0, inner.next());
    assertEquals(List.of(boom), Arrays.asList(out.getSuppressed()));
  }

  @EngineTest
  @Conforms("Y-042")
  void anExceptionKeepsItsContextWhenItArrivesInAHandlerOfTheOuter() {
    Boom raised = new Boom("raised");
    Boom thrown = new Boom("thrown by the delegate");
    Boom handled = new Boom("handled by the outer");
    Coroutine<Object, Integer, Object> inner =
        Coroutine.of(
            co -> {
              try {
                return co.yield(1);
              } catch (Throwable e) {
                throw thrown;
              }
            });
    Coroutine<Object, Integer, Object> outer =
        Coroutine.of(
            co -> {
              try {
                throw handled;
              } catch (Boom e) {
                return co.yieldFrom(inner);
              }
            });
    outer.next();
    assertSame(thrown, assertThrows(Boom.class, () -> outer.raise(raised)));
    assertEquals(List.of(raised), Arrays.asList(thrown.getSuppressed()));
    assertFalse(Arrays.asList(thrown.getSuppressed()).contains(handled));
  }
}
