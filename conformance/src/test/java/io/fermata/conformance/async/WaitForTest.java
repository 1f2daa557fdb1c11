package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Waiting for something with a limit. */
class WaitForTest extends AsyncTest {
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
}
