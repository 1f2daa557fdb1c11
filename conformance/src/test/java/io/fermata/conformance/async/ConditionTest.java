package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncCondition;
import io.fermata.async.AsyncLock;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.List;

/** The condition: the lock is held again, whatever happens to a wait, and no signal is lost. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
class ConditionTest extends ConditionScene {
  @EngineTest
  @Conforms({"S-018"})
  void withoutTheLockThereIsNoWaitAndNoSignal() throws Exception {
    runAction(
        co -> {
          assertThrows(IllegalStateException.class, () -> co.await(condition.signalled()));
          assertThrows(IllegalStateException.class, () -> co.await(condition.until(() -> false)));
          assertThrows(IllegalStateException.class, condition::signal);
          assertThrows(IllegalStateException.class, () -> condition.signal(2));
          assertThrows(IllegalStateException.class, condition::signalAll);
        });
  }

  @EngineTest
  @Conforms({"S-019"})
  void aWaitReleasesTheLockAndHoldsItAgainAfterTheSignal() throws Exception {
    runAction(
        co -> {
          Task<Void> waiter = waiter("a");
          co.await(pause());
          assertFalse(condition.locked());
          co.await(condition.acquire());
          condition.signal();
          co.await(sleep(5));
          assertEquals(List.of(), log);
          condition.release();
          co.await(waiter);
          assertEquals(List.of("a"), log);
          assertFalse(condition.locked());
        });
  }

  @EngineTest
  @Conforms({"S-020"})
  void aSignalWakesThoseThatHaveWaitedLongest() throws Exception {
    runAction(
        co -> {
          for (String name : List.of("a", "b", "c", "d", "e")) {
            waiter(name);
          }
          co.await(pause());
          co.await(signal(1));
          co.await(sleep(1));
          assertEquals(List.of("a"), log);
          co.await(signal(2));
          co.await(sleep(1));
          assertEquals(List.of("a", "b", "c"), log);
          co.await(signal(100));
          co.await(sleep(1));
          assertEquals(List.of("a", "b", "c", "d", "e"), log);
        });
  }

  @EngineTest
  @Conforms({"S-020"})
  void theWokenOnesGoOnOneAfterTheOther() throws Exception {
    runAction(
        co -> {
          for (String name : List.of("a", "b")) {
            Task.start(
                Async.action(
                    in -> {
                      try (Permit held = in.await(condition.acquire())) {
                        in.await(condition.signalled());
                        log.add(name + " in");
                        in.await(sleep(5));
                        log.add(name + " out");
                      }
                    }));
          }
          co.await(pause());
          co.await(signal(2));
          co.await(sleep(20));
          assertEquals(List.of("a in", "a out", "b in", "b out"), log);
        });
  }

  @EngineTest
  @Conforms({"S-021"})
  void aSignalIsLostIfNobodyWaits() throws Exception {
    runAction(
        co -> {
          co.await(signal(1));
          Task<Void> waiter = waiter("a");
          co.await(sleep(5));
          assertFalse(waiter.done());
        });
  }

  @EngineTest
  @Conforms({"S-022"})
  void signalAllWakesAll() throws Exception {
    runAction(
        co -> {
          waiter("a");
          waiter("b");
          waiter("c");
          co.await(pause());
          try (Permit held = co.await(condition.acquire())) {
            condition.signalAll();
          }
          co.await(sleep(1));
          assertEquals(List.of("a", "b", "c"), log);
        });
  }

  @EngineTest
  @Conforms({"S-023"})
  void untilWaitsAsLongAsItsTestIsFalse() throws Exception {
    runAction(
        co -> {
          int[] stock = new int[1];
          Task<Void> waiter =
              Task.start(
                  Async.action(
                      in -> {
                        try (Permit held = in.await(condition.acquire())) {
                          in.await(condition.until(() -> stock[0] == 3));
                          assertTrue(condition.locked());
                          log.add("three");
                        }
                      }));
          co.await(pause());
          for (int i = 0; i < 3; i++) {
            assertFalse(waiter.done());
            try (Permit held = co.await(condition.acquire())) {
              stock[0]++;
              condition.signal();
            }
            co.await(sleep(1));
          }
          assertTrue(waiter.done());
          assertEquals(List.of("three"), log);
        });
  }

  @EngineTest
  @Conforms({"S-023"})
  void untilPassesIfItsTestIsTrueEvenWithoutTheLock() throws Exception {
    runAction(
        co -> {
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          co.await(condition.until(() -> true));
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"S-023"})
  void aTestThatFailsEndsTheWaitWithTheLockHeld() throws Exception {
    runAction(
        co -> {
          ArithmeticException failure = new ArithmeticException();
          boolean[] fails = new boolean[1];
          Task<Void> waiter =
              Task.start(
                  Async.action(
                      in -> {
                        try (Permit held = in.await(condition.acquire())) {
                          in.await(
                              condition.until(
                                  () -> {
                                    if (fails[0]) {
                                      throw failure;
                                    }
                                    return false;
                                  }));
                        }
                      }));
          co.await(pause());
          fails[0] = true;
          co.await(signal(1));
          assertEquals(failure, assertThrows(ArithmeticException.class, () -> co.await(waiter)));
          assertFalse(condition.locked());
        });
  }

  @EngineTest
  @Conforms({"S-027"})
  void conditionsCanShareALock() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          AsyncCondition one = AsyncCondition.open(lock);
          AsyncCondition other = AsyncCondition.open(one);
          Task<Void> waiter =
              Task.start(
                  Async.action(
                      in -> {
                        in.await(one.acquire());
                        in.await(one.signalled());
                        log.add("signalled");
                        one.release();
                      }));
          co.await(pause());
          co.await(lock.acquire());
          assertTrue(one.locked());
          assertTrue(other.locked());
          other.signalAll();
          co.await(pause());
          one.signal();
          other.release();
          co.await(waiter);
          assertEquals(List.of("signalled"), log);
          assertFalse(lock.locked());
        });
  }

  @EngineTest
  @Conforms({"S-009"})
  void aConditionThatWasWaitedForBelongsToThatLoop() throws Exception {
    runAction(
        co -> {
          waiter("a");
          co.await(pause());
        });
    runAction(
        co -> {
          try (Permit held = co.await(condition.acquire())) {
            assertThrows(IllegalStateException.class, () -> co.await(condition.signalled()));
            assertTrue(condition.locked());
          }
        });
  }
}
