package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Started;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Groups whose members fail alone, and members that say when they are ready. */
class SupervisorTest extends AsyncTest {
  private final List<Throwable> reported = new ArrayList<>();

  private void collectReports() {
    EventLoop.current().setExceptionHandler((loop, failure) -> reported.add(failure.exception()));
  }

  // Supervisors

  @EngineTest
  @Conforms("F-140")
  void aMemberThatFailsLeavesTheOthersAlone() throws Exception {
    runAction(
        co -> {
          collectReports();
          IOException failure = new IOException("member");
          String result =
              co.await(
                  TaskGroup.supervisor(
                      (in, tg) -> {
                        tg.start(failing(failure, 1));
                        tg.start(step("other", 10));
                        in.await(sleep(5));
                        assertEquals(List.of(failure), reported);
                        assertFalse(tg.cancelled());
                        tg.start(step("later", 1));
                        return "done";
                      }));
          assertEquals("done", result);
          assertEquals(List.of("later", "other"), log);
          assertEquals(List.of(failure), reported);
        });
    assertEquals(1, reported.size());
  }

  @EngineTest
  @Conforms("F-141")
  void theFailureIsReportedInTheRoundAfter() throws Exception {
    runAction(
        co -> {
          collectReports();
          co.await(
              TaskGroup.supervisorAction(
                  (in, tg) -> {
                    tg.start(Async.action(x -> fail(new IOException("member"))));
                    in.await(pause()); // it fails
                    assertEquals(0, reported.size());
                    in.await(pause());
                    assertEquals(1, reported.size());
                  }));
        });
  }

  @EngineTest
  @Conforms("F-141")
  void aFailureThatSomebodyGetsIsNotReported() throws Exception {
    for (long seed = 0; seed < 50; seed++) {
      reported.clear();
      try (TestLoop loop = TestLoop.seeded(seed)) {
        loop.run(
            Async.action(
                co -> {
                  collectReports();
                  co.await(
                      TaskGroup.supervisorAction(
                          MethodHandles.lookup(),
                          (in, tg) -> {
                            Task<String> failed = tg.start(failing(new IOException("a"), 1));
                            Task<String> beside = tg.start(failing(new IOException("b"), 1));
                            assertThrows(IOException.class, () -> in.await(failed));
                            assertThrows(
                                IOException.class, () -> in.await(Async.gather(failed, failed)));
                            in.await(sleep(1));
                            assertTrue(beside.done());
                          }));
                }));
      }
      assertEquals(1, reported.size(), "seed " + seed);
      assertEquals("b", reported.get(0).getMessage());
    }
  }

