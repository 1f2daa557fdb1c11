package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Context;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Task groups. */
class TaskGroupTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-122", "T-137"})
  void leavingAGroupWaitsForAllItsTasks() throws Exception {
    runAction(
        co -> {
          AtomicReference<Task<String>> late = new AtomicReference<>();
          String result =
              co.await(
                  TaskGroup.of(
                      (in, tg) -> {
                        tg.start(step("a", 10));
                        tg.start(
                            Async.action(
                                m -> {
                                  m.await(sleep(5));
                                  late.set(tg.start(step("b", 20)));
                                }));
                        return "body";
                      }));
          assertEquals("body", result);
          assertEquals("b", late.get().result());
          assertEquals(List.of("a", "b"), log);
          assertEquals(25, now());
        });
  }

  @EngineTest
  @Conforms({"T-123"})
  void aMemberThatIsCancelledAloneIsNoFailure() throws Exception {
    runAction(
        co -> {
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    Task<String> one = tg.start(step("one", 100));
                    tg.start(step("two", 10));
                    in.await(sleep(1));
                    one.cancel();
                  }));
          assertEquals(List.of("two"), log);
          assertEquals(10, now());
        });
  }

  @EngineTest
  @Conforms({"T-128"})
  void aCancellationFromOutsideComesOutOnceTheMembersHaveEnded() throws Exception {
    runAction(
        co -> {
          for (boolean inBody : new boolean[] {true, false}) {
            log.clear();
            Task<Void> task =
                Task.start(
                    Async.action(
                        outer ->
                            outer.await(
                                TaskGroup.action(
                                    (in, tg) -> {
                                      tg.start(
                                          Async.action(
                                              m -> {
                                                try {
                                                  m.await(sleep(100));
                                                } finally {
                                                  m.await(Async.uncancellable(step("cleaned", 5)));
                                                }
                                              }));
                                      if (inBody) {
                                        in.await(sleep(100));
                                      }
                                    }))));
            co.await(sleep(1));
            task.cancel("outside");
            assertEquals("outside", assertThrows(Cancelled.class, () -> co.await(task)).reason());
            assertEquals(List.of("cleaned"), log);
            assertEquals(1, task.cancelling());
          }
        });
  }

  @EngineTest
  @Conforms({"T-132"})
  void theCountOfRequestsIsAsBefore() throws Exception {
    runAction(
        co -> {
          Task.current().cancel("one");
          assertThrows(Cancelled.class, () -> co.await(pause()));
          assertThrows(
              ExceptionGroup.class,
              () ->
                  co.await(
                      TaskGroup.action(
                          (in, tg) -> {
                            tg.start(failing(new IOException(), 1));
                          })));
          assertEquals(1, Task.current().cancelling());
        });
  }

  @EngineTest
  @Conforms({"T-135", "T-043"})
  void noTaskIsStartedInAGroupThatHasFinishedOrShutsDown() throws Exception {
    runAction(
        co -> {
          AtomicReference<TaskGroup> kept = new AtomicReference<>();
          co.await(TaskGroup.action((in, tg) -> kept.set(tg)));
          Async<String> spent = step("x", 0);
          assertThrows(IllegalStateException.class, () -> kept.get().start(spent));
          assertThrows(IllegalStateException.class, () -> co.await(spent));
          assertThrows(
              ExceptionGroup.class,
              () ->
                  co.await(
                      TaskGroup.action(
                          (in, tg) -> {
                            tg.start(failing(new IOException(), 1));
                            try {
                              in.await(sleep(100));
                            } finally {
                              assertThrows(
                                  IllegalStateException.class, () -> tg.start(step("y", 0)));
                            }
                          })));
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"T-136"})
  void aGroupIsEnteredOnce() throws Exception {
    runAction(
        co -> {
          Async<Void> once = TaskGroup.action((in, tg) -> {});
          co.await(once);
          assertThrows(IllegalStateException.class, () -> co.await(once));
        });
  }

  @EngineTest
  @Conforms({"T-138"})
  void aGroupStartsTasksWithNameAndContext() throws Exception {
    runAction(
        co -> {
          ContextVar<String> variable = ContextVar.of("v");
          variable.set("given");
          Context context = Context.copy();
          variable.set("now");
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    Task<String> task =
                        tg.named("worker").in(context).start(Async.of(m -> variable.get()));
                    assertEquals("worker", task.name());
                    assertEquals("given", in.await(task));
                    assertEquals(List.of(), tg.tasks());
                  }));
        });
  }

  @EngineTest
  @Conforms({"T-139"})
  void membersThatStartMembersAreAllCancelled() throws Exception {
    runAction(
        co -> {
          AtomicReference<Integer> running = new AtomicReference<>(0);
          assertThrows(
              ExceptionGroup.class,
              () ->
                  co.await(
                      TaskGroup.action(
                          (in, tg) -> {
                            spawn(tg, running, 5);
                            in.await(sleep(5));
                            fail(new IOException());
                          })));
          assertEquals(0, running.get());
          assertEquals(5, now());
        });
  }

  @EngineTest
  void cancellingAGroupEndsItAndIsNoFailure() throws Exception {
    runAction(
        co -> {
          assertNull(
              co.await(
                  TaskGroup.of(
                      (in, tg) -> {
                        tg.start(step("member", 100));
                        tg.start(
                            Async.action(
                                m -> {
                                  m.await(sleep(5));
                                  tg.cancel("enough");
                                }));
                        in.await(sleep(100));
                        return "cut short";
                      })));
          assertEquals(
              "whole",
              co.await(
                  TaskGroup.of(
                      (in, tg) -> {
                        tg.start(step("member", 100));
                        tg.cancel("enough");
                        return "whole";
                      })));
          assertEquals(5, now());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  void aBodyThatThrowsACancellationByItselfGivesItBare() throws Exception {
    runAction(
        co -> {
          Cancelled mine = new Cancelled("mine");
          assertSame(
              mine,
              assertThrows(
                  Cancelled.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (in, tg) -> {
                                tg.start(step("member", 100));
                                in.await(pause());
                                throw mine;
                              }))));
          assertEquals(0, now());
        });
  }

  @EngineTest
  void membersInheritTheTimeoutAroundTheirGroup() throws Exception {
    runAction(
        co -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(5),
                          (outer, t) ->
                              outer.await(
                                  TaskGroup.action(
                                      (in, tg) ->
                                          tg.start(
                                              Async.action(
                                                  m -> {
                                                    try {
                                                      m.await(sleep(100));
                                                    } finally {
                                                      log.add(now());
                                                      assertThrows(
                                                          Cancelled.class,
                                                          () -> m.await(sleep(100)));
                                                    }
                                                  })))))));
          assertEquals(List.of(5L), log);
        });
  }

  @EngineTest
  void aGroupInAnUncancellablePartIsLeftAlone() throws Exception {
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      outer ->
                          outer.await(
                              Async.uncancellable(
                                  TaskGroup.action((in, tg) -> tg.start(step("member", 10)))))));
          co.await(sleep(1));
          task.cancel("stop");
          assertThrows(Cancelled.class, () -> co.await(task));
          assertEquals(List.of("member"), log);
        });
  }

  /** Fails when it is cancelled, after a while. */
  private static void spawn(TaskGroup tg, AtomicReference<Integer> running, int more) {
    tg.start(
        Async.action(
            co -> {
              running.set(running.get() + 1);
              try {
                if (more > 0) {
                  spawn(tg, running, more - 1);
                }
                co.await(sleep(100));
              } finally {
                running.set(running.get() - 1);
              }
            }));
  }

  @EngineTest
  @Conforms({"T-122"})
  void aGroupWaitsForATaskThatIsStartedWhenTheLastOneHasJustEnded() throws Exception {
    runAction(
        co -> {
          co.await(
              TaskGroup.action(
                  (in, group) -> {
                    EventLoop loop = EventLoop.current();
                    group
                        .start(sleep(10))
                        .addDoneCallback(done -> loop.callSoon(() -> group.start(step("late", 5))));
                  }));
          assertEquals(List.of("late"), log);
        });
  }
}
