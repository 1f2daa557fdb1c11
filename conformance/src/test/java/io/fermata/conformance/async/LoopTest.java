package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** The loop itself: rounds, timers, running, closing. */
class LoopTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-156"})
  void aLoopRunsWhatItIsGivenToItsEnd() throws Exception {
    try (EventLoop loop = VirtualTime.open()) {
      assertEquals("x", loop.runUntilComplete(step("x", 5)));
      IOException failure = new IOException();
      assertSame(
          failure,
          assertThrows(IOException.class, () -> loop.runUntilComplete(failing(failure, 1))));
      Promise<Integer> p = Promise.open(loop);
      loop.callLater(ms(5), () -> p.setResult(1));
      assertEquals(1, loop.runUntilComplete(p));
      try (EventLoop other = VirtualTime.open()) {
        assertThrows(IllegalArgumentException.class, () -> other.runUntilComplete(p));
      }
    }
  }

  @EngineTest
  @Conforms({"T-157", "T-158"})
  void stoppingLetsTheRoundFinish() throws Exception {
    try (EventLoop loop = VirtualTime.open()) {
      loop.callSoon(
          () -> {
            log.add(1);
            loop.stop();
            loop.callSoon(() -> log.add(3));
          });
      loop.callSoon(() -> log.add(2));
      loop.runForever();
      assertEquals(List.of(1, 2), log);
      loop.stop();
      loop.runForever();
      assertEquals(List.of(1, 2, 3), log);
    }
  }

  @EngineTest
  @Conforms({"T-159"})
  void aRunThatIsStoppedEarlyIsAnIllegalStateAndCanGoOn() throws Exception {
    try (EventLoop loop = VirtualTime.open()) {
      Task<String> task = loop.start(step("x", 10));
      loop.callLater(ms(5), loop::stop);
      assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(task));
      assertEquals("x", loop.runUntilComplete(task));
    }
  }

  @EngineTest
  @Conforms({"T-160", "T-180"})
  void noLoopRunsInALoop() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          assertTrue(loop.isRunning());
          Async<String> spent = step("x", 0);
          assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(spent));
          assertThrows(IllegalStateException.class, () -> co.await(spent));
          assertThrows(IllegalStateException.class, () -> EventLoop.run(step("y", 0)));
          assertThrows(IllegalStateException.class, loop::runForever);
          assertThrows(IllegalStateException.class, loop::close);
        });
  }

  @EngineTest
  @Conforms({"T-161", "T-182"})
  void aClosedLoopRefusesEverything() throws Exception {
    EventLoop loop = VirtualTime.open();
    loop.callSoon(() -> log.add("dropped"));
    loop.close();
    loop.close();
    assertThrows(IllegalStateException.class, () -> loop.callSoon(() -> {}));
    assertThrows(IllegalStateException.class, () -> loop.callLater(ms(1), () -> {}));
    assertThrows(IllegalStateException.class, () -> loop.callSoonThreadSafe(() -> {}));
    assertThrows(IllegalStateException.class, () -> loop.start(step("x", 0)));
    assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(step("x", 0)));
    assertEquals(List.of(), log);
  }

  @EngineTest
  @Conforms({"T-162", "T-036", "T-164"})
  void anErrorOfTheMachineEndsTheRunAndTheRestStaysReady() throws Exception {
    InternalError failure = new InternalError("not a real one");
    try (EventLoop loop = VirtualTime.open()) {
      Task<String> bad = loop.start(failing(failure, 5));
      Task<String> good = loop.start(step("good", 5));
      assertSame(failure, assertThrows(InternalError.class, () -> loop.runUntilComplete(good)));
      assertSame(failure, bad.exception());
      assertEquals(List.of(), log);
      assertEquals("good", loop.runUntilComplete(good));
    }
  }

  @EngineTest
  @Conforms({"T-172"})
  void theClockNeverGoesBack() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          Duration before = loop.time();
          co.await(sleep(3));
          assertEquals(ms(3), loop.time().minus(before));
        });
  }

  @EngineTest
  @Conforms({"T-178", "T-179"})
  void whatIsLeftIsCancelledAndWaitedForAndItsFailuresAreReported() throws Exception {
    IllegalStateException failure = new IllegalStateException();
    String result =
        run(
            Async.of(
                co -> {
                  EventLoop.current()
                      .setExceptionHandler((loop, reported) -> log.add(reported.exception()));
                  Task.start(
                      Async.action(
                          in -> {
                            try {
                              in.await(sleep(1000));
                            } finally {
                              in.await(sleep(5));
                              log.add("cleaned");
                            }
                          }));
                  Task.start(
                      Async.action(
                          in -> {
                            try {
                              in.await(sleep(1000));
                            } catch (Cancelled c) {
                              throw failure;
                            }
                          }));
                  co.await(pause());
                  return "result";
                }));
    assertEquals("result", result);
    assertEquals(List.of("cleaned", failure), log);
  }

  @EngineTest
  @Conforms({"T-181"})
  void theMainsOfOneLoopShareAContext() throws Exception {
    ContextVar<String> v = ContextVar.of("v");
    try (EventLoop loop = VirtualTime.open()) {
      loop.runUntilComplete(Async.action(co -> v.set("kept")));
      assertEquals("kept", loop.runUntilComplete(Async.of(co -> v.get())));
    }
  }

  @EngineTest
  @Conforms({"T-184"})
  void anInterruptCancelsTheMain() throws Exception {
    InterruptedException e =
        assertThrows(
            InterruptedException.class,
            () ->
                run(
                    Async.action(
                        co -> {
                          EventLoop.current()
                              .callLater(ms(5), () -> Thread.currentThread().interrupt());
                          try {
                            co.await(sleep(1000));
                          } catch (Cancelled c) {
                            log.add(c.reason());
                            throw c;
                          }
                        })));
    assertInstanceOf(Cancelled.class, e.getCause());
    assertEquals(List.of("interrupted"), log);
  }

  @EngineTest
  @Conforms({"T-184"})
  void aMainThatSwallowsTheInterruptHasItsResult() throws Exception {
    assertEquals(
        "on",
        run(
            Async.of(
                co -> {
                  EventLoop.current().callLater(ms(5), () -> Thread.currentThread().interrupt());
                  try {
                    co.await(sleep(1000));
                  } catch (Cancelled c) {
                    co.await(sleep(1));
                  }
                  return "on";
                })));
  }

  @EngineTest
  @Conforms({"T-191"})
  void loopsOfSeveralThreadsAreIndependent() throws Exception {
    CompletableFuture<String> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return VirtualTime.run(step("other", 5));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    assertEquals("mine", run(Async.of(co -> co.await(other) + "")).replace("other", "mine"));
  }

  @EngineTest
  void aRemoteTaskThatComesTooLateFailsItsFuture() {
    EventLoop loop = VirtualTime.open();
    CompletableFuture<String> future = loop.startThreadSafe(step("x", 0));
    loop.close();

    assertTrue(future.isCompletedExceptionally());
    assertEquals(List.of(), log);
  }

  @EngineTest
  void aRemoteTaskThatComesWhileTheLoopWaitsForTheOthersToEndFailsItsFuture() {
    EventLoop loop = VirtualTime.open();
    loop.start(Async.shield(Promise.open(loop)));
    CompletableFuture<String> future = loop.startThreadSafe(step("x", 0));
    loop.close();

    assertTrue(future.isCompletedExceptionally());
    assertEquals(List.of(), log);
  }

  @EngineTest
  @Conforms({"T-173"})
  void aLoopWhoseThreadIsParkedIsWokenByAnother() throws Exception {
    Thread sleeper = Thread.currentThread();
    try (EventLoop loop = EventLoop.open()) {
      Thread other =
          new Thread(
              () -> {
                awaitParked(sleeper);
                loop.callSoonThreadSafe(loop::stop);
              });
      other.start();
      loop.runForever();
      other.join();
    }
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @EngineTest
  @Conforms({"T-190"})
  void closingALoopWaitsForTheCallsOnItsThreads() throws Exception {
    Thread closer = Thread.currentThread();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    EventLoop.run(
        Async.action(
            co -> {
              Task.start(
                  Async.toThread(
                      () -> {
                        begun.countDown();
                        awaitParked(closer);
                        ended.set(true);
                      }));
              co.await(pause());
              begun.await();
            }));
    assertTrue(ended.get());
  }

  @EngineTest
  @Conforms({"T-019"})
  void aFailureThatNobodyRetrievesIsReportedWhenTheLoopIsClosed() throws Exception {
    IOException failure = new IOException("unseen");
    try (EventLoop loop = VirtualTime.open()) {
      loop.setExceptionHandler((in, report) -> log.add(report.exception()));
      loop.runUntilComplete(
          Async.action(
              co -> {
                Task.start(failing(failure, 1));
                co.await(sleep(5));
                assertEquals(List.of(), log);
              }));
    }
    assertEquals(List.of(failure), log);
  }

  @EngineTest
  @Conforms({"T-019"})
  void whatWasRetrievedOrCancelledOrHasAValueIsNotReported() throws Exception {
    try (EventLoop loop = VirtualTime.open()) {
      loop.setExceptionHandler((in, report) -> log.add(report));
      loop.runUntilComplete(
          Async.action(
              co -> {
                Task<String> awaited = Task.start(failing(new IOException("awaited"), 1));
                Task<String> asked = Task.start(failing(new IOException("asked"), 1));
                Task<String> thrown = Task.start(failing(new IOException("thrown"), 1));
                Task<String> cancelled = Task.start(step("cancelled", 100));
                Task.start(step("value", 1));
                assertThrows(IOException.class, () -> co.await(awaited));
                cancelled.cancel();
                co.await(sleep(5));
                asked.exception();
                assertThrows(IOException.class, thrown::result);
              }));
    }
    assertEquals(List.of("value"), log);
  }

  @EngineTest
  @Conforms({"T-019"})
  void aFailureIsReportedOnceItsTaskIsDropped() throws Exception {
    try (EventLoop loop = EventLoop.open()) {
      loop.setExceptionHandler((in, report) -> log.add(report.exception().getMessage()));
      loop.runUntilComplete(
          Async.action(
              co -> {
                Task.start(failing(new IOException("first"), 1));
                co.await(sleep(5));
                long start = System.nanoTime();
                while (log.isEmpty() && System.nanoTime() - start < 20_000_000_000L) {
                  System.gc();
                  Task<String> next = Task.start(failing(new IOException("next"), 1));
                  assertThrows(IOException.class, () -> co.await(next));
                }
                assertEquals(List.of("first"), log);
              }));
    }
    assertEquals(List.of("first"), log);
  }
}
