package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.Coroutine;
import io.fermata.GeneratorExit;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import io.fermata.conformance.Delegates.Boom;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of four, one of whose delegates is stepped by somebody else between the chain's steps.
 */
final class DelegationOutsidersTest {
  /**
   * The leaf yields "leaf 1" to "leaf 9"; level n then yields "n got r", and returns "n result".
   */
  private static final class Four {
    final List<Coroutine<Object, String, Object>> levels = new ArrayList<>();
    final List<String> log = new ArrayList<>();

    /** The leaf runs it at every step. */
    Runnable hook = () -> {};

    Four() {
      Coroutine<Object, String, Object> leaf =
          Coroutine.of(
              co -> {
                try {
                  for (int i = 1; i <= 9; i++) {
                    hook.run();
                    co.yield("leaf " + i);
                  }
                  return "leaf result";
                } finally {
                  log.add("leaf finally");
                }
              });
      levels.add(leaf);
      for (int level = 2; level >= 0; level--) {
        levels.add(0, delegator(level, levels.get(0)));
      }
      assertEquals("leaf 1", levels.get(0).next());
    }

    private Coroutine<Object, String, Object> delegator(
        int level, Coroutine<Object, String, Object> next) {
      return Coroutine.of(
          co -> {
            Object result;
            try {
              result = co.yieldFrom(next);
            } finally {
              log.add(level + " finally");
            }
            co.yield(level + " got " + result);
            return level + " result";
          });
    }

    Coroutine<Object, String, Object> outer() {
      return levels.get(0);
    }

    void assertIntact() {
      for (int i = 0; i < 4; i++) {
        assertEquals(State.SUSPENDED, levels.get(i).state());
        assertSame(i == 3 ? null : levels.get(i + 1), levels.get(i).delegate());
      }
    }

    /** That a level, with all below it, has ended, and its delegator finds that out. */
    void assertEndedAt(int level, Object result) {
      for (int i = 0; i < 4; i++) {
        assertEquals(i < level ? State.SUSPENDED : State.CLOSED, levels.get(i).state());
      }
      assertEquals((level - 1) + " got " + result, outer().next());
      assertNull(levels.get(level - 1).delegate());
      for (int i = level - 2; i >= 0; i--) {
        assertEquals(i + " got " + (i + 1) + " result", outer().next());
      }
      assertEquals("0 result", assertThrows(StopIteration.class, outer()::next).value());
      assertTrue(log.containsAll(List.of("0 finally", "1 finally", "2 finally", "leaf finally")));
    }
  }

  @EngineTest
  @Conforms({"Y-044", "Y-045"})
  void anyLevelMayBeSteppedAndTheChainGoesOnBehind() {
    for (int level = 1; level < 4; level++) {
      Four chain = new Four();
      assertEquals("leaf 2", chain.levels.get(level).next());
      chain.assertIntact();
      assertEquals("leaf 3", chain.outer().next());
      assertEquals("leaf 4", chain.levels.get(level).next());
      assertEquals("leaf 5", chain.levels.get(level).next());
      assertEquals("leaf 6", chain.outer().next());
      chain.assertIntact();
    }
  }

  @EngineTest
  @Conforms("Y-045")
  void allLevelsMayBeSteppedInTurn() {
    Four chain = new Four();
    int[] order = {3, 2, 1, 0, 1, 2, 3, 0};
    for (int i = 0; i < order.length; i++) {
      assertEquals("leaf " + (i + 2), chain.levels.get(order[i]).next());
      chain.assertIntact();
    }
    assertEquals("2 got leaf result", chain.outer().next());
  }

  @EngineTest
  @Conforms("Y-007")
  void aLevelThatAnOutsiderHasBroughtToItsEndGivesNull() {
    for (int level = 1; level < 4; level++) {
      Four chain = new Four();
      Coroutine<Object, String, Object> outsiders = chain.levels.get(level);
      while (outsiders.advance()) {
        assertEquals(State.SUSPENDED, chain.outer().state());
      }
      chain.assertEndedAt(level, null);
    }
  }

  @EngineTest
  @Conforms("Y-002")
  void aResultThatTheOutsiderOnlySawComingIsTheDelegationsValue() {
    for (int level = 1; level < 4; level++) {
      Four chain = new Four();
      Coroutine<Object, String, Object> outsiders = chain.levels.get(level);
      while (outsiders.hasNext()) {
        outsiders.next();
      }
      chain.assertEndedAt(level, level == 3 ? "leaf result" : level + " result");
    }
  }

  @EngineTest
  @Conforms({"Y-023", "Y-025"})
  void whatAnOutsiderRaisesComesOutToTheOutsider() {
    for (int level = 1; level < 4; level++) {
      Four chain = new Four();
      Boom boom = new Boom("raised by an outsider");
      Coroutine<Object, String, Object> outsiders = chain.levels.get(level);
      assertSame(boom, assertThrows(Boom.class, () -> outsiders.raise(boom)));
      assertEquals("leaf finally", chain.log.get(0));
      assertEquals(4 - level, chain.log.size());
      chain.assertEndedAt(level, null);
    }
  }

