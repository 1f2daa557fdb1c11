package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;

/** Semaphores: permits go to those who came first, and none is lost. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
class SemaphoreTest extends AsyncTest {
  /** Acquires, logs, and keeps the permit. */
  private Task<Void> taker(AsyncSemaphore semaphore, String name) {
    return Task.start(
        Async.action(
            co -> {
              co.await(semaphore.acquire());
              log.add(name);
            }));
  }

  @EngineTest
  @Conforms({"S-030"})
  void aFreePermitIsTakenWithoutGivingUpTheTurn() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore two = AsyncSemaphore.of(2);
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          co.await(two.acquire());
          co.await(two.acquire());
          assertEquals(List.of(), log);
          assertTrue(two.locked());
        });
  }

  @EngineTest
  @Conforms({"S-030", "S-031"})
  void eachReleaseGoesToTheOneThatHasWaitedLongest() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore none = AsyncSemaphore.of(0);
          taker(none, "a");
          taker(none, "b");
          taker(none, "c");
          co.await(pause());
          for (int released = 0; released < 3; released++) {
            assertEquals(released, log.size());
            none.release();
            co.await(pause());
            co.await(pause());
          }
          assertEquals(List.of("a", "b", "c"), log);
          assertTrue(none.locked());
        });
  }

  @EngineTest
  @Conforms({"S-031"})
  void morePermitsMayBeReleasedThanWereTaken() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore one = AsyncSemaphore.of(1);
          one.release();
          one.release();
          for (int i = 0; i < 3; i++) {
            assertFalse(one.locked());
            co.await(one.acquire());
          }
          assertTrue(one.locked());
        });
  }

  @EngineTest
  @Conforms({"S-032"})
  void itIsLockedWhileOneThatWasGivenAPermitHasNotRun() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore none = AsyncSemaphore.of(0);
          assertTrue(none.locked());
          taker(none, "a");
          co.await(pause());
          none.release();
          none.release();
          assertTrue(none.locked());
          co.await(pause());
          assertEquals(List.of("a"), log);
          assertFalse(none.locked());
        });
  }

  @EngineTest
  @Conforms({"S-033"})
  void aNewcomerDoesNotOvertakeEvenIfThereIsAPermit() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore none = AsyncSemaphore.of(0);
          taker(none, "a");
          co.await(pause());
          none.release();
          none.release();
          co.await(none.acquire());
          log.add("newcomer");
          assertEquals(List.of("a", "newcomer"), log);
          assertTrue(none.locked());
        });
  }

  @EngineTest
  @Conforms({"S-034"})
  void manyReleasesWakeAsManyInOrder() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore none = AsyncSemaphore.of(0);
          for (String name : List.of("a", "b", "c", "d")) {
            taker(none, name);
          }
          co.await(pause());
          none.release();
          none.release();
          none.release();
          co.await(pause());
          assertEquals(List.of("a", "b", "c"), log);
          co.await(sleep(1));
          assertEquals(3, log.size());
        });
  }

  @EngineTest
  @Conforms({"S-035"})
  void aCancelledWaiterIsPassedOver() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore none = AsyncSemaphore.of(0);
          Task<Void> a = taker(none, "a");
          taker(none, "b");
          co.await(pause());
          a.cancel();
          none.release();
          co.await(sleep(1));
          assertTrue(a.cancelled());
          assertEquals(List.of("b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-035"})
  void thePermitOfOneThatIsCancelledBeforeItRunsGoesToTheNext() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore none = AsyncSemaphore.of(0);
          Task<Void> a = taker(none, "a");
          taker(none, "b");
          co.await(pause());
          none.release();
          a.cancel();
          co.await(sleep(1));
          assertTrue(a.cancelled());
          assertEquals(List.of("b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-035"})
  void noPermitIsLostIfAllAreCancelledThatWereGivenOne() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore two = AsyncSemaphore.bounded(2);
          co.await(two.acquire());
          co.await(two.acquire());
          List<Task<Void>> takers = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            takers.add(taker(two, "t" + i));
          }
          co.await(pause());
          two.release();
          two.release();
          takers.forEach(Task::cancel);
          co.await(pause());
          co.await(pause());
          assertEquals("semaphore (free: 2)", two.toString());
          co.await(two.acquire());
          co.await(two.acquire());
          assertTrue(two.locked());
        });
  }

  @EngineTest
  @Conforms({"S-036"})
  void itMayBeginWithoutPermitsButNotWithFewer() {
    assertTrue(AsyncSemaphore.of(0).locked());
    assertTrue(AsyncSemaphore.bounded(0).locked());
    assertThrows(IllegalArgumentException.class, () -> AsyncSemaphore.of(-1));
    assertThrows(IllegalArgumentException.class, () -> AsyncSemaphore.bounded(-1));
  }

  @EngineTest
  @Conforms({"S-037"})
  void aBoundedOneRefusesAReleaseTooMany() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore one = AsyncSemaphore.bounded(1);
          assertThrows(IllegalStateException.class, one::release);
          co.await(one.acquire());
          one.release();
          assertThrows(IllegalStateException.class, one::release);
        });
  }

  @EngineTest
  @Conforms({"S-038"})
  void aPermitIsGivenBackOnEveryWayOut() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore one = AsyncSemaphore.bounded(1);
          try (Permit held = co.await(one.acquire())) {
            assertTrue(one.locked());
            held.close();
            assertFalse(one.locked());
          }
          assertFalse(one.locked());
          Task<Void> cancelled =
              Task.start(
                  Async.action(
                      in -> {
                        try (Permit held = in.await(one.acquire())) {
                          in.await(sleep(100));
                        }
                      }));
          co.await(pause());
          assertTrue(one.locked());
          cancelled.cancel();
          assertThrows(Cancelled.class, () -> co.await(cancelled));
          assertFalse(one.locked());
        });
  }

  @EngineTest
  @Conforms({"S-030"})
  void neverMoreTasksHavePermitsThanThereAre() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore three = AsyncSemaphore.bounded(3);
          int[] inside = new int[2];
          List<Task<Void>> tasks = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            int millis = i % 5;
            tasks.add(
                Task.start(
                    Async.action(
                        in -> {
                          try (Permit held = in.await(three.acquire())) {
                            inside[0]++;
                            inside[1] = Math.max(inside[1], inside[0]);
                            in.await(sleep(millis));
                            inside[0]--;
                          }
                        })));
          }
          for (Task<Void> task : tasks) {
            co.await(task);
          }
          assertEquals(3, inside[1]);
          assertEquals("semaphore (free: 3)", three.toString());
        });
  }
}
