package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Timeouts, and waiting with a limit. */
class TimeoutTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-107"})
  void aDeadlineThatPassesIsATimeoutExceptionCausedByTheCancellation() throws Exception {
    runAction(
        co -> {
          TimeoutException e =
              assertThrows(
                  TimeoutException.class,
                  () -> co.await(Timeout.action(ms(10), (in, t) -> in.await(sleep(100)))));
          Cancelled cause = assertInstanceOf(Cancelled.class, e.getCause());
          assertTrue(cause.reason().contains("TimeoutTest.java"), cause.reason());
          assertEquals(10, now());
        });
  }

  @EngineTest
  void aTimeoutGivesTheResultOfItsBody() throws Exception {
    runAction(
        co -> {
          assertEquals("x", co.await(Timeout.of(ms(10), (in, t) -> in.await(step("x", 5)))));
          co.await(sleep(20));
          assertEquals(25, now());
        });
  }

  @EngineTest
  @Conforms({"T-108"})
  void aTimeoutWithoutALimitNeverFires() throws Exception {
    runAction(
        co -> {
          co.await(
              Timeout.action(
                  null,
                  (in, t) -> {
                    assertNull(t.when());
                    in.await(sleep(1_000_000));
                    assertFalse(t.expired());
                  }));
        });
  }

  @EngineTest
  @Conforms({"T-109"})
  void anEarlierDeadlineFiresAtTheFirstSuspension() throws Exception {
    runAction(
        co -> {
          for (long limit : new long[] {0, -5}) {
            assertThrows(
                TimeoutException.class,
                () ->
                    co.await(
                        Timeout.action(
                            ms(limit),
                            (in, t) -> {
                              log.add("ran");
                              in.await(pause());
                              log.add("not reached");
                            })));
            assertEquals(
                "no suspension", co.await(Timeout.of(ms(limit), (in, t) -> "no suspension")));
          }
          assertThrows(
              TimeoutException.class,
              () -> co.await(Timeout.actionAt(ms(-1), (in, t) -> in.await(pause()))));
          assertEquals(List.of("ran", "ran"), log);
        });
  }

  @EngineTest
  @Conforms({"T-110", "T-106"})
  void anotherExceptionPassesThrough() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () -> co.await(Timeout.of(ms(10), (in, t) -> in.await(failing(failure, 1))))));
          TimeoutException own = new TimeoutException();
          assertSame(
              own,
              assertThrows(
                  TimeoutException.class,
                  () -> co.await(Timeout.of(ms(10), (in, t) -> in.await(failing(own, 1))))));
        });
  }

  @EngineTest
  @Conforms({"T-111"})
  void onlyTheScopeWhoseDeadlinePassedReportsIt() throws Exception {
    runAction(
        co -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(5),
                          (outer, t) -> {
                            try {
                              outer.await(
                                  Timeout.action(ms(50), (inner, u) -> inner.await(sleep(100))));
                            } catch (TimeoutException e) {
                              log.add("the inner one");
                            }
                          })));
          assertEquals(List.of(), log);
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.actionAt(
                          ms(20),
                          (outer, t) -> {
                            try {
                              outer.await(
                                  Timeout.actionAt(ms(20), (inner, u) -> inner.await(sleep(100))));
                            } catch (TimeoutException e) {
                              log.add("the inner one");
                            }
                            outer.await(sleep(1));
                          })));
        });
  }

  @EngineTest
  @Conforms({"T-112"})
  void anOuterTimeoutGoesOnAfterAnInnerOne() throws Exception {
    runAction(
        co -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(20),
                          (outer, t) -> {
                            assertThrows(
                                TimeoutException.class,
                                () ->
                                    outer.await(
                                        Timeout.action(
                                            ms(5), (inner, u) -> inner.await(sleep(100)))));
                            log.add(now());
                            outer.await(sleep(100));
                          })));
          assertEquals(List.of(5L), log);
          assertEquals(20, now());
        });
  }

  @EngineTest
  @Conforms({"T-113"})
  void aCancellationFromOutsideIsNoTimeout() throws Exception {
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      in ->
                          in.await(Timeout.action(ms(50), (inner, t) -> inner.await(sleep(100))))));
          co.await(sleep(1));
          task.cancel("outside");
          assertEquals("outside", assertThrows(Cancelled.class, () -> co.await(task)).reason());
        });
  }

  @EngineTest
  @Conforms({"T-114", "T-116"})
  void aBodyThatSwallowsTheCancellationHasItsResult() throws Exception {
    runAction(
        co -> {
          assertEquals(
              "swallowed",
              co.await(
                  Timeout.of(
                      ms(5),
                      (in, t) -> {
                        try {
                          in.await(sleep(100));
                        } catch (Cancelled c) {
                          log.add(t.expired());
                        }
                        return "swallowed";
                      })));
          assertEquals(List.of(true), log);
          assertEquals(0, Task.current().cancelling());
          co.await(sleep(1));
        });
  }

  @EngineTest
  void aScopeThatIsCancelledStaysSo() throws Exception {
    runAction(
        co -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(5),
                          (in, t) -> {
                            for (int i = 0; i < 3; i++) {
                              try {
                                in.await(sleep(100));
                              } catch (Cancelled c) {
                                log.add(now());
                              }
                            }
                            in.await(sleep(100));
                          })));
          assertEquals(List.of(5L, 5L, 5L), log);
        });
  }

  @EngineTest
  void anAwaitThatNeedNotParkPassesInACancelledScope() throws Exception {
    runAction(
        co -> {
          co.await(
              Timeout.action(
                  ms(5),
                  (in, t) -> {
                    assertThrows(Cancelled.class, () -> in.await(sleep(100)));
                    Promise<String> done = Promise.open();
                    done.setResult("done");
                    log.add(in.await(done));
                    log.add(in.await(Async.of(inner -> "body")));
                  }));
          assertEquals(List.of("done", "body"), log);
        });
  }

  @EngineTest
  void inACancelledScopeAnAwaitOfATaskCancelsItAndWaitsForItsEnd() throws Exception {
    runAction(
        co -> {
          AtomicReference<Task<Void>> other = new AtomicReference<>();
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(5),
                          (in, t) -> {
                            assertThrows(Cancelled.class, () -> in.await(sleep(100)));
                            other.set(
                                Task.start(
                                    Async.action(
                                        inner -> {
                                          try {
                                            inner.await(sleep(100));
                                          } finally {
                                            inner.await(Async.uncancellable(step("cleaned", 7)));
                                          }
                                        })));
                            Task.start(Async.action(inner -> {}));
                            in.await(other.get());
                          })));
          assertTrue(other.get().done());
        });
  }

  @EngineTest
  void cleanupInACancelledScopeIsUncancellable() throws Exception {
    runAction(
        co -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(5),
                          (in, t) -> {
                            try {
                              in.await(sleep(100));
                            } finally {
                              in.await(Async.uncancellable(step("cleaned", 10)));
                              log.add("after");
                            }
                          })));
          assertEquals(List.of("cleaned", "after"), log);
          assertEquals(15, now());
        });
  }

  @EngineTest
  @Conforms({"T-115"})
  void anotherExceptionAfterTheDeadlineWins() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Timeout.action(
                              ms(5),
                              (in, t) -> {
                                try {
                                  in.await(sleep(100));
                                } finally {
                                  fail(failure);
                                }
                              }))));
          assertTrue(
              Arrays.stream(failure.getSuppressed()).anyMatch(TimeoutException.class::isInstance));
        });
  }

  @EngineTest
  @Conforms({"T-116"})
  void afterATimeoutAllIsAsBefore() throws Exception {
    runAction(
        co -> {
          Task.current().cancel("one");
          assertThrows(Cancelled.class, () -> co.await(pause()));
          assertThrows(
              TimeoutException.class,
              () -> co.await(Timeout.action(ms(5), (in, t) -> in.await(sleep(100)))));
          assertEquals(1, Task.current().cancelling());
          co.await(sleep(1));
        });
  }

  @EngineTest
  @Conforms({"T-117"})
  void theDeadlineCanBeMovedWhileItIsActive() throws Exception {
    runAction(
        co -> {
          AtomicReference<Timeout> kept = new AtomicReference<>();
          co.await(
              Timeout.action(
                  ms(5),
                  (in, t) -> {
                    kept.set(t);
                    t.rescheduleIn(ms(50));
                    assertEquals(ms(50), t.when());
                    in.await(sleep(20));
                    t.rescheduleAt(null);
                    assertNull(t.when());
                    in.await(sleep(1000));
                  }));
          assertThrows(IllegalStateException.class, () -> kept.get().rescheduleIn(ms(5)));
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(50),
                          (in, t) -> {
                            t.rescheduleIn(ms(1));
                            try {
                              in.await(sleep(100));
                            } finally {
                              assertThrows(
                                  IllegalStateException.class, () -> t.rescheduleIn(ms(100)));
                            }
                          })));
          assertEquals(1021, now());
        });
  }

  @EngineTest
  @Conforms({"T-118"})
  void aTimeoutIsEnteredOnceAndInATask() throws Exception {
    runAction(
        co -> {
          Async<Void> once = Timeout.action(ms(5), (in, t) -> {});
          co.await(once);
          assertThrows(IllegalStateException.class, () -> co.await(once));
        });
  }

  @EngineTest
  @Conforms({"T-119"})
  void aTimeoutLimitsTheCleanupOfACancelledTask() throws Exception {
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      in -> {
                        try {
                          in.await(sleep(100));
                        } finally {
                          try {
                            in.await(Timeout.action(ms(5), (inner, t) -> inner.await(sleep(100))));
                          } catch (TimeoutException e) {
                            log.add("limited");
                          }
                        }
                      }));
          co.await(pause());
          task.cancel("stop");
          assertEquals("stop", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          assertEquals(List.of("limited"), log);
        });
  }

  @EngineTest
  @Conforms({"T-120"})
  void aTimeoutAroundAGroupCancelsItsMembers() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          Timeout.action(
                              ms(5),
                              (outer, t) ->
                                  outer.await(
                                      TaskGroup.action(
                                          (in, tg) -> {
                                            tg.start(
                                                Async.action(
                                                    m -> {
                                                      try {
                                                        m.await(sleep(100));
                                                      } finally {
                                                        fail(failure);
                                                      }
                                                    }));
                                            in.await(sleep(100));
                                          })))));
          assertEquals(List.of(failure), group.failures());
          assertTrue(
              Arrays.stream(group.getSuppressed()).anyMatch(TimeoutException.class::isInstance));
        });
  }

  @EngineTest
  @Conforms({"T-121"})
  void aTimeoutShowsHowItStands() throws Exception {
    runAction(
        co -> {
          co.await(
              Timeout.action(
                  ms(5),
                  (in, t) -> {
                    assertTrue(t.toString().contains("active"), t.toString());
                    assertThrows(Cancelled.class, () -> in.await(sleep(100)));
                    assertTrue(t.toString().contains("expiring"), t.toString());
                  }));
        });
  }

  @EngineTest
  void aRequestThatComesWhileATimeoutUnwindsWins() throws Exception {
    runAction(
        co -> {
          AtomicReference<Task<Void>> self = new AtomicReference<>();
          Task<Void> task =
              Task.start(
                  Async.action(
                      outer ->
                          outer.await(
                              Timeout.action(
                                  ms(5),
                                  (in, t) -> {
                                    try {
                                      in.await(sleep(100));
                                    } finally {
                                      self.get().cancel("asked");
                                    }
                                  }))));
          self.set(task);
          assertEquals("asked", assertThrows(Cancelled.class, () -> co.await(task)).reason());
        });
  }

  @EngineTest
  @Conforms({"T-098"})
  void waitingForWhatIsInTimeGivesItsResult() throws Exception {
    runAction(
        co -> {
          assertEquals("x", co.await(Async.waitFor(step("x", 5), ms(10))));
          assertEquals("y", co.await(Async.waitFor(step("y", 5), null)));
          assertEquals("z", co.await(Async.waitFor(Task.start(step("z", 5)), ms(10))));
        });
  }

  @EngineTest
  @Conforms({"T-099"})
  void onATimeoutWhatIsAwaitedIsCancelledAndWaitedFor() throws Exception {
    runAction(
        co -> {
          Task<Void> inner =
              Task.start(
                  Async.action(
                      in -> {
                        try {
                          in.await(sleep(100));
                        } finally {
                          in.await(step("cleaned", 10));
                        }
                      }));
          TimeoutException e =
              assertThrows(TimeoutException.class, () -> co.await(Async.waitFor(inner, ms(5))));
          assertInstanceOf(Cancelled.class, e.getCause());
          assertTrue(inner.cancelled());
          assertEquals(List.of("cleaned"), log);
          assertEquals(15, now());
        });
  }

  @EngineTest
  @Conforms({"T-100"})
  void withNoTimeLeftOnlyWhatIsDoneIsTaken() throws Exception {
    runAction(
        co -> {
          Promise<String> done = Promise.open();
          done.setResult("done");
          assertEquals("done", co.await(Async.waitFor(done, ms(0))));
          Promise<String> pending = Promise.open();
          assertThrows(TimeoutException.class, () -> co.await(Async.waitFor(pending, ms(-1))));
          assertTrue(pending.cancelled());
          Async<String> never = step("never", 0);
          assertThrows(TimeoutException.class, () -> co.await(Async.waitFor(never, ms(0))));
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"T-101", "T-102"})
  void whatTheAwaitedTaskMakesOfTheCancellationComesOut() throws Exception {
    runAction(
        co -> {
          assertEquals(
              "kept",
              co.await(
                  Async.waitFor(
                      Task.start(
                          Async.of(
                              in -> {
                                try {
                                  in.await(sleep(100));
                                  return "not reached";
                                } catch (Cancelled c) {
                                  return "kept";
                                }
                              })),
                      ms(5))));
          IOException failure = new IOException();
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Async.waitFor(
                              Task.start(
                                  Async.of(
                                      in -> {
                                        try {
                                          in.await(sleep(100));
                                          return "not reached";
                                        } catch (Cancelled c) {
                                          throw failure;
                                        }
                                      })),
                              ms(5)))));
        });
  }

  @EngineTest
  @Conforms({"T-103"})
  void cancellingAWaitCancelsWhatIsAwaitedAndWaitsForIt() throws Exception {
    runAction(
        co -> {
          Task<Void> inner =
              Task.start(
                  Async.action(
                      in -> {
                        try {
                          in.await(sleep(100));
                        } finally {
                          in.await(step("cleaned", 3));
                        }
                      }));
          Task<Void> waiter =
              Task.start(Async.action(in -> in.await(Async.waitFor(inner, ms(50)))));
          co.await(sleep(1));
          waiter.cancel("stop");
          assertThrows(Cancelled.class, () -> co.await(waiter));
          assertTrue(inner.cancelled());
          assertEquals(4, now());
        });
  }

  @EngineTest
  @Conforms({"T-104"})
  void aCancellationInTheRoundOfTheCompletionIsNotLost() throws Exception {
    runAction(
        co -> {
          Promise<String> p = Promise.open();
          Task<String> waiter = Task.start(Async.of(in -> in.await(Async.waitFor(p, ms(50)))));
          co.await(sleep(1));
          p.setResult("x");
          waiter.cancel("stop");
          assertThrows(Cancelled.class, () -> co.await(waiter));
        });
  }

  private static void fail(Exception failure) throws Exception {
    throw failure;
  }
}
