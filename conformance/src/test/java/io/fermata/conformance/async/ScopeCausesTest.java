package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBody;
import io.fermata.async.Cancelled;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Which of several cancellations comes out of a scope: a request, an outer scope, or its own. */
class ScopeCausesTest extends AsyncTest {
  /** A group that is ended at 100 ms and whose member takes until 1100 ms to clean up. */
  private static Async<Void> endingGroup() {
    return TaskGroup.action(
        (in, tg) -> {
          tg.start(slowCleanup());
          in.await(sleep(100));
          tg.cancel("enough");
        });
  }

  private static Async<Void> slowCleanup() {
    return Async.action(
        co -> {
          try {
            co.await(sleep(60_000));
          } finally {
            co.await(Async.uncancellable(sleep(1000)));
          }
        });
  }

  private static Async<Void> expiringTimeout() {
    return Timeout.action(ms(100), (in, t) -> in.await(slowCleanup()));
  }

  private static Async<Void> expiringTimeoutThatSwallows() {
    return Timeout.action(
        ms(100),
        (in, t) -> {
          try {
            in.await(sleep(60_000));
          } catch (Cancelled own) {
            in.await(Async.uncancellable(sleep(1000)));
          }
        });
  }

  private static Async<Void> failedGatherInAnExpiringTimeout() {
    return Timeout.action(ms(100), (in, t) -> in.await(Async.gather(slowCleanup())));
  }

  private static List<Async<Void>> slowlyEndingScopes() {
    return List.of(
        endingGroup(),
        expiringTimeout(),
        expiringTimeoutThatSwallows(),
        failedGatherInAnExpiringTimeout(),
        Async.uncancellable(sleep(1100)));
  }

  @EngineTest
  void aDeadlineAroundAScopeThatIsEndingIsNotLost() throws Exception {
    for (int i = 0; i < slowlyEndingScopes().size(); i++) {
      Async<Void> scope = slowlyEndingScopes().get(i);
      String ended =
          run(
              Async.of(
                  co -> {
                    try {
                      co.await(
                          Timeout.action(
                              ms(500),
                              (in, t) -> {
                                in.await(scope);
                                log.add("went on");
                              }));
                      return "no timeout";
                    } catch (TimeoutException expired) {
                      return "timeout at " + now();
                    }
                  }));
      assertEquals("timeout at 1100", ended, "scope " + i);
      assertEquals(List.of(), log, "scope " + i);
    }
  }

  @EngineTest
  void anOuterGroupThatEndsWhileAnInnerOneDoesIsNotLost() throws Exception {
    runAction(
        co -> {
          co.await(
              TaskGroup.action(
                  (out, group) -> {
                    group.start(
                        Async.action(
                            m -> {
                              m.await(sleep(500));
                              group.cancel("all");
                            }));
                    out.await(endingGroup());
                    log.add("went on");
                  }));
          assertEquals(List.of(), log);
          assertEquals(1100, now());
        });
  }

