package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.State;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.CloseableIterator;
import io.fermata.conformance.Delegates.Counting;
import io.fermata.conformance.Delegates.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Closing while a delegation is under way, and raising a GeneratorExit. */
final class DelegationCloseTest {
  /** Notes in which order and by what it is left. */
  private static Coroutine<Object, Integer, Object> noting(String name, List<Object> log) {
    return Coroutine.of(
        co -> {
          try {
            return co.yield(1);
          } catch (Throwable e) {
            log.add(name + " " + e.getClass().getSimpleName());
            throw e;
          } finally {
            log.add(name + " finally");
          }
        });
  }

  private static Coroutine<Object, Integer, Object> notingOuter(
      Form form, Coroutine<?, Integer, ?> inner, List<Object> log) {
    return Coroutine.of(
        co -> {
          try {
            return form.yieldFrom(co, inner);
          } catch (Throwable e) {
            log.add("outer " + e.getClass().getSimpleName());
            throw e;
          } finally {
            log.add("outer finally");
          }
        });
  }

  @EngineTest
  @Conforms({"Y-026", "Y-027"})
  void closeClosesTheDelegateFirstThenRaisesTheExitAtTheDelegation() {
    for (Form form : Form.values()) {
      List<Object> log = new ArrayList<>();
      Coroutine<Object, Integer, Object> inner = noting("inner", log);
      Coroutine<Object, Integer, Object> outer = notingOuter(form, inner, log);
      outer.next();
      outer.close();
      assertEquals(
          List.of("inner GeneratorExit", "inner finally", "outer GeneratorExit", "outer finally"),
          log,
          form.name());
      assertEquals(State.CLOSED, inner.state());
      assertEquals(State.CLOSED, outer.state());
    }
  }

  @EngineTest
  @Conforms({"Y-027", "Y-045"})
  void closeRunsTheFinallyBlocksOfAllLevelsInnermostFirst() {
    List<Object> log = new ArrayList<>();
    Coroutine<Object, Integer, Object> coroutine = noting("0", log);
    for (int level = 1; level < 5; level++) {
      Coroutine<Object, Integer, Object> inner = coroutine;
      int name = level;
      coroutine =
          Coroutine.of(
              co -> {
                try {
                  return co.yieldFrom(inner);
                } finally {
                  log.add(name + " finally");
                }
              });
    }
    coroutine.next();
    coroutine.close();
    assertEquals(
        List.of("0 GeneratorExit", "0 finally", "1 finally", "2 finally", "3 finally", "4 finally"),
        log);
  }

