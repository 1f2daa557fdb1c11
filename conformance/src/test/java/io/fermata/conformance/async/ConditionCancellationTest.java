package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Waits for a condition that are cancelled: the lock is held again, no signal is lost. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
class ConditionCancellationTest extends ConditionScene {
  @EngineTest
  @Conforms({"S-024"})
  void aCancelledWaitHoldsTheLockAgainBeforeItThrows() throws Exception {
    runAction(
        co -> {
          Task<Void> waiter = watched("a");
          co.await(pause());
          co.await(condition.acquire());
          waiter.cancel("stop");
          co.await(sleep(5));
          assertFalse(waiter.done());
          condition.release();
          Cancelled thrown = assertThrows(Cancelled.class, () -> co.await(waiter));
          assertEquals("stop", thrown.reason());
          assertEquals(List.of("a: stop"), log);
          assertFalse(condition.locked());
        });
  }

  @EngineTest
  @Conforms({"S-025"})
  void aCancellationWhileTheLockIsTakenAgainIsThrownOnceItIsHeld() throws Exception {
    runAction(
        co -> {
          Task<Void> waiter = watched("a");
          co.await(pause());
          co.await(condition.acquire());
          condition.signal();
          co.await(pause());
          waiter.cancel("late");
          co.await(sleep(5));
          assertFalse(waiter.done());
          condition.release();
          Cancelled thrown = assertThrows(Cancelled.class, () -> co.await(waiter));
          assertEquals("late", thrown.reason());
          assertEquals(List.of("a: late"), log);
          assertFalse(condition.locked());
        });
  }

  @EngineTest
  @Conforms({"S-025"})
  void ofSeveralCancellationsTheLastIsThrown() throws Exception {
    runAction(
        co -> {
          Task<Void> waiter = watched("a");
          co.await(pause());
          co.await(condition.acquire());
          waiter.cancel("first");
          co.await(pause());
          waiter.cancel("second");
          co.await(pause());
          condition.release();
          Cancelled thrown = assertThrows(Cancelled.class, () -> co.await(waiter));
          assertEquals("second", thrown.reason());
          assertEquals(2, waiter.cancelling());
        });
  }

  @EngineTest
  @Conforms({"S-026"})
  void aSignalledWaitThatIsCancelledBeforeItRunsPassesTheSignalOn() throws Exception {
    runAction(
        co -> {
          Task<Void> a = watched("a");
          Task<Void> b = watched("b");
          co.await(pause());
          co.await(condition.acquire());
          condition.signal();
          condition.release();
          a.cancel("stop");
          co.await(b);
          assertTrue(a.cancelled());
          assertEquals(List.of("a: stop", "b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-026"})
  void aSignalledWaitThatIsCancelledWhileItTakesTheLockAgainPassesTheSignalOn() throws Exception {
    runAction(
        co -> {
          Task<Void> a = watched("a");
          Task<Void> b = watched("b");
          co.await(pause());
          co.await(condition.acquire());
          condition.signal();
          co.await(pause());
          a.cancel("stop");
          condition.release();
          co.await(b);
          assertTrue(a.cancelled());
          assertEquals(List.of("a: stop", "b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-026"})
  void aWaitThatIsCancelledWithoutASignalWakesNobody() throws Exception {
    runAction(
        co -> {
          Task<Void> a = watched("a");
          Task<Void> b = watched("b");
          co.await(pause());
          a.cancel("stop");
          co.await(sleep(5));
          assertTrue(a.cancelled());
          assertFalse(b.done());
        });
  }

  @EngineTest
  @Conforms({"S-028"})
  void afterATimeoutInsideTheBlockTheLockIsHeld() throws Exception {
    runAction(
        co -> {
          try (Permit held = co.await(condition.acquire())) {
            assertThrows(
                TimeoutException.class,
                () -> co.await(Timeout.action(ms(10), (in, t) -> in.await(condition.signalled()))));
            assertTrue(condition.locked());
            assertThrows(
                TimeoutException.class,
                () -> co.await(Async.waitFor(condition.until(() -> false), ms(10))));
            assertTrue(condition.locked());
          }
          assertEquals(20, now());
          assertFalse(condition.locked());
        });
  }

  @EngineTest
  @Conforms({"S-028"})
  void aTimeoutThatExpiresWhileTheLockIsTakenAgainPassesTheSignalOn() throws Exception {
    runAction(
        co -> {
          Task<Void> limited =
              Task.start(
                  Async.action(
                      in -> {
                        try (Permit held = in.await(condition.acquire())) {
                          in.await(
                              Timeout.action(
                                  ms(10), (deep, t) -> deep.await(condition.signalled())));
                        }
                      }));
          Task<Void> b = watched("b");
          co.await(pause());
          co.await(condition.acquire());
          condition.signal();
          co.await(sleep(20));
          assertFalse(limited.done());
          condition.release();
          assertThrows(TimeoutException.class, () -> co.await(limited));
          co.await(b);
          assertEquals(List.of("b"), log);
        });
  }
}
