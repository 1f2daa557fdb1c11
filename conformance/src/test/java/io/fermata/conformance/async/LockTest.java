package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncLock;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The lock: first come, first served, and no release gets lost. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
class LockTest extends AsyncTest {
  private final AsyncLock lock = AsyncLock.open();

  /** Acquires, logs, and leaves the lock held. */
  private Task<Void> taker(String name) {
    return Task.start(
        Async.action(
            co -> {
              co.await(lock.acquire());
              log.add(name);
            }));
  }

  @EngineTest
  @Conforms({"S-001"})
  void aFreeLockIsPassedWithoutGivingUpTheTurn() throws Exception {
    runAction(
        co -> {
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          assertFalse(lock.locked());
          co.await(lock.acquire());
          assertTrue(lock.locked());
          assertEquals(List.of(), log);
          lock.release();
          assertFalse(lock.locked());
        });
  }

  @EngineTest
  @Conforms({"S-002"})
  void eachReleaseLetsInTheOneThatHasWaitedLongest() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          taker("a");
          taker("b");
          taker("c");
          co.await(pause());
          for (int released = 0; released < 3; released++) {
            assertEquals(released, log.size());
            lock.release();
            co.await(pause());
            co.await(pause());
          }
          assertEquals(List.of("a", "b", "c"), log);
        });
  }

  @EngineTest
  @Conforms({"S-003"})
  void releasingAFreeLockIsAnError() {
    String message = assertThrows(IllegalStateException.class, lock::release).getMessage();

    assertTrue(message.startsWith("cannot release"), message);
  }

  @EngineTest
  @Conforms({"S-003"})
  void anyTaskMayRelease() throws Exception {
    runAction(
        co -> {
          co.await(taker("a"));
          lock.release();
          assertFalse(lock.locked());
        });
  }

  @EngineTest
  @Conforms({"S-004"})
  void aReleasedLockIsFreeUntilTheWaiterRunsButNobodyOvertakes() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          Task<Void> first = taker("first");
          co.await(pause());
          lock.release();
          assertFalse(lock.locked());
          EventLoop.current().callLater(ms(5), lock::release);
          co.await(lock.acquire());
          log.add("releaser");
          assertTrue(first.done());
          assertEquals(List.of("first", "releaser"), log);
          assertEquals(5, now());
        });
  }

  @EngineTest
  @Conforms({"S-005"})
  void aPermitReleasesOnEveryWayOut() throws Exception {
    runAction(
        co -> {
          try (Permit held = co.await(lock.acquire())) {
            assertTrue(lock.locked());
          }
          assertFalse(lock.locked());
          assertThrows(
              IOException.class,
              () -> {
                try (Permit held = co.await(lock.acquire())) {
                  throw new IOException();
                }
              });
          assertFalse(lock.locked());
          Task<Void> cancelled =
              Task.start(
                  Async.action(
                      in -> {
                        try (Permit held = in.await(lock.acquire())) {
                          in.await(sleep(100));
                        }
                      }));
          co.await(pause());
          assertTrue(lock.locked());
          cancelled.cancel();
          assertThrows(Cancelled.class, () -> co.await(cancelled));
          assertFalse(lock.locked());
        });
  }

  @EngineTest
  @Conforms({"S-005"})
  void aPermitReleasesOnce() throws Exception {
    runAction(
        co -> {
          Permit mine = co.await(lock.acquire());
          mine.close();
          taker("other");
          co.await(pause());
          mine.close();
          assertTrue(lock.locked());
        });
  }

  @EngineTest
  @Conforms({"S-006"})
  void aCancelledWaiterLeavesTheLine() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          Task<Void> a = taker("a");
          taker("b");
          co.await(pause());
          a.cancel();
          co.await(pause());
          lock.release();
          co.await(pause());
          co.await(pause());
          assertTrue(a.cancelled());
          assertEquals(List.of("b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-006", "S-007"})
  void aWaiterThatIsCancelledAfterItsTurnHasComePassesItOn() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          Task<Void> a = taker("a");
          Task<Void> b = taker("b");
          Task<Void> c = taker("c");
          co.await(pause());
          lock.release();
          a.cancel();
          co.await(b);
          assertTrue(a.cancelled());
          assertFalse(c.done());
          assertTrue(lock.locked());
          assertEquals(List.of("b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-007"})
  void aReleaseAfterTheFirstWaiterWasCancelledGoesToTheNext() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          Task<Void> a = taker("a");
          Task<Void> b = taker("b");
          Task<Void> c = taker("c");
          co.await(pause());
          a.cancel();
          lock.release();
          co.await(b);
          assertTrue(a.cancelled());
          assertFalse(c.done());
          assertEquals(List.of("b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-007"})
  void ifAllWhoseTurnItIsAreCancelledTheLockIsFree() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          Task<Void> a = taker("a");
          Task<Void> b = taker("b");
          co.await(pause());
          lock.release();
          a.cancel();
          b.cancel();
          co.await(pause());
          co.await(pause());
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          co.await(lock.acquire());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"S-008"})
  void aNewcomerTakesAFreeLockWhoseWaitersAreAllCancelled() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          Task<Void> a = taker("a");
          co.await(pause());
          a.cancel();
          lock.release();
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          co.await(lock.acquire());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"S-006"})
  void aTimeoutThatExpiresAfterTheTurnHasComeTakesNothingAway() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          Task<String> waiter =
              Task.start(
                  Async.of(
                      in ->
                          in.await(
                              Timeout.of(
                                  ms(10),
                                  (inner, t) -> {
                                    inner.await(lock.acquire());
                                    return t.expired() + "";
                                  }))));
          EventLoop.current().callLater(ms(10), lock::release);
          assertThrows(
              TimeoutException.class, () -> co.await(Async.waitFor(lock.acquire(), ms(5))));
          co.await(sleep(20));
          assertTrue(waiter.done());
          assertEquals(waiter.exception() == null, lock.locked());
        });
  }

  @EngineTest
  @Conforms({"S-009"})
  void aLockThatWasWaitedForBelongsToThatLoop() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          taker("a");
          co.await(pause());
        });
    assertTrue(lock.locked());
    runAction(
        co -> {
          String message =
              assertThrows(IllegalStateException.class, () -> co.await(lock.acquire()))
                  .getMessage();
          assertTrue(message.contains("another loop"), message);
        });
  }

  @EngineTest
  @Conforms({"S-011"})
  void aLockShowsItsStateAndHowManyWait() throws Exception {
    runAction(
        co -> {
          assertEquals("lock (unlocked)", lock.toString());
          co.await(lock.acquire());
          assertEquals("lock (locked)", lock.toString());
          taker("a");
          taker("b");
          co.await(pause());
          assertEquals("lock (locked, 2 waiting)", lock.toString());
        });
  }

  @EngineTest
  @Conforms({"S-012"})
  void whoAcquiresTwiceWaitsForItself() throws Exception {
    runAction(
        co -> {
          co.await(lock.acquire());
          assertThrows(
              TimeoutException.class, () -> co.await(Async.waitFor(lock.acquire(), ms(10))));
          assertTrue(lock.locked());
          lock.release();
          assertFalse(lock.locked());
        });
  }
}
