package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncCondition;
import io.fermata.async.AsyncLock;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The condition: the lock is held again, whatever happens to a wait, and no signal is lost. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
class ConditionTest extends AsyncTest {
  private final AsyncCondition condition = AsyncCondition.open(AsyncLock.open());

  /** Waits for a signal, and logs with the lock held. */
  private Task<Void> waiter(String name) {
    return Task.start(
        Async.action(
            co -> {
              try (Permit held = co.await(condition.acquire())) {
                co.await(condition.signalled());
                log.add(name);
              }
            }));
  }

  /** Logs how a wait ends, and whether the lock is held then. */
  private Task<Void> watched(String name) {
    return Task.start(
        Async.action(
            co -> {
              try (Permit held = co.await(condition.acquire())) {
                co.await(condition.signalled());
                log.add(name);
              } catch (Cancelled c) {
                log.add(name + ": " + c.reason());
                throw c;
              }
            }));
  }

  private Async<Void> signal(int count) {
    return Async.action(
        co -> {
          try (Permit held = co.await(condition.acquire())) {
            condition.signal(count);
          }
        });
  }

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
