package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Delegation to oneself, states and delegates seen from outside, stack traces. */
final class DelegationStructureTest {
  @EngineTest
  @Conforms("Y-043")
  void delegatingToItselfIsBusyAndMayBeCaught() {
    AtomicReference<Generator<Integer>> self = new AtomicReference<>();
    self.set(
        Generator.of(
            co -> {
              co.yield(1);
              try {
                co.yieldFrom(self.get());
              } catch (AlreadyRunningException e) {
                co.yield(2);
              }
              co.yieldFrom(List.of(3, 4));
            }));
    assertEquals(List.of(1, 2, 3, 4), self.get().toList());
  }

  @EngineTest
  @Conforms("Y-043")
  void delegatingToItselfUncaughtComesOutAndEndsIt() {
    for (Form form : Form.values()) {
      AtomicReference<Coroutine<Object, Integer, Object>> self = new AtomicReference<>();
      List<String> log = new ArrayList<>();
      self.set(
          Coroutine.of(
              co -> {
                try {
                  return form.yieldFrom(co, self.get());
                } finally {
                  log.add("finally");
                }
              }));
      assertThrows(AlreadyRunningException.class, self.get()::next, form.name());
      assertEquals(List.of("finally"), log, form.name());
      assertEquals(State.CLOSED, self.get().state());
      assertThrows(StopIteration.class, self.get()::next);
    }
  }

  @EngineTest
  @Conforms("Y-043")
  void delegatingToItselfThroughOthersIsBusyAtTheInnermostLevel() {
    for (Form form : Form.values()) {
      AtomicReference<Coroutine<Object, String, Object>> self = new AtomicReference<>();
      Coroutine<Object, String, Object> leaf =
          Coroutine.of(
              co -> {
                co.yield("leaf");
                try {
                  return form.yieldFrom(co, self.get());
                } catch (AlreadyRunningException e) {
                  co.yield("busy");
                  return "leaf's result";
                }
              });
      Coroutine<Object, String, Object> middle = Coroutine.of(co -> form.yieldFrom(co, leaf));
      self.set(Coroutine.of(co -> form.yieldFrom(co, middle)));
      assertEquals("leaf", self.get().next());
      assertEquals("busy", self.get().next(), form.name());
      StopIteration end = assertThrows(StopIteration.class, self.get()::next);
      assertEquals("leaf's result", end.value());
    }
  }

  @EngineTest
  @Conforms("Y-043")
  void delegatingToTheMiddleOfTheOwnChainIsBusy() {
    AtomicReference<Coroutine<Object, String, Object>> middle = new AtomicReference<>();
    Coroutine<Object, String, Object> leaf = Coroutine.of(co -> co.yieldFrom(middle.get()));
    middle.set(Coroutine.of(co -> co.yieldFrom(leaf)));
    Coroutine<Object, String, Object> outer = Coroutine.of(co -> co.yieldFrom(middle.get()));
    assertThrows(AlreadyRunningException.class, outer::next);
    assertEquals(State.CLOSED, leaf.state());
    assertEquals(State.CLOSED, middle.get().state());
    assertEquals(State.CLOSED, outer.state());
  }

  /** Three levels whose innermost looks at all of them whenever it runs. */
  private static final class Watched {
    final List<List<State>> whileRunning = new ArrayList<>();
    final List<Object> delegatesWhileRunning = new ArrayList<>();
    final Coroutine<Object, Integer, Object> leaf;
    final Coroutine<Object, Integer, Object> middle;
    final Coroutine<Object, Integer, Object> outer;

    Watched(Form form) {
      leaf =
          Coroutine.of(
              co -> {
                try {
                  look();
                  co.yield(1);
                  look();
                  return co.yield(2);
                } finally {
                  look();
                }
              });
      middle = Coroutine.of(co -> form.yieldFrom(co, leaf));
      outer =
          Coroutine.of(
              co -> {
                try {
                  form.yieldFrom(co, middle);
                } finally {
                  look();
                }
                return co.yield(3);
              });
    }

    private void look() {
      whileRunning.add(states());
      delegatesWhileRunning.add(outer.delegate());
      delegatesWhileRunning.add(middle.delegate());
      delegatesWhileRunning.add(leaf.delegate());
    }

    List<State> states() {
      return List.of(outer.state(), middle.state(), leaf.state());
    }
  }

