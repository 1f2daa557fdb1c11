package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A limit after which its awaiter goes on without the body. */
class MoveOnTest extends AsyncTest {
  @EngineTest
  @Conforms("F-180")
  void aLimitThatCutsTheBodyShortIsTold() throws Exception {
    MethodHandles.Lookup here = MethodHandles.lookup();
    runAction(
        co -> {
          assertTrue(co.await(Timeout.moveOn(ms(5), (in, limit) -> in.await(sleep(50)))));
          assertEquals(5, now());
          assertTrue(co.await(Timeout.moveOn(here, ms(5), (in, limit) -> in.await(sleep(50)))));
          assertFalse(co.await(Timeout.moveOn(ms(50), (in, limit) -> in.await(sleep(5)))));
          assertFalse(co.await(Timeout.moveOn(null, (in, limit) -> in.await(sleep(500)))));
          assertTrue(co.await(Timeout.moveOn(ms(0), (in, limit) -> in.await(sleep(50)))));
          assertFalse(co.await(Timeout.moveOn(ms(0), (in, limit) -> log.add("no await"))));
          assertEquals(
              "late",
              co.await(Timeout.moveOnOr(ms(5), "late", (in, limit) -> in.await(step("a", 50)))));
          assertEquals(
              "a",
              co.await(
                  Timeout.moveOnOr(here, ms(50), "late", (in, limit) -> in.await(step("a", 5)))));
          assertNull(
              co.await(
                  Timeout.<String>moveOnOr(ms(5), null, (in, limit) -> in.await(step("b", 50)))));
        });
    assertEquals(List.of("no await", "a"), log);
  }

  @EngineTest
  @Conforms("F-180")
  void aLimitThatPassesUnnoticedIsNot() throws Exception {
    runAction(
        co -> {
          assertFalse(
              co.await(
                  Timeout.moveOn(
                      ms(5),
                      (in, limit) -> {
                        try {
                          in.await(sleep(50));
                        } catch (Cancelled swallowed) {
                          assertTrue(limit.expired());
                        }
                      })));
          assertEquals(
              "own",
              co.await(
                  Timeout.moveOnOr(
                      ms(5),
                      "late",
                      (in, limit) -> {
                        try {
                          return in.await(step("never", 50));
                        } catch (Cancelled swallowed) {
                          return "own";
                        }
                      })));
        });
  }

  @EngineTest
  @Conforms("F-181")
  void otherFailuresComeOut() throws Exception {
    IOException failure = new IOException("no");
    IOException cleanup = new IOException("cleanup");
    runAction(
        co -> {
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Timeout.moveOn(ms(50), (in, limit) -> in.await(failing(failure, 5))))));
          TimeoutException own = new TimeoutException("of the body");
          assertSame(
              own,
              assertThrows(
                  TimeoutException.class,
                  () ->
                      co.await(
                          Timeout.moveOnOr(
                              ms(50), "late", (in, limit) -> in.await(failing(own, 5))))));
          assertSame(
              cleanup,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Timeout.moveOn(
                              ms(5),
                              (in, limit) ->
                                  in.await(
                                      Async.usingAction(
                                          () ->
                                              Async.action(
                                                  closing -> {
                                                    throw cleanup;
                                                  }),
                                          (in2, resource) -> in2.await(sleep(50))))))));
        });
  }

  @EngineTest
  @Conforms("F-181")
  void aCancellationFromOutsideIsNotTheLimit() throws Exception {
    runAction(
        co -> {
          Task<Boolean> task =
              Task.start(Timeout.moveOn(ms(5), (in, limit) -> in.await(sleep(50))));
          co.await(sleep(2));
          task.cancel("enough");
          assertEquals("enough", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          // An outer limit of the same time counts, as the outer one is wanted more.
          assertTrue(
              co.await(
                  Timeout.moveOn(
                      ms(5),
                      (in, outer) -> {
                        in.await(Timeout.moveOn(ms(5), (in2, limit) -> in2.await(sleep(50))));
                        in.await(sleep(50));
                        log.add("never");
                      })));
          assertFalse(
              co.await(
                  Timeout.moveOn(
                      ms(50),
                      (in, outer) ->
                          log.add(
                              in.await(
                                  Timeout.moveOn(ms(5), (in2, limit) -> in2.await(sleep(50))))))));
        });
    assertEquals(List.of(true), log);
  }

  @EngineTest
  @Conforms("F-180")
  void aMovedLimitIsATimeoutLikeAnyOther() throws Exception {
    runAction(
        co -> {
          assertTrue(
              co.await(
                  Timeout.moveOn(
                      ms(5),
                      (in, limit) -> {
                        limit.rescheduleIn(ms(20));
                        in.await(sleep(50));
                      })));
          assertEquals(20, now());
          assertFalse(
              co.await(
                  Timeout.moveOn(
                      ms(5),
                      (in, limit) -> {
                        limit.rescheduleAt(null);
                        in.await(sleep(50));
                      })));
        });
  }
}
