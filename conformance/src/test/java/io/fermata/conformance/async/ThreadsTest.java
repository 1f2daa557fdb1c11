package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncThreads;
import io.fermata.async.Cancelled;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for blocking calls with a limit of their own. */
class ThreadsTest extends AsyncTest {
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(20, TimeUnit.SECONDS));
  }

  /** A call that meets another one, if as many may run. */
  private int meeting(CountDownLatch latch, int result) throws Exception {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    latch.countDown();
    await(latch);
    running.decrementAndGet();
    return result;
  }

  @EngineTest
  @Conforms("F-150")
  void asManyCallsRunAsTheLimitSays() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              try (AsyncThreads two = AsyncThreads.of(2)) {
                co.await(
                    TaskGroup.action(
                        (in, tg) -> {
                          CountDownLatch both = new CountDownLatch(2);
                          for (int i = 0; i < 8; i++) {
                            int result = i;
                            tg.start(two.call(() -> meeting(both, result)));
                          }
                        }));
                assertEquals(2, most.get());
                assertThrows(
                    IOException.class, () -> co.await(two.call(() -> fail(new IOException("x")))));
              }
            }));
    assertThrows(IllegalArgumentException.class, () -> AsyncThreads.of(0));
  }

  @EngineTest
  @Conforms("F-150")
  void aCallHasTheContextOfItsTask() throws Exception {
    ContextVar<String> name = ContextVar.of("name", "none");
    EventLoop.run(
        Async.action(
            co -> {
              name.set("task");
              try (AsyncThreads one = AsyncThreads.of(1)) {
                assertEquals("task", co.await(one.call(() -> name.get())));
              }
            }));
  }

  @EngineTest
  @Conforms("F-151")
  void aCancelledCallThatHasNotBegunIsNeverMade() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean made = new AtomicBoolean();
    EventLoop.run(
        Async.action(
            co -> {
              try (AsyncThreads one = AsyncThreads.of(1)) {
                Task<Void> first = Task.start(one.call(() -> await(release)));
                Task<Void> second = Task.start(one.call(() -> made.set(true)));
                co.await(pause());
                second.cancel("not begun");
                assertThrows(Cancelled.class, () -> co.await(second));
                release.countDown();
                co.await(first);
                co.await(one.call(() -> {}));
                assertFalse(made.get());
              }
            }));
  }

  @EngineTest
  @Conforms("F-152")
  void whenTheyAreClosedNoMoreBegin() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean made = new AtomicBoolean();
    EventLoop.run(
        Async.action(
            co -> {
              AsyncThreads one = AsyncThreads.of(1);
              Task<String> first =
                  Task.start(
                      one.call(
                          () -> {
                            begun.countDown();
                            await(release);
                            return "under way";
                          }));
              Task<Void> second = Task.start(one.call(() -> made.set(true)));
              co.await(Async.toThread(() -> await(begun)));
              one.close();
              one.close();
              assertThrows(IllegalStateException.class, () -> co.await(second));
              assertThrows(
                  IllegalStateException.class, () -> co.await(one.call(() -> made.set(true))));
              release.countDown();
              assertEquals("under way", co.await(first));
              assertFalse(made.get());
            }));
  }

  @EngineTest
  @Conforms("F-153")
  void theyEndWithTheLoop() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    try (AsyncThreads one = AsyncThreads.of(1)) {
      EventLoop.run(
          Async.action(
              co -> {
                Task.start(
                    one.call(
                        () -> {
                          begun.countDown();
                          Thread.sleep(20); // the end of the loop waits for it
                          ended.set(true);
                        }));
                co.await(Async.toThread(() -> await(begun)));
              }));
      assertTrue(ended.get());
      assertThrows(IllegalStateException.class, () -> EventLoop.run(one.call(() -> 1)));
    }
  }
}
