package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What a cancellation does not reach: cleanup and shields. */
class UncancellableTest extends AsyncTest {
  @EngineTest
  void cleanupThatIsUncancellableRunsToItsEndThenTheRequestIsDelivered() throws Exception {
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      in -> {
                        in.await(Async.uncancellable(step("cleaned", 10)));
                        log.add("not reached");
                      }));
          co.await(pause());
          task.cancel("stop");
          assertEquals("stop", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          assertEquals(List.of("cleaned"), log);
          assertEquals(10, now());
        });
  }

  @EngineTest
  void aTimeoutInsideLimitsWhatIsUncancellable() throws Exception {
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      in ->
                          in.await(
                              Async.uncancellable(
                                  Timeout.action(ms(5), (inner, t) -> inner.await(sleep(100)))))));
          co.await(pause());
          task.cancel("stop");
          assertThrows(TimeoutException.class, () -> co.await(task));
          assertEquals(5, now());
        });
  }

  @EngineTest
  @Conforms({"T-067", "T-068"})
  void aShieldedTaskGoesOnWhenItsAwaiterIsCancelled() throws Exception {
    runAction(
        co -> {
          Task<String> inner = Task.start(step("inner", 10));
          Task<String> outer = Task.start(Async.of(in -> in.await(Async.shield(inner))));
          co.await(pause());
          outer.cancel("leave");
          assertThrows(Cancelled.class, () -> co.await(outer));
          assertEquals(0, now());
          assertEquals("inner", co.await(inner));
          assertEquals("again", co.await(Async.shield(step("again", 1))));
        });
  }

  @EngineTest
  @Conforms({"T-067"})
  void aShieldGivesTheFailureAndTheCancellationOfWhatItShields() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          assertSame(
              failure,
              assertThrows(IOException.class, () -> co.await(Async.shield(failing(failure, 1)))));
          Promise<String> p = Promise.open();
          Task<String> waiter = Task.start(Async.of(in -> in.await(Async.shield(p))));
          co.await(pause());
          p.cancel("inner");
          assertEquals("inner", assertThrows(Cancelled.class, () -> co.await(waiter)).reason());
        });
  }

  @EngineTest
  @Conforms({"T-069"})
  void aShieldOfWhatIsDoneKeepsTheTurn() throws Exception {
    runAction(
        co -> {
          Promise<String> p = Promise.open();
          p.setResult("x");
          EventLoop.current().callSoon(() -> log.add("round"));
          assertEquals("x", co.await(Async.shield(p)));
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"T-071", "T-105"})
  void aTimeoutAroundAShieldLeavesTheTaskAlone() throws Exception {
    runAction(
        co -> {
          Task<String> inner = Task.start(step("inner", 10));
          assertThrows(
              TimeoutException.class, () -> co.await(Async.waitFor(Async.shield(inner), ms(5))));
          assertEquals("inner", co.await(inner));
        });
  }
}