  @EngineTest
  @Conforms("Y-028")
  void whatFailsInClosingTheDelegateIsRaisedInTheOuterInPlaceOfTheExit() {
    for (Form form : Form.values()) {
      Boom boom = new Boom("closing the delegate fails");
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } catch (GeneratorExit e) {
                  throw boom;
                }
              });
      List<Object> log = new ArrayList<>();
      Coroutine<Object, Integer, Object> outer = notingOuter(form, inner, log);
      outer.next();
      assertSame(boom, assertThrows(Boom.class, outer::close), form.name());
      assertEquals(List.of("outer Boom", "outer finally"), log);
      assertTrue(boom.getSuppressed()[0] instanceof GeneratorExit);
      assertEquals(State.CLOSED, outer.state());
    }
  }

  @EngineTest
  @Conforms("Y-028")
  void theOuterMayCatchThatFailureAndReturn() {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } catch (GeneratorExit e) {
                  throw new Boom("closing the delegate fails");
                }
              });
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  return form.yieldFrom(co, inner);
                } catch (Exception e) {
                  return "caught " + e.getMessage();
                }
              });
      outer.next();
      outer.close();
      assertEquals("caught closing the delegate fails", outer.result(), form.name());
    }
  }

  @EngineTest
  @Conforms("Y-029")
  void aDelegateWithoutCloseIsDropped() {
    Counting<Integer> plain = new Counting<>(List.of(1, 2, 3));
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(plain));
    outer.next();
    outer.close();
    assertEquals(1, plain.taken);
    assertEquals(State.CLOSED, outer.state());
    assertEquals(2, plain.next());
  }

  @EngineTest
  @Conforms("Y-030")
  void aRaisedExitClosesTheDelegateWithAnExitOfItsOwnAndArrivesItselfInTheOuter() {
    for (Form form : Form.values()) {
      AtomicReference<Throwable> seenInside = new AtomicReference<>();
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } catch (GeneratorExit e) {
                  seenInside.set(e);
                  throw e;
                }
              });
      AtomicReference<Throwable> seenOutside = new AtomicReference<>();
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  return form.yieldFrom(co, inner);
                } catch (GeneratorExit e) {
                  seenOutside.set(e);
                  throw e;
                }
              });
      outer.next();
      GeneratorExit raised = new GeneratorExit();
      assertSame(raised, assertThrows(GeneratorExit.class, () -> outer.raise(raised)), form.name());
      assertSame(raised, seenOutside.get());
      assertNotSame(raised, seenInside.get());
      assertTrue(seenInside.get() instanceof GeneratorExit);
      assertEquals(State.CLOSED, inner.state());
      assertEquals(0, raised.getSuppressed().length);
    }
  }

  @EngineTest
  @Conforms("Y-031")
  void aValueThatTheDelegateReturnsWhileItIsClosedIsDiscarded() {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } catch (GeneratorExit e) {
                  return "discarded";
                }
              });
      List<Object> log = new ArrayList<>();
      Coroutine<Object, Integer, Object> outer = notingOuter(form, inner, log);
      outer.next();
      GeneratorExit raised = new GeneratorExit();
      assertSame(raised, assertThrows(GeneratorExit.class, () -> outer.raise(raised)), form.name());
      assertEquals(List.of("outer GeneratorExit", "outer finally"), log);
      assertEquals("discarded", inner.result());
    }
  }

  @EngineTest
  @Conforms({"Y-030", "Y-031"})
  void theOuterMayCatchARaisedExitAndGoOnYielding() {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  form.yieldFrom(co, noting("inner", new ArrayList<>()));
                } catch (GeneratorExit e) {
                  co.yield(2);
                }
                return "done";
              });
      outer.next();
      assertEquals(2, outer.raise(new GeneratorExit()), form.name());
      assertEquals(List.of(), outer.toList());
      assertEquals("done", outer.result());
    }
  }

  @EngineTest
  @Conforms("Y-032")
  void aDelegateThatYieldsWhileItIsClosedIsAnErrorInTheOuterAndOutOfIt() {
    for (Form form : Form.values()) {
      for (boolean byRaise : new boolean[] {false, true}) {
        Coroutine<Object, Integer, Object> inner =
            Coroutine.of(
                co -> {
                  try {
                    return co.yield(1);
                  } catch (GeneratorExit e) {
                    return co.yield(2);
                  }
                });
        List<Object> log = new ArrayList<>();
        Coroutine<Object, Integer, Object> outer = notingOuter(form, inner, log);
        outer.next();
        assertThrows(
            IgnoredExitException.class,
            () -> {
              if (byRaise) {
                outer.raise(new GeneratorExit());
              } else {
                outer.close();
              }
            },
            form.name());
        assertEquals(List.of("outer IgnoredExitException", "outer finally"), log);
        assertEquals(State.CLOSED, outer.state());
        assertEquals(State.SUSPENDED, inner.state());
        inner.close();
      }
    }
  }

  @EngineTest
  @Conforms({"Y-033", "Y-030"})
  void anotherExceptionOfTheClosingDelegateComesOutWithTheDelegatesExitAsItsContext() {
    for (Form form : Form.values()) {
      Boom boom = new Boom("in place of the exit");
      AtomicReference<Throwable> seenInside = new AtomicReference<>();
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } catch (GeneratorExit e) {
                  seenInside.set(e);
                  throw boom;
                }
              });
      Coroutine<Object, Integer, Object> outer = Coroutine.of(co -> form.yieldFrom(co, inner));
      outer.next();
      GeneratorExit raised = new GeneratorExit();
      assertSame(boom, assertThrows(Boom.class, () -> outer.raise(raised)), form.name());
      assertEquals(List.of(seenInside.get()), Arrays.asList(boom.getSuppressed()), form.name());
      assertNotSame(raised, seenInside.get());
    }
  }

  @EngineTest
  @Conforms("Y-034")
  void touchingTheOuterWhileItsDelegateIsBeingClosedIsBusy() {
    for (Form form : Form.values()) {
      AtomicReference<Generator<Integer>> outer = new AtomicReference<>();
      List<Object> log = new ArrayList<>();
      Coroutine<Object, Integer, Object> inner =
          Coroutine.of(
              co -> {
                try {
                  return co.yield(1);
                } finally {
                  touch(outer.get(), log);
                }
              });
      outer.set(Coroutine.of(co -> form.yieldFrom(co, inner)));
      outer.get().next();
      outer.get().close();
      assertEquals(List.of("busy", State.RUNNING), log, form.name());
    }
  }

  @EngineTest
  @Conforms("Y-034")
  void touchingTheOuterFromTheCloseOfAPlainDelegateIsBusy() {
    AtomicReference<Generator<Integer>> outer = new AtomicReference<>();
    List<Object> log = new ArrayList<>();
    Runnable touching = () -> touch(outer.get(), log);
    outer.set(Generator.of(co -> co.yieldFrom(new CloseableIterator<>(List.of(1, 2), touching))));
    outer.get().next();
    outer.get().close();
    assertEquals(List.of("busy", State.RUNNING), log);
  }

  private static void touch(Generator<?> generator, List<Object> log) {
    try {
      log.add(generator.next());
    } catch (AlreadyRunningException e) {
      log.add("busy");
    }
    log.add(generator.state());
  }
}
