package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Requests to tasks: delivered once, and counted. */
class CancellationTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-044", "T-055"})
  void aCancelledTaskEndsWhenItsBodyLetsItOut() throws Exception {
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      in -> {
                        try {
                          in.await(sleep(100));
                        } catch (Cancelled c) {
                          log.add(c.reason());
                          in.await(sleep(5));
                          log.add("cleaned");
                          throw c;
                        }
                      }));
          co.await(pause());
          assertTrue(task.cancel("stop"));
          assertFalse(task.cancelled());
          assertEquals(1, task.cancelling());
          assertEquals("stop", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          assertTrue(task.cancelled());
          assertEquals(List.of("stop", "cleaned"), log);
        });
  }

  @EngineTest
  @Conforms({"T-055"})
  void aCancellationTellsTheLineThatItInterrupted() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 50));
          co.await(pause());
          task.cancel();
          Cancelled c = assertThrows(Cancelled.class, () -> co.await(task));
          assertTrue(Arrays.toString(c.getStackTrace()).contains("AsyncTest.java"));
        });
  }

  @EngineTest
  @Conforms({"T-045"})
  void cancellingADoneTaskDoesNothing() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 0));
          co.await(task);
          assertFalse(task.cancel());
          assertEquals("x", task.result());
        });
  }

  @EngineTest
  @Conforms({"T-046"})
  void aTaskThatIsCancelledBeforeItsFirstStepNeverRuns() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 0));
          task.cancel("early");
          assertEquals("early", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          assertEquals(List.of(), log);
          assertTrue(task.cancelled());
        });
  }

  @EngineTest
  @Conforms({"T-047"})
  void aRequestGoesDownToWhatIsAwaited() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          Task<Integer> inner = Task.start(Async.of(in -> in.await(p)));
          Task<Integer> outer = Task.start(Async.of(in -> in.await(inner)));
          co.await(pause());
          co.await(pause());
          outer.cancel("down");
          assertTrue(p.cancelled());
          assertEquals("down", assertThrows(Cancelled.class, () -> co.await(outer)).reason());
          assertTrue(inner.cancelled());
        });
  }

  @EngineTest
  @Conforms({"T-048"})
  void ifTheInnerTaskSwallowsItTheOuterOneGoesOn() throws Exception {
    runAction(
        co -> {
          Task<String> inner =
              Task.start(
                  Async.of(
                      in -> {
                        try {
                          return in.await(Async.sleep(ms(100), "slept"));
                        } catch (Cancelled c) {
                          return "swallowed";
                        }
                      }));
          Task<String> outer = Task.start(Async.of(in -> in.await(inner) + "!"));
          co.await(pause());
          co.await(pause());
          outer.cancel();
          assertEquals("swallowed!", co.await(outer));
          assertEquals(1, outer.cancelling());
        });
  }

  @EngineTest
  @Conforms({"T-049"})
  void aRunnableTaskGetsTheRequestInsteadOfTheResult() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          Task<Integer> task = Task.start(Async.of(in -> in.await(p)));
          co.await(pause());
          p.setResult(1);
          task.cancel("late");
          assertEquals("late", assertThrows(Cancelled.class, () -> co.await(task)).reason());
        });
  }

  @EngineTest
  @Conforms({"T-050"})
  void aTaskThatSwallowsTheRequestFinishesNormally() throws Exception {
    runAction(
        co -> {
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        try {
                          in.await(sleep(100));
                        } catch (Cancelled c) {
                          in.await(sleep(1));
                        }
                        return "went on";
                      }));
          co.await(pause());
          task.cancel();
          assertEquals("went on", co.await(task));
          assertFalse(task.cancelled());
        });
  }

  @EngineTest
  @Conforms({"T-051"})
  void anotherExceptionInResponseFailsTheTask() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        try {
                          in.await(sleep(100));
                          return "not reached";
                        } catch (Cancelled c) {
                          throw failure;
                        }
                      }));
          co.await(pause());
          task.cancel();
          assertSame(failure, assertThrows(IOException.class, () -> co.await(task)));
          assertInstanceOf(Cancelled.class, failure.getSuppressed()[0]);
        });
  }

  @EngineTest
  @Conforms({"T-052"})
  void aTaskThatCancelsItselfGetsItAtItsNextSuspension() throws Exception {
    runAction(
        co -> {
          Task<String> suspends =
              Task.start(
                  Async.of(
                      in -> {
                        Task.current().cancel("self");
                        log.add("still here");
                        in.await(sleep(1));
                        return "not reached";
                      }));
          Task<String> returns =
              Task.start(
                  Async.of(
                      in -> {
                        Task.current().cancel("self");
                        return "returned";
                      }));
          IOException failure = new IOException();
          Task<String> fails =
              Task.start(
                  Async.of(
                      in -> {
                        Task.current().cancel("self");
                        throw failure;
                      }));
          assertThrows(Cancelled.class, () -> co.await(suspends));
          assertEquals("self", assertThrows(Cancelled.class, () -> co.await(returns)).reason());
          assertSame(failure, assertThrows(IOException.class, () -> co.await(fails)));
          assertEquals(List.of("still here"), log);
        });
  }

  @EngineTest
  @Conforms({"T-053"})
  void aTaskThatWasAskedBeforeItWaitsCancelsWhatItAwaits() throws Exception {
    runAction(
        co -> {
          Task<String> inner = Task.start(step("inner", 50));
          Task<String> outer =
              Task.start(
                  Async.of(
                      in -> {
                        Task.current().cancel("early");
                        return in.await(inner);
                      }));
          assertThrows(Cancelled.class, () -> co.await(outer));
          assertTrue(inner.cancelled());
        });
  }

  @EngineTest
  @Conforms({"T-054", "T-056"})
  void severalRequestsAreDeliveredOnceAndCounted() throws Exception {
    runAction(
        co -> {
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        try {
                          in.await(sleep(100));
                        } catch (Cancelled c) {
                          log.add(c.reason());
                        }
                        in.await(sleep(1));
                        return "once";
                      }));
          co.await(pause());
          task.cancel("first");
          task.cancel("second");
          assertEquals(2, task.cancelling());
          assertEquals("once", co.await(task));
          assertEquals(List.of("first"), log);
        });
  }

  @EngineTest
  @Conforms({"T-054"})
  void forATaskThatHasNotBegunTheLastReasonCounts() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 0));
          task.cancel("first");
          task.cancel("last");
          assertEquals("last", assertThrows(Cancelled.class, () -> co.await(task)).reason());
        });
  }

  @EngineTest
  @Conforms({"T-057"})
  void takingARequestBackCountsDown() throws Exception {
    runAction(
        co -> {
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        try {
                          in.await(sleep(100));
                        } catch (Cancelled c) {
                          log.add(Task.current().uncancel());
                          log.add(Task.current().uncancel());
                        }
                        in.await(sleep(10));
                        return "x";
                      }));
          co.await(pause());
          task.cancel();
          co.await(sleep(1));
          assertEquals(List.of(0, 0), log);
          task.cancel("again");
          assertEquals("again", assertThrows(Cancelled.class, () -> co.await(task)).reason());
        });
  }

  @EngineTest
  @Conforms({"T-058"})
  void aRequestThatIsTakenBackBeforeItsDeliveryIsForgotten() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 0));
          task.cancel();
          assertEquals(0, task.uncancel());
          assertEquals("x", co.await(task));
        });
  }

  @EngineTest
  @Conforms({"T-059"})
  void cancellingATaskAndWhatItAwaitsGivesOneCancellation() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        try {
                          in.await(p);
                        } catch (Cancelled c) {
                          log.add("once");
                        }
                        in.await(sleep(1));
                        return "on";
                      }));
          co.await(pause());
          p.cancel();
          task.cancel();
          assertEquals("on", co.await(task));
          assertEquals(List.of("once"), log);
        });
  }

  @EngineTest
  @Conforms({"T-060"})
  void aBodyThatThrowsACancellationEndsCancelled() throws Exception {
    runAction(
        co -> {
          Cancelled mine = new Cancelled("mine");
          Task<String> task = Task.start(failing(mine, 1));
          assertSame(mine, assertThrows(Cancelled.class, () -> co.await(task)));
          assertTrue(task.cancelled());
          assertEquals(0, task.cancelling());
        });
  }

  @EngineTest
  @Conforms({"T-062"})
  void catchingExceptionsSwallowsNoCancellation() throws Exception {
    runAction(
        co -> {
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        try {
                          in.await(sleep(100));
                          return "slept";
                        } catch (Exception e) {
                          return "swallowed";
                        }
                      }));
          co.await(pause());
          task.cancel();
          assertThrows(Cancelled.class, () -> co.await(task));
        });
  }

  @EngineTest
  @Conforms({"T-065"})
  void cancellingASleepTakesItsTimerBack() throws Exception {
    runAction(
        co -> {
          Task<Void> task = Task.start(Async.action(in -> in.await(sleep(1000))));
          co.await(pause());
          task.cancel();
          assertThrows(Cancelled.class, () -> co.await(task));
          co.await(sleep(1));
          assertEquals(1, now());
        });
  }

  @EngineTest
  void aChainOfTasksThatAwaitEachOtherIsCancelledHoweverLongItIs() throws Exception {
    runAction(
        co -> {
          List<Task<Void>> chain = startChain();
          co.await(pause());
          Task<Void> outermost = chain.get(chain.size() - 1);

          assertTrue(outermost.cancel("enough"));

          assertEquals("enough", assertThrows(Cancelled.class, () -> co.await(outermost)).reason());
          for (Task<Void> each : chain) {
            assertTrue(each.cancelled(), each::toString);
            assertEquals(1, each.cancelling(), each::toString);
          }
        });
  }

  @EngineTest
  void aClosedLoopAsksEachTaskOfAChainOnce() throws Exception {
    List<Task<Void>> chain = new ArrayList<>();
    runAction(
        co -> {
          chain.addAll(startChain());
          co.await(pause());
        });
    for (Task<Void> each : chain) {
      assertTrue(each.cancelled(), each::toString);
      assertEquals(1, each.cancelling(), each::toString);
    }
  }

  /** Tasks each of which awaits the one before; the first one sleeps. */
  private static List<Task<Void>> startChain() {
    int length = EveryEngine.compiles() ? 20_000 : 200;
    List<Task<Void>> chain = new ArrayList<>();
    chain.add(Task.start(sleep(1000)));
    while (chain.size() < length) {
      Task<Void> before = chain.get(chain.size() - 1);
      chain.add(Task.start(Async.action(co -> co.await(before))));
    }
    return chain;
  }
}