  private static final List<State> ALL_CREATED =
      List.of(State.CREATED, State.CREATED, State.CREATED);
  private static final List<State> ALL_RUNNING =
      List.of(State.RUNNING, State.RUNNING, State.RUNNING);
  private static final List<State> ALL_SUSPENDED =
      List.of(State.SUSPENDED, State.SUSPENDED, State.SUSPENDED);
  private static final List<State> ONLY_OUTER_RUNNING =
      List.of(State.RUNNING, State.CLOSED, State.CLOSED);

  @EngineTest
  @Conforms("Y-044")
  void betweenStepsAllLevelsAreSuspendedAndWhileTheInnermostRunsAllRun() {
    for (Form form : Form.values()) {
      Watched chain = new Watched(form);
      assertEquals(ALL_CREATED, chain.states());
      chain.outer.next();
      assertEquals(ALL_SUSPENDED, chain.states());
      chain.outer.next();
      assertEquals(ALL_SUSPENDED, chain.states());
      assertEquals(3, chain.outer.next());
      assertEquals(List.of(State.SUSPENDED, State.CLOSED, State.CLOSED), chain.states());
      assertThrows(StopIteration.class, chain.outer::next);
      assertEquals(
          List.of(ALL_RUNNING, ALL_RUNNING, ALL_RUNNING, ONLY_OUTER_RUNNING),
          chain.whileRunning,
          form.name());
    }
  }

  @EngineTest
  @Conforms("Y-044")
  void whileTheInnermostIsClosedAllRun() {
    for (Form form : Form.values()) {
      Watched chain = new Watched(form);
      chain.outer.next();
      chain.outer.close();
      assertEquals(
          List.of(ALL_RUNNING, ALL_RUNNING, ONLY_OUTER_RUNNING), chain.whileRunning, form.name());
    }
  }

  @EngineTest
  @Conforms("Y-044")
  void theDelegateIsReportedBetweenStepsAndNotWhileRunningOrAfterwards() {
    Watched chain = new Watched(Form.FRAME);
    assertNull(chain.outer.delegate());
    chain.outer.next();
    assertSame(chain.middle, chain.outer.delegate());
    assertSame(chain.leaf, chain.middle.delegate());
    assertNull(chain.leaf.delegate());
    chain.outer.next();
    assertSame(chain.middle, chain.outer.delegate());
    chain.outer.next();
    assertNull(chain.outer.delegate());
    assertNull(chain.middle.delegate());
    assertThrows(StopIteration.class, chain.outer::next);
    assertNull(chain.outer.delegate());
    assertTrue(chain.delegatesWhileRunning.stream().allMatch(seen -> seen == null));
    assertEquals(12, chain.delegatesWhileRunning.size());
  }

  @EngineTest
  @Conforms("Y-044")
  void theDelegateIsGoneAfterAFailureAndAfterClose() {
    Watched raised = new Watched(Form.FRAME);
    raised.outer.next();
    assertThrows(Boom.class, () -> raised.outer.raise(new Boom("x")));
    assertNull(raised.outer.delegate());
    assertNull(raised.middle.delegate());
    Watched closed = new Watched(Form.FRAME);
    closed.outer.next();
    closed.outer.close();
    assertNull(closed.outer.delegate());
    assertNull(closed.middle.delegate());
  }

  @EngineTest
  @Conforms("Y-044")
  void aPlainDelegateIsReportedAsTheIteratorThatGetsTheSteps() {
    Iterator<Integer> iterator = List.of(1, 2).iterator();
    Generator<Integer> toIterator = Generator.of(co -> co.yieldFrom(iterator));
    toIterator.next();
    assertSame(iterator, toIterator.delegate());
    Generator<Integer> toStream = Generator.of(co -> co.yieldFrom(Stream.of(1, 2)));
    toStream.next();
    assertTrue(toStream.delegate() instanceof Iterator<?>);
    assertTrue(toStream.hasNext());
    assertNotNull(toStream.delegate());
    assertEquals(2, toStream.next());
    assertTrue(!toStream.hasNext());
    assertNull(toStream.delegate());
  }

