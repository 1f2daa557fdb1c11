package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncRateLimiter;
import io.fermata.async.AsyncReadWriteLock;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.Cancelled;
import io.fermata.async.Case;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.List;
import java.util.function.Supplier;

/** What is asked for in an amount, as a case of a select. */
class SelectAdmissionTest extends AsyncTest {
  /** Something scarce: how to wait for it, to have it all, and to let it go. */
  private record Scarce(
      String name, Supplier<Async<?>> asking, Supplier<Async<?>> all, Runnable free) {}

  private static List<Scarce> kinds() {
    AsyncSemaphore semaphore = AsyncSemaphore.of(2);
    AsyncLock lock = AsyncLock.open();
    AsyncReadWriteLock readers = AsyncReadWriteLock.open();
    AsyncReadWriteLock writers = AsyncReadWriteLock.open();
    Permit[] held = new Permit[2];
    return List.of(
        new Scarce(
            "two permits",
            () -> semaphore.acquire(2),
            () -> semaphore.acquire(2),
            () -> semaphore.release(2)),
        new Scarce("lock", lock::acquire, lock::acquire, lock::release),
        new Scarce(
            "read", readers::read, () -> keeping(readers.write(), held, 0), () -> held[0].close()),
        new Scarce(
            "write",
            writers::write,
            () -> keeping(writers.write(), held, 1),
            () -> held[1].close()));
  }

  private static Async<Void> keeping(Async<Permit> acquiring, Permit[] held, int at) {
    return Async.action(co -> held[at] = co.await(acquiring));
  }

  private static Async<String> selecting(Scarce scarce, AsyncEvent stop) {
    return Async.select(
        Case.of(scarce.asking.get(), (in, got) -> "got"),
        Case.of(stop.whenSet(), (in, v) -> "stopped"));
  }

  @EngineTest
  @Conforms("F-001")
  void anAmountIsTakenByTheCaseThatIsChosen() throws Exception {
    runAction(
        co -> {
          for (Scarce scarce : kinds()) {
            AsyncEvent stop = AsyncEvent.open();
            co.await(scarce.all.get());
            Task<String> selecting = Task.start(selecting(scarce, stop));
            co.await(sleep(1));
            scarce.free.run();
            assertEquals("got", co.await(selecting), scarce.name);
          }
        });
  }

  @EngineTest
  @Conforms("F-001")
  void aCaseThatLosesTakesNothingAndHoldsNobodyUp() throws Exception {
    runAction(
        co -> {
          for (Scarce scarce : kinds()) {
            AsyncEvent stop = AsyncEvent.open();
            co.await(scarce.all.get());
            Task<String> selecting = Task.start(selecting(scarce, stop));
            co.await(sleep(1));
            Task<?> behind = Task.start(scarce.asking.get());
            co.await(sleep(1));
            stop.set();
            assertEquals("stopped", co.await(selecting), scarce.name);
            scarce.free.run();
            co.await(Async.waitFor(behind, ms(5)));
          }
        });
  }

  @EngineTest
  @Conforms("F-005")
  void whatACancelledSelectWasGrantedGoesToTheNext() throws Exception {
    runAction(
        co -> {
          for (int rounds = 0; rounds < 4; rounds++) {
            for (Scarce scarce : kinds()) {
              AsyncEvent stop = AsyncEvent.open();
              co.await(scarce.all.get());
              Task<String> selecting = Task.start(selecting(scarce, stop));
              co.await(sleep(1));
              Task<?> behind = Task.start(scarce.asking.get());
              co.await(sleep(1));
              scarce.free.run();
              for (int i = 0; i < rounds; i++) {
                co.await(pause());
              }
              if (selecting.cancel("enough")) {
                assertThrows(Cancelled.class, () -> co.await(selecting), scarce.name);
                co.await(Async.waitFor(behind, ms(5)));
              } else {
                behind.cancel();
              }
            }
          }
        });
  }

  @EngineTest
  @Conforms("F-001")
  void aRateLimiterIsACaseToo() throws Exception {
    runAction(
        co -> {
          AsyncRateLimiter limiter = AsyncRateLimiter.of(2, ms(20));
          for (long due : new long[] {0, 0, 10, 20, 30}) {
            assertEquals(
                "token",
                co.await(
                    Async.select(
                        Case.of(limiter.acquire(), (in, v) -> "token"),
                        Case.of(Async.sleep(ms(15)), (in, v) -> "idle"))));
            assertEquals(due, now());
          }
          assertEquals(
              "idle",
              co.await(
                  Async.select(
                      Case.of(limiter.acquire(2), (in, v) -> "token"),
                      Case.of(Async.sleep(ms(15)), (in, v) -> "idle"))));
          co.await(sleep(5));
          assertTrue(limiter.tryAcquire(2));
          assertEquals(1, EventLoop.current().tasks().size());
        });
  }
}