  @EngineTest
  @Conforms("F-142")
  void aBodyThatFailsCancelsTheMembers() throws Exception {
    runAction(
        co -> {
          collectReports();
          IOException failure = new IOException("body");
          IOException cleanup = new IOException("cleanup");
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.supervisorAction(
                              (in, tg) -> {
                                tg.start(cleaningUp());
                                tg.start(cleaningUpWith(cleanup, 1));
                                in.await(pause());
                                in.await(pause());
                                fail(failure);
                              })));
          assertEquals(List.of(failure), group.failures());
          assertEquals(List.of("cleaned up"), log);
          assertEquals(List.of(cleanup), reported);
        });
  }

  @EngineTest
  @Conforms("F-142")
  void aSupervisorIsCancelledAsAGroup() throws Exception {
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
                                  TaskGroup.supervisorAction(
                                      (in, tg) -> tg.start(cleaningUp()))))));
          assertEquals(List.of("cleaned up"), log);
          co.await(
              TaskGroup.supervisor(
                  MethodHandles.lookup(),
                  (in, tg) -> {
                    tg.start(cleaningUp());
                    in.await(pause());
                    tg.cancel("enough");
                    assertTrue(tg.cancelled());
                    return null;
                  }));
        });
  }

  @EngineTest
  @Conforms("F-143")
  void anErrorOfTheJvmEndsASupervisor() throws Exception {
    InternalError broken = new InternalError("broken");
    assertSame(
        broken,
        assertThrows(
            InternalError.class,
            () ->
                runAction(
                    co ->
                        co.await(
                            TaskGroup.supervisorAction(
                                (in, tg) -> {
                                  tg.start(
                                      Async.action(
                                          x -> {
                                            throw broken;
                                          }));
                                  in.await(sleep(100));
                                })))));
  }

  // Members that say when they are ready

  private static Async<Void> server(Started<String> started, long millis) {
    return Async.action(
        co -> {
          co.await(sleep(millis));
          started.started("ready");
          co.await(sleep(millis));
        });
  }

  @EngineTest
  @Conforms("F-145")
  void theAwaitGivesWhatTheTaskHasStartedWith() throws Exception {
    runAction(
        co -> {
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    String value =
                        in.await(
                            tg.startAndWait((task, started) -> task.await(server(started, 5))));
                    assertEquals("ready", value);
                    assertEquals(5, now());
                    assertEquals(1, tg.tasks().size());
                    int port =
                        in.await(
                            tg.startAndWait(
                                MethodHandles.lookup(), (task, started) -> started.started(80)));
                    assertEquals(80, port);
                  }));
          assertEquals(10, now());
        });
  }

  @EngineTest
  @Conforms("F-146")
  void aFailureBeforeItHasStartedIsTheAwaits() throws Exception {
    IOException failure = new IOException("bind");
    runAction(
        co ->
            co.await(
                TaskGroup.action(
                    (in, tg) -> {
                      assertSame(
                          failure,
                          assertThrows(
                              IOException.class,
                              () -> in.await(tg.<String>startAndWait((t, s) -> fail(failure)))));
                      assertThrows(
                          IllegalStateException.class,
                          () -> in.await(tg.<String>startAndWait((t, s) -> t.await(pause()))));
                      in.await(sleep(5));
                      assertFalse(tg.cancelled());
                    })));
  }

  @EngineTest
  @Conforms("F-146")
  void aFailureAfterItHasStartedIsTheGroups() throws Exception {
    IOException failure = new IOException("later");
    runAction(
        co -> {
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (in, tg) -> {
                                in.await(
                                    tg.<String>startAndWait(
                                        (t, s) -> {
                                          s.started("x");
                                          fail(failure);
                                        }));
                                in.await(sleep(100));
                              })));
          assertEquals(List.of(failure), group.failures());
          collectReports();
          co.await(
              TaskGroup.supervisorAction(
                  (in, tg) ->
                      in.await(
                          tg.<String>startAndWait(
                              (t, s) -> {
                                s.started("x");
                                t.await(sleep(1));
                                fail(failure);
                              }))));
          assertEquals(List.of(failure), reported);
        });
  }

  @EngineTest
  @Conforms("F-146")
  void itStartsOnce() throws Exception {
    runAction(
        co -> {
          List<Started<String>> kept = new ArrayList<>();
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    in.await(
                        tg.<String>startAndWait(
                            (t, s) -> {
                              s.started("x");
                              assertThrows(IllegalStateException.class, () -> s.started("y"));
                            }));
                    assertThrows(
                        IllegalStateException.class,
                        () -> in.await(tg.<String>startAndWait((t, s) -> kept.add(s))));
                    assertThrows(IllegalStateException.class, () -> kept.get(0).started("late"));
                  }));
        });
  }

  @EngineTest
  @Conforms("F-147")
  void cancelledBeforeItWaitsForTheTask() throws Exception {
    for (int rounds = 0; rounds < 6; rounds++) {
      int pauses = rounds;
      for (boolean byScope : new boolean[] {true, false}) {
        log.clear();
        runAction(
            co ->
                co.await(
                    TaskGroup.action(
                        (in, tg) -> {
                          Task<String> waiting =
                              Task.start(
                                  Timeout.of(
                                      byScope ? ms(3) : null,
                                      (x, limit) ->
                                          x.await(
                                              tg.<String>startAndWait(
                                                  (t, s) -> t.await(cleaningUp())))));
                          for (int i = 0; i < pauses; i++) {
                            in.await(pause());
                          }
                          if (!byScope) {
                            waiting.cancel("asked");
                          }
                          Throwable thrown = assertThrows(Throwable.class, () -> in.await(waiting));
                          assertEquals(
                              byScope ? TimeoutException.class : Cancelled.class,
                              thrown.getClass());
                          assertEquals(0, tg.tasks().size());
                          assertFalse(tg.cancelled());
                        })));
        assertEquals(
            !byScope && pauses < 2 ? List.of() : List.of("cleaned up"), log, "round " + pauses);
      }
    }
  }

  @EngineTest
  @Conforms("F-147")
  void whatItsCleanupFailsWithIsKept() throws Exception {
    IOException failure = new IOException("cleanup");
    runAction(
        co ->
            co.await(
                TaskGroup.action(
                    (in, tg) -> {
                      Task<String> waiting =
                          Task.start(
                              tg.<String>startAndWait(
                                  (t, s) -> t.await(cleaningUpWith(failure, 1))));
                      in.await(sleep(5));
                      waiting.cancel("asked");
                      Cancelled thrown = assertThrows(Cancelled.class, () -> in.await(waiting));
                      assertEquals(List.of(failure), List.of(thrown.getSuppressed()));
                      in.await(sleep(5));
                      assertFalse(tg.cancelled());
                    })));
  }
}
