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
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
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
}