  @EngineTest
  @Conforms({"Y-026", "Y-027", "Y-030"})
  void anOutsiderMayCloseAnyLevel() {
    for (int level = 1; level < 4; level++) {
      Four closed = new Four();
      closed.levels.get(level).close();
      assertEquals(4 - level, closed.log.size());
      closed.assertEndedAt(level, null);

      Four exited = new Four();
      GeneratorExit exit = new GeneratorExit();
      Coroutine<Object, String, Object> outsiders = exited.levels.get(level);
      assertSame(exit, assertThrows(GeneratorExit.class, () -> outsiders.raise(exit)));
      exited.assertEndedAt(level, null);
    }
  }

  @EngineTest
  @Conforms({"Y-026", "Y-020"})
  void afterALevelHasEndedRaiseAndCloseReachItsDelegator() {
    for (int level = 1; level < 4; level++) {
      Four raised = new Four();
      raised.levels.get(level).close();
      Boom boom = new Boom("raised");
      assertSame(boom, assertThrows(Boom.class, () -> raised.outer().raise(boom)));
      assertEquals("0 finally", raised.log.get(3));
      assertEquals(0, boom.getSuppressed().length);

      Four closed = new Four();
      closed.levels.get(level).close();
      closed.outer().close();
      assertEquals(4, closed.log.size());
      assertTrue(closed.levels.stream().allMatch(it -> it.state() == State.CLOSED));
    }
  }

  @EngineTest
  @Conforms({"Y-001", "Y-009"})
  void aValueThatAnOutsiderLeftWaitingIsTheNextOne() {
    for (int level = 1; level < 4; level++) {
      Four chain = new Four();
      assertTrue(chain.levels.get(level).hasNext());
      assertEquals("leaf 2", chain.outer().next(), "left waiting at level " + level);
      chain.assertIntact();
      assertEquals("leaf 3", chain.outer().next());
      assertTrue(chain.levels.get(level).hasNext());
      assertEquals("leaf 4", chain.levels.get(level).next());
      assertEquals("leaf 5", chain.outer().next());
    }
  }

  @EngineTest
  @Conforms("Y-026")
  void aValueThatAnOutsiderLeftWaitingIsDiscardedByClose() {
    for (int level = 1; level < 4; level++) {
      Four chain = new Four();
      assertTrue(chain.levels.get(level).hasNext());
      chain.outer().close();
      assertEquals(
          List.of("leaf finally", "2 finally", "1 finally", "0 finally"),
          chain.log,
          "left waiting at level " + level);
      assertTrue(chain.levels.stream().allMatch(it -> it.state() == State.CLOSED));
    }
  }

  @EngineTest
  @Conforms("Y-011")
  void toSendOrRaiseWhileAValueWaitsAtALevelIsAnErrorAtItsDelegator() {
    for (int level = 1; level < 4; level++) {
      for (boolean send : new boolean[] {true, false}) {
        Four chain = new Four();
        assertTrue(chain.levels.get(level).hasNext());
        assertThrows(
            WaitingValueException.class,
            () -> {
              if (send) {
                chain.outer().send("x");
              } else {
                chain.outer().raise(new Boom("x"));
              }
            },
            "left waiting at level " + level);
        assertEquals(State.CLOSED, chain.outer().state());
        assertEquals(level, chain.log.size());
        assertEquals("leaf 2", chain.levels.get(level).next());
        assertEquals("leaf 3", chain.levels.get(level).next());
      }
    }
  }

  @EngineTest
  @Conforms({"Y-043", "Y-044"})
  void aStepWhileAnOutsiderRunsALevelIsBusyAtItsDelegator() {
    for (int level = 1; level < 4; level++) {
      Four chain = new Four();
      List<State> states = new ArrayList<>();
      List<Throwable> thrown = new ArrayList<>();
      chain.hook =
          () -> {
            chain.hook = () -> {};
            chain.levels.forEach(it -> states.add(it.state()));
            try {
              chain.outer().next();
            } catch (AlreadyRunningException e) {
              thrown.add(e);
            }
          };
      assertEquals("leaf 2", chain.levels.get(level).next());
      for (int i = 0; i < 4; i++) {
        assertEquals(i < level ? State.SUSPENDED : State.RUNNING, states.get(i));
      }
      assertEquals(1, thrown.size());
      assertEquals(level, chain.log.size());
      assertEquals(State.CLOSED, chain.outer().state());
      assertEquals("leaf 3", chain.levels.get(level).next());
    }
  }

  @EngineTest
  @Conforms("Y-043")
  void anyLevelIsBusyWhileTheChainRuns() {
    Four chain = new Four();
    List<Integer> busy = new ArrayList<>();
    chain.levels.get(2).next();
    chain.hook =
        () -> {
          for (int level = 0; level < 4; level++) {
            assertThrows(AlreadyRunningException.class, chain.levels.get(level)::next);
            assertThrows(AlreadyRunningException.class, chain.levels.get(level)::close);
            busy.add(level);
          }
        };
    assertEquals("leaf 3", chain.outer().next());
    assertEquals(List.of(0, 1, 2, 3), busy);
    chain.assertIntact();
  }
}