  @EngineTest
  @Conforms({"Y-043", "Y-044"})
  void whileAPlainDelegateRunsTheOuterRuns() {
    AtomicReference<Generator<Integer>> outer = new AtomicReference<>();
    List<Object> log = new ArrayList<>();
    Iterator<Integer> looking =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            log.add(outer.get().state());
            log.add(outer.get().delegate());
            try {
              log.add(outer.get().next());
            } catch (AlreadyRunningException e) {
              log.add("busy");
            }
            return log.size() < 4;
          }

          @Override
          public Integer next() {
            return 1;
          }
        };
    outer.set(Generator.of(co -> co.yieldFrom(looking)));
    assertEquals(List.of(1), outer.get().toList());
    assertEquals(Arrays.asList(State.RUNNING, null, "busy", State.RUNNING, null, "busy"), log);
  }

  @EngineTest
  @Conforms("Y-045")
  void nextSendRaiseAndCloseReachTheInnermostThroughManyLevels() throws Boom {
    List<Object> log = new ArrayList<>();
    Coroutine<Object, Object, Object> coroutine =
        Coroutine.of(
            co -> {
              Object received = co.yield("first");
              try {
                co.mayThrow(Boom.class);
                received = co.yield(received);
              } catch (Boom e) {
                received = co.yield(e);
              }
              return received;
            });
    List<Coroutine<?, ?, ?>> levels = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Coroutine<Object, Object, Object> inner = coroutine;
      levels.add(inner);
      coroutine =
          Coroutine.of(
              co -> {
                Object result = co.yieldFrom(inner);
                log.add(result);
                return result;
              });
    }
    Coroutine<Object, Object, Object> outer = coroutine;
    Object sent = new Object();
    Boom raised = new Boom("raised");
    assertEquals("first", outer.next());
    assertSame(sent, outer.send(sent));
    assertSame(raised, outer.raise(raised));
    StopIteration end = assertThrows(StopIteration.class, () -> outer.send("last"));
    assertEquals("last", end.value());
    assertEquals(20, log.size());
    assertTrue(levels.stream().allMatch(level -> level.state() == State.CLOSED));
    assertTrue(levels.stream().allMatch(level -> "last".equals(level.result())));
  }

  private static void innermostOfThree(Yielder<?, Integer> co) {
    co.yield(1);
    throw new IllegalStateException("where am I?");
  }

  private static void middleOfThree(Yielder<?, Integer> co) {
    co.yieldFrom(Generator.<Integer>of(inner -> innermostOfThree(inner)));
  }

  private static void outermostOfThree(Yielder<?, Integer> co) {
    co.yieldFrom(Generator.<Integer>of(inner -> middleOfThree(inner)));
  }

  @EngineTest
  @Conforms("Y-046")
  void theStackTraceOfAFailureShowsTheDelegatorsAndTheCaller() {
    Generator<Integer> outer = Generator.of(co -> outermostOfThree(co));
    outer.next();
    IllegalStateException failure = assertThrows(IllegalStateException.class, outer::next);
    List<String> methods =
        Arrays.stream(failure.getStackTrace())
            .filter(line -> line.getClassName().equals(DelegationStructureTest.class.getName()))
            .map(StackTraceElement::getMethodName)
            .filter(method -> !method.startsWith("lambda$"))
            .toList();
    assertEquals(
        List.of(
            "innermostOfThree",
            "middleOfThree",
            "outermostOfThree",
            "theStackTraceOfAFailureShowsTheDelegatorsAndTheCaller"),
        methods);
  }

  @EngineTest
  @Conforms("Y-048")
  void generatorsThatReferToEachOtherCanBeClosedInAnyOrder() {
    for (int first = 0; first < 3; first++) {
      List<BaseGenerator<Integer>> ring = new ArrayList<>();
      Generator<Integer> leaf =
          Generator.of(
              co -> {
                try {
                  co.yield(ring.size());
                } finally {
                  ring.forEach(BaseGenerator::state);
                }
              });
      Generator<Integer> middle = Generator.of(co -> co.yieldFrom(leaf));
      Generator<Integer> outer = Generator.of(co -> co.yieldFrom(middle));
      ring.addAll(List.of(leaf, middle, outer));
      assertEquals(3, outer.next());
      for (int i = 0; i < 3; i++) {
        ring.get((first + i) % 3).close();
      }
      assertTrue(ring.stream().allMatch(generator -> generator.state() == State.CLOSED));
    }
  }
}
