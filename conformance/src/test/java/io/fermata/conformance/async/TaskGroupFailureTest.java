package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.ErrorGroup;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;

/** Task groups whose members or bodies fail. */
class TaskGroupFailureTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-124"})
  void aFailedMemberCancelsTheOthersAndTheBody() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (in, tg) -> {
                                tg.start(step("other", 100));
                                tg.start(failing(failure, 5));
                                try {
                                  in.await(sleep(100));
                                } catch (Cancelled c) {
                                  log.add("body");
                                  throw c;
                                }
                              })));
          assertEquals(List.of(failure), group.failures());
          assertEquals(List.of("body"), log);
          assertEquals(5, now());
          assertEquals(0, Task.current().cancelling());
        });
  }

  @EngineTest
  @Conforms({"T-125"})
  void failuresWhileBeingCancelledAreListedInTheOrderOfEnding() throws Exception {
    runAction(
        co -> {
          IOException first = new IOException("first");
          IOException second = new IOException("second");
          IOException last = new IOException("body");
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (in, tg) -> {
                                tg.start(cleaningUpWith(second, 10));
                                tg.start(step("cancelled", 100));
                                tg.start(failing(first, 5));
                                try {
                                  in.await(sleep(100));
                                } finally {
                                  fail(last);
                                }
                              })));
          assertEquals(List.of(first, second, last), group.failures());
        });
  }

  @EngineTest
  void membersAreCancelledInTheOrderOfTheirStartThenTheBody() throws Exception {
    runAction(
        co -> {
          assertThrows(
              ExceptionGroup.class,
              () ->
                  co.await(
                      TaskGroup.action(
                          (in, tg) -> {
                            for (String name : List.of("a", "b", "c")) {
                              tg.start(
                                  Async.action(
                                      m -> {
                                        try {
                                          m.await(sleep(100));
                                        } finally {
                                          log.add(name);
                                        }
                                      }));
                            }
                            tg.start(failing(new IOException(), 5));
                            try {
                              in.await(sleep(100));
                            } finally {
                              log.add("body");
                            }
                          })));
          assertEquals(List.of("a", "b", "c", "body"), log);
        });
  }

  @EngineTest
  @Conforms({"T-126"})
  void aFailureOfTheBodyIsWrappedToo() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (in, tg) -> {
                                tg.start(step("other", 100));
                                in.await(pause());
                                throw failure;
                              })));
          assertEquals(List.of(failure), group.failures());
          assertEquals(0, now());
        });
  }

  @EngineTest
  @Conforms({"T-127"})
  void aBodyThatCatchesTheCancellationMayGoOn() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          assertThrows(
              ExceptionGroup.class,
              () ->
                  co.await(
                      TaskGroup.action(
                          (in, tg) -> {
                            tg.start(failing(failure, 5));
                            try {
                              in.await(sleep(100));
                            } catch (Cancelled c) {
                              log.add("caught");
                            }
                            log.add("went on");
                          })));
          assertEquals(List.of("caught", "went on"), log);
          co.await(sleep(1));
        });
  }

  @EngineTest
  @Conforms({"T-129"})
  void failuresDuringACancellationFromOutsideComeFirstThenTheCancellation() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          Task<Void> task =
              Task.start(
                  Async.action(
                      outer -> {
                        try {
                          outer.await(
                              TaskGroup.action(
                                  (in, tg) -> {
                                    tg.start(cleaningUpWith(failure, 5));
                                    in.await(sleep(100));
                                  }));
                        } catch (ExceptionGroup g) {
                          log.add(g.failures().get(0) == failure);
                        }
                        outer.await(sleep(1));
                        log.add("not reached");
                      }));
          co.await(sleep(1));
          task.cancel("outside");
          assertEquals("outside", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          assertEquals(List.of(true), log);
        });
  }

  @EngineTest
  @Conforms({"T-130"})
  void anInnerFailureComesOutAsAGroupInAGroup() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (outer, tg) ->
                                  outer.await(
                                      TaskGroup.action(
                                          (in, inner) -> inner.start(failing(failure, 1)))))));
          ExceptionGroup nested = assertInstanceOf(ExceptionGroup.class, group.failures().get(0));
          assertEquals(List.of(failure), nested.failures());
          ExceptionGroup second =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (outer, tg) -> {
                                tg.start(failing(failure, 1));
                                outer.await(
                                    TaskGroup.action(
                                        (in, inner) -> {
                                          inner.start(step("cancelled", 100));
                                          in.await(sleep(100));
                                        }));
                              })));
          assertEquals(List.of(failure), second.failures());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"T-131"})
  void whenInnerAndOuterFailInOneRoundTheInnerGroupComesFirst() throws Exception {
    runAction(
        co -> {
          IOException inner = new IOException("inner");
          IOException outer = new IOException("outer");
          ExceptionGroup group =
              assertThrows(
                  ExceptionGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (out, tg) -> {
                                tg.start(failing(outer, 5));
                                try {
                                  out.await(
                                      TaskGroup.action(
                                          (in, tg2) -> {
                                            tg2.start(failing(inner, 5));
                                            in.await(sleep(100));
                                          }));
                                } catch (ExceptionGroup g) {
                                  log.add(g.failures().get(0) == inner);
                                }
                                out.await(sleep(100));
                                log.add("not reached");
                              })));
          assertEquals(List.of(outer), group.failures());
          assertEquals(List.of(true), log);
          assertEquals(0, Task.current().cancelling());
        });
  }

  @EngineTest
  @Conforms({"T-134"})
  void aGroupWithAnErrorIsAnErrorGroup() throws Exception {
    runAction(
        co -> {
          AssertionError error = new AssertionError();
          ErrorGroup group =
              assertThrows(
                  ErrorGroup.class,
                  () ->
                      co.await(
                          TaskGroup.action(
                              (in, tg) -> {
                                tg.start(failing(error, 1));
                                tg.start(failing(new IOException(), 1));
                              })));
          assertSame(error, group.failures().get(0));
          assertEquals(2, group.failures().size());
        });
  }

  @EngineTest
  void theReasonOfAGroupsCancellationTellsTheFailure() throws Exception {
    runAction(
        co -> {
          assertThrows(
              ExceptionGroup.class,
              () ->
                  co.await(
                      TaskGroup.action(
                          (in, tg) -> {
                            tg.named("w1").start(failing(new IOException("broken"), 1));
                            Cancelled c = assertThrows(Cancelled.class, () -> in.await(sleep(100)));
                            assertTrue(
                                c.reason().contains("w1") && c.reason().contains("broken"),
                                c.reason());
                          })));
        });
  }

  @EngineTest
  @Conforms({"T-133"})
  void anErrorOfTheMachineInTheBodyComesOutBareOnceTheMembersHaveEnded() throws Exception {
    InternalError failure = new InternalError("not a real one");
    runAction(
        co -> {
          Async<Void> group =
              TaskGroup.action(
                  (in, members) -> {
                    members.start(cleaningUp());
                    in.await(pause());
                    throw failure;
                  });
          assertSame(failure, assertThrows(InternalError.class, () -> co.await(group)));
          assertEquals(List.of("cleaned up"), log);
        });
  }

  @EngineTest
  @Conforms({"T-133"})
  void anErrorOfTheMachineInAMemberEndsTheRunBareAndTheOthersAreCancelled() {
    InternalError failure = new InternalError("not a real one");
    Async<Void> main =
        TaskGroup.action(
            (in, members) -> {
              members.start(cleaningUp());
              members.start(failing(failure, 1));
            });
    assertSame(failure, assertThrows(InternalError.class, () -> run(main)));
    assertEquals(List.of("cleaned up"), log);
  }
}
