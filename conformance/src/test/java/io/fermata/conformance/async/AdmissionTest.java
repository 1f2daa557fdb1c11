package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncCondition;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncRateLimiter;
import io.fermata.async.AsyncReadWriteLock;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;

/** Several permits at once, rate limiters, read-write locks, and bodies that hold a permit. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
class AdmissionTest extends AsyncTest {
  private Task<Void> taking(String name, Async<?> acquire) {
    List<Object> to = log;
    return Task.start(
        Async.action(
            co -> {
              co.await(acquire);
              to.add(name);
            }));
  }

  // Semaphores

  @EngineTest
  @Conforms("F-100")
  void severalPermitsAreTakenTogether() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore three = AsyncSemaphore.bounded(3);
          Permit two = co.await(three.acquire(2));
          assertFalse(three.locked());
          taking("two", three.acquire(2));
          co.await(pause());
          assertEquals(List.of(), log);
          two.close();
          two.close();
          co.await(pause());
          assertEquals(List.of("two"), log);
          three.release(2);
          assertThrows(IllegalStateException.class, () -> three.release(1));
          co.await(three.acquire(3));
          assertThrows(IllegalStateException.class, () -> three.release(4));
          three.release(3);
        });
  }

  @EngineTest
  @Conforms("F-101")
  void oneWhoAsksForLessDoesNotOvertake() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore three = AsyncSemaphore.of(3);
          co.await(three.acquire(2));
          taking("three", three.acquire(3));
          taking("one", three.acquire(1));
          co.await(sleep(1));
          assertTrue(three.locked());
          assertEquals(List.of(), log);
          three.release(2);
          co.await(sleep(1));
          assertEquals(List.of("three"), log);
          three.release(3);
          co.await(sleep(1));
          assertEquals(List.of("three", "one"), log);
        });
  }

  @EngineTest
  @Conforms("F-102")
  void thoseBehindOneWhoLeavesMoveUp() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore three = AsyncSemaphore.of(3);
          co.await(three.acquire(2));
          Task<Void> big = taking("three", three.acquire(3));
          taking("one", three.acquire());
          co.await(pause());
          big.cancel("leaves");
          co.await(sleep(1));
          assertEquals(List.of("one"), log);
        });
  }

  @EngineTest
  @Conforms("F-102")
  void whatACancelledOneWasGrantedGoesOn() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore two = AsyncSemaphore.bounded(2);
          Permit all = co.await(two.acquire(2));
          Task<Void> first = taking("first", two.acquire(2));
          taking("second", two.acquire());
          taking("third", two.acquire());
          co.await(pause());
          all.close();
          first.cancel("woken, and cancelled before its step");
          co.await(sleep(1));
          assertEquals(List.of("second", "third"), log);
          assertTrue(first.cancelled());
        });
  }

  @EngineTest
  @Conforms("F-103")
  void impossibleAmountsAreRefusedAtOnce() throws Exception {
    AsyncSemaphore two = AsyncSemaphore.bounded(2);
    assertThrows(IllegalArgumentException.class, () -> two.acquire(3));
    assertThrows(IllegalArgumentException.class, () -> two.acquire(0));
    assertThrows(IllegalArgumentException.class, () -> two.release(-1));
    AsyncRateLimiter limiter = AsyncRateLimiter.of(5, ms(1000), 2);
    assertThrows(IllegalArgumentException.class, () -> limiter.acquire(3));
    assertThrows(IllegalArgumentException.class, () -> limiter.tryAcquire(3));
    assertThrows(IllegalArgumentException.class, () -> AsyncRateLimiter.of(0, ms(1)));
    assertThrows(IllegalArgumentException.class, () -> AsyncRateLimiter.of(1, ms(0)));
    runAction(
        co -> {
          AsyncSemaphore grows = AsyncSemaphore.of(0);
          Task<Void> five = taking("five", grows.acquire(5));
          co.await(pause());
          grows.release(5);
          co.await(five);
          grows.release(Integer.MAX_VALUE);
          assertThrows(IllegalStateException.class, () -> grows.release(1));
        });
  }

  // Rate limiters

  @EngineTest
  @Conforms("F-110")
  void aLimiterIsFullAtFirstAndFillsEvenly() throws Exception {
    runAction(
        co -> {
          co.await(sleep(7));
          AsyncRateLimiter limiter = AsyncRateLimiter.of(2, ms(10));
          for (int i = 0; i < 5; i++) {
            co.await(limiter.acquire());
            log.add(now() - 7);
          }
          assertEquals(List.of(0L, 0L, 5L, 10L, 15L), log);
          co.await(sleep(100)); // no more than the burst is kept
          assertTrue(limiter.tryAcquire(2));
          assertFalse(limiter.tryAcquire());
        });
  }

  @EngineTest
  @Conforms("F-110")
  void noRoundingAddsUp() throws Exception {
    runAction(
        co -> {
          AsyncRateLimiter limiter = AsyncRateLimiter.of(7, ms(1000), 1);
          long begin = now();
          for (int i = 0; i <= 70; i++) {
            co.await(limiter.acquire());
          }
          assertEquals(10_000, now() - begin);
          AsyncRateLimiter daily =
              AsyncRateLimiter.of(1_000_003, java.time.Duration.ofDays(100), 1_000_003);
          co.await(daily.acquire(1_000_003));
          begin = now();
          co.await(daily.acquire(1_000_003));
          assertEquals(java.time.Duration.ofDays(100).toMillis(), now() - begin);
        });
  }

  @EngineTest
  @Conforms("F-111")
  void aLimiterServesInOrder() throws Exception {
    runAction(
        co -> {
          AsyncRateLimiter limiter = AsyncRateLimiter.of(1, ms(10), 3);
          co.await(limiter.acquire(2));
          taking("three", limiter.acquire(3));
          taking("one", limiter.acquire());
          co.await(pause());
          assertFalse(limiter.tryAcquire());
          co.await(sleep(19));
          assertEquals(List.of(), log);
          co.await(sleep(2));
          assertEquals(List.of("three"), log);
          co.await(sleep(10));
          assertEquals(List.of("three", "one"), log);
        });
  }

  @EngineTest
  @Conforms("F-112")
  void behindOneWhoLeavesALimiterTheOthersMoveUp() throws Exception {
    runAction(
        co -> {
          AsyncRateLimiter limiter = AsyncRateLimiter.of(1, ms(10), 3);
          co.await(limiter.acquire(2));
          Task<Void> big = taking("three", limiter.acquire(3));
          taking("one", limiter.acquire());
          taking("next", limiter.acquire());
          co.await(pause());
          big.cancel("leaves");
          co.await(sleep(1));
          assertEquals(List.of("one"), log);
          co.await(sleep(10));
          assertEquals(List.of("one", "next"), log);
        });
  }

  @EngineTest
  @Conforms("F-113")
  void aLimiterBelongsToOneLoop() throws Exception {
    AsyncRateLimiter limiter = AsyncRateLimiter.of(1, ms(10));
    assertThrows(IllegalStateException.class, limiter::tryAcquire);
    runAction(co -> co.await(limiter.acquire()));
    runAction(co -> assertThrows(IllegalStateException.class, () -> co.await(limiter.acquire())));
  }

  // Read-write locks

  @EngineTest
  @Conforms({"F-115", "F-116"})
  void readersBehindAWaitingWriterWait() throws Exception {
    runAction(
        co -> {
          AsyncReadWriteLock lock = AsyncReadWriteLock.open();
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          Permit one = co.await(lock.read());
          Permit two = co.await(lock.read());
          assertEquals(List.of(), log);
          co.await(pause());
          log.clear();
          taking("write", lock.write());
          taking("read", lock.read());
          co.await(sleep(1));
          one.close();
          one.close();
          co.await(sleep(1));
          assertEquals(List.of(), log);
          two.close();
          co.await(sleep(1));
          assertEquals(List.of("write"), log);
        });
  }

  @EngineTest
  @Conforms("F-117")
  void readersBehindAWriterThatLeftGoOn() throws Exception {
    runAction(
        co -> {
          AsyncReadWriteLock lock = AsyncReadWriteLock.open();
          co.await(lock.read());
          Task<Void> writer = taking("write", lock.write());
          taking("a", lock.read());
          taking("b", lock.read());
          co.await(pause());
          writer.cancel("leaves");
          co.await(sleep(1));
          assertEquals(List.of("a", "b"), log);
        });
  }

  @EngineTest
  @Conforms("F-117")
  void aWriterCancelledAfterItsWakeUpHasNothing() throws Exception {
    runAction(
        co -> {
          AsyncReadWriteLock lock = AsyncReadWriteLock.open();
          Permit read = co.await(lock.read());
          Task<Void> writer = taking("write", lock.write());
          taking("read", lock.read());
          co.await(pause());
          read.close();
          writer.cancel("woken, and cancelled before its step");
          co.await(sleep(1));
          assertEquals(List.of("read"), log);
        });
  }

  // Holding

  private static void hold(AsyncLock lock) throws Exception {
    runAction(
        co -> {
          assertEquals(
              "1",
              co.await(
                  lock.holding(
                      in -> {
                        in.await(pause());
                        assertTrue(lock.locked());
                        return "1";
                      })));
          assertFalse(lock.locked());
          assertThrows(
              IOException.class,
              () -> co.await(lock.holdingAction(in -> fail(new IOException("body")))));
          assertFalse(lock.locked());
          co.await(lock.holdingAction(MethodHandles.lookup(), in -> in.await(pause())));
          assertEquals("2", co.await(lock.holding(MethodHandles.lookup(), in -> "2")));
        });
  }

  @EngineTest
  @Conforms("F-105")
  void aBodyHoldsALock() throws Exception {
    hold(AsyncLock.open());
    hold(AsyncCondition.open());
  }

  @EngineTest
  @Conforms("F-105")
  void aBodyHoldsAPermit() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore one = AsyncSemaphore.bounded(1);
          Task<Void> holder = Task.start(one.holdingAction(in -> in.await(sleep(1000))));
          co.await(pause());
          assertTrue(one.locked());
          holder.cancel("in the body");
          assertThrows(Cancelled.class, () -> co.await(holder));
          assertFalse(one.locked());
          assertEquals("x", co.await(one.holding(in -> "x")));
          assertEquals("y", co.await(one.holding(MethodHandles.lookup(), in -> "y")));
          co.await(one.holdingAction(MethodHandles.lookup(), in -> in.await(pause())));
          assertFalse(one.locked());
        });
  }

  @EngineTest
  @Conforms("F-106")
  void cancelledWhileItWaitsTheBodyNeverRuns() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore none = AsyncSemaphore.of(0);
          Task<Void> waiting = Task.start(none.holdingAction(in -> log.add("ran")));
          Task<Void> woken = Task.start(none.holdingAction(in -> log.add("ran")));
          co.await(pause());
          waiting.cancel("waits");
          none.release();
          woken.cancel("woken");
          assertThrows(Cancelled.class, () -> co.await(waiting));
          assertThrows(Cancelled.class, () -> co.await(woken));
          assertEquals(List.of(), log);
          assertFalse(none.locked());
        });
  }
}