  @EngineTest
  void whatAScopeHasToThrowComesBeforeAnOuterCancellation() throws Exception {
    runAction(
        co -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(500),
                          (out, t) -> {
                            Async<Void> failing =
                                TaskGroup.action(
                                    (in, tg) -> {
                                      tg.start(slowCleanup());
                                      tg.start(failing(new IOException(), 100));
                                    });
                            assertThrows(ExceptionGroup.class, () -> out.await(failing));
                            log.add("group at " + now());
                            out.await(sleep(1));
                            log.add("went on");
                          })));
          assertEquals(List.of("group at 1100"), log);
        });
  }

  @EngineTest
  void aGroupInACancelledScopeThatWaitsForNothingPasses() throws Exception {
    runAction(
        co ->
            co.await(
                TaskGroup.action(
                    (out, group) -> {
                      group.cancel("all");
                      assertEquals("value", out.await(TaskGroup.of((in, tg) -> "value")));
                      log.add("went on");
                    })));
    assertEquals(List.of("went on"), log);
  }

  // Requests

  /** What a task ends with that makes a request to itself, and then awaits a scope. */
  private String askedBefore(Async<?> scope) throws Exception {
    return run(
        Async.of(
            co -> {
              Task<String> task =
                  Task.start(
                      Async.of(
                          in -> {
                            Task.current().cancel("asked");
                            try {
                              in.await(scope);
                            } catch (TimeoutException | ExceptionGroup own) {
                              log.add(own.getClass().getSimpleName());
                            }
                            in.await(sleep(10));
                            return "went on";
                          }));
              try {
                return co.await(task);
              } catch (Cancelled c) {
                return "cancelled: " + c.reason();
              }
            }));
  }

  @EngineTest
  void aRequestFromBeforeAnExpiredTimeoutStaysTheTasks() throws Exception {
    assertEquals(
        "cancelled: asked", askedBefore(Timeout.action(ms(0), (in, t) -> in.await(sleep(1000)))));
    // The cleanup's await throws what the scope was cancelled with; still, it is no
    // TimeoutException.
    String replaced =
        askedBefore(
            Timeout.action(
                ms(10),
                (in, t) -> {
                  try {
                    in.await(sleep(1000));
                  } finally {
                    in.await(Async.uncancellable(sleep(20)));
                  }
                }));
    assertTrue(replaced.startsWith("cancelled: the deadline"), replaced);
    assertEquals(
        "cancelled: asked", askedBefore(Async.waitFor(Async.of(in -> in.await(sleep(9))), ms(1))));
    assertEquals(List.of(), log);
  }

  @EngineTest
  void aRequestFromBeforeACancelledGroupStaysTheTasks() throws Exception {
    assertEquals(
        "cancelled: asked",
        askedBefore(
            TaskGroup.action(
                (in, tg) -> {
                  tg.cancel("done");
                  in.await(sleep(1000));
                })));
    assertEquals(
        "cancelled: asked", askedBefore(TaskGroup.action((in, tg) -> tg.start(slowCleanup()))));
    assertEquals(List.of(), log);
  }

  @EngineTest
  void aRequestFromBeforeAFailedGroupComesAfterTheFailures() throws Exception {
    assertEquals(
        "cancelled: asked",
        askedBefore(
            TaskGroup.action(
                (in, tg) -> {
                  tg.start(cleaningUpWith(new IOException("member"), 5));
                  in.await(sleep(1000));
                })));
    assertEquals(List.of("ExceptionGroup"), log);
  }

  @EngineTest
  void aRequestThatWasTakenBackLeavesTheTimeoutItsOwn() throws Exception {
    runAction(
        co -> {
          Task.current().cancel("asked");
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(10),
                          (in, t) -> {
                            assertThrows(Cancelled.class, () -> in.await(sleep(1)));
                            Task.current().uncancel();
                            in.await(sleep(1000));
                          })));
          assertEquals(10, now());
        });
  }

  @EngineTest
  void aSecondRequestInAScopeCountsWhereAnEarlierOneWasTakenBack() throws Exception {
    runAction(
        co -> {
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        Task.current().cancel("first");
                        assertThrows(Cancelled.class, () -> in.await(sleep(1)));
                        in.await(
                            Timeout.action(
                                ms(0),
                                (at, t) -> {
                                  Task.current().uncancel();
                                  Task.current().cancel("second");
                                  at.await(sleep(1));
                                }));
                        return "went on";
                      }));
          assertEquals("second", assertThrows(Cancelled.class, () -> co.await(task)).reason());
        });
  }

  @EngineTest
  void aRequestThatAChildSwallowsIsNotTheAwaitersAnyMore() throws Exception {
    AsyncBody<String> stubborn =
        co -> {
          try {
            co.await(sleep(1000));
          } catch (Cancelled swallowed) {
            log.add(swallowed.reason());
          }
          return "value";
        };
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Timeout.action(
                      ms(10),
                      (in, t) -> {
                        assertEquals("value", in.await(Task.start(Async.of(stubborn))));
                        in.await(sleep(1000));
                      }));
          co.await(sleep(5));
          task.cancel("asked");
          assertThrows(TimeoutException.class, () -> co.await(task));
          assertEquals(List.of("asked"), log);
        });
  }

  @EngineTest
  void aRequestThatEndsAPromiseIsTheTasksOwn() throws Exception {
    runAction(
        co -> {
          Promise<Void> never = Promise.open();
          Task<Void> task = Task.start(Timeout.action(ms(0), (in, t) -> in.await(never)));
          Task<Void> asked =
              Task.start(
                  Timeout.action(
                      ms(10),
                      (in, t) -> {
                        try {
                          in.await(Promise.<Void>open());
                        } finally {
                          in.await(Async.uncancellable(sleep(20)));
                        }
                      }));
          assertThrows(TimeoutException.class, () -> co.await(task));
          co.await(sleep(5));
          asked.cancel("asked");
          assertThrows(Cancelled.class, () -> co.await(asked)); // no TimeoutException
          assertTrue(never.cancelled());
        });
  }
}
