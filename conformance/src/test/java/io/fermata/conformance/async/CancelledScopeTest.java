package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** A scope whose deadline has passed: what still works in it. */
class CancelledScopeTest extends AsyncTest {
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
  @Conforms({"T-107"})
  void theCancellationOfATimeoutTellsTheLineThatItInterrupted() throws Exception {
    runAction(
        co -> {
          TimeoutException late =
              assertThrows(
                  TimeoutException.class, () -> co.await(Async.waitFor(step("x", 50), ms(5))));
          assertTrue(
              interrupted(late.getCause()).contains("AsyncTest.java"),
              interrupted(late.getCause()));
        });
  }

  @EngineTest
  @Conforms({"T-107"})
  void eachSuspensionInACancelledScopeTellsItsOwnLine() throws Exception {
    runAction(
        co ->
            assertThrows(
                TimeoutException.class,
                () ->
                    co.await(
                        Timeout.action(
                            ms(5),
                            (in, t) -> {
                              try {
                                in.await(sleep(100));
                              } catch (Cancelled first) {
                                log.add(first.getStackTrace()[0].getLineNumber());
                              }
                              try {
                                in.await(sleep(100));
                              } catch (Cancelled second) {
                                log.add(second.getStackTrace()[0].getLineNumber());
                                throw second;
                              }
                            }))));
    assertEquals(5, (int) log.get(1) - (int) log.get(0));
  }

  @EngineTest
  @Conforms({"T-126"})
  void theCancellationOfAGroupTellsTheLineOfTheMemberThatItInterrupted() throws Exception {
    runAction(
        co -> {
          AtomicReference<Task<String>> member = new AtomicReference<>();
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    member.set(tg.start(step("x", 50)));
                    in.await(pause());
                    tg.cancel("enough");
                  }));
          Cancelled c = assertThrows(Cancelled.class, () -> member.get().result());
          assertEquals("enough", c.reason());
          assertTrue(interrupted(c).contains("AsyncTest.java"), interrupted(c));
        });
  }

  private static String interrupted(Throwable cancelled) {
    return Arrays.toString(cancelled.getStackTrace());
  }
}
