package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncLock;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Steps that hold a loop for too long, and tasks that wait for each other, are reported. */
class WatchdogTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-174"})
  void aStepThatHoldsTheLoopIsReportedWhileItDoes() throws Exception {
    try (Reports reports = new Reports("io.fermata.async.stuck")) {
      EventLoop.run(
          Async.action(
              co -> {
                EventLoop.current().setStepLimit(ms(20));
                Task.current().setName("busy");
                blockUntilReported(reports);
              }));

      String report = reports.all().get(0);
      assertTrue(report.startsWith("task busy holds the event loop for "), report);
      assertTrue(report.contains("WatchdogTest.blockUntilReported(WatchdogTest.java:"), report);
      assertTrue(report.contains("Async.toThread()"), report);
    }
  }

  private static void blockUntilReported(Reports reports) {
    reports.await("holds the event loop");
  }

  @EngineTest
  void aCallbackThatHoldsTheLoopIsReportedToo() throws Exception {
    try (Reports reports = new Reports("io.fermata.async.stuck")) {
      EventLoop.run(
          Async.action(
              co -> {
                EventLoop.current().setStepLimit(ms(20));
                String report = "a callback holds the event loop for ";
                EventLoop.current().callSoon(() -> log.add(reports.await(report)));
                co.await(pause());
              }));

      assertEquals(1, log.size());
    }
  }

  @EngineTest
  void aStepThatGoesOnIsReportedAgainAndThenItsEnd() throws Exception {
    try (Reports reports = new Reports("io.fermata.async.stuck")) {
      EventLoop.run(
          Async.action(
              co -> {
                EventLoop.current().setStepLimit(ms(20));
                while (reports.all().size() < 2) {
                  Thread.onSpinWait();
                }
                while (reports.all().size() < 3) {
                  co.await(sleep(1));
                }
              }));

      assertTrue(reports.all().get(2).startsWith("the event loop goes on; it was held for "));
    }
  }

  @EngineTest
  void withoutALimitNothingIsReported() throws Exception {
    try (Reports reports = new Reports("io.fermata.async.stuck")) {
      EventLoop watched = EventLoop.open();
      watched.setStepLimit(null);
      watched.runUntilComplete(
          Async.action(
              co -> {
                // a second loop on another thread is reported: so there was the time for it
                Thread other =
                    new Thread(
                        () -> {
                          try {
                            EventLoop.run(
                                Async.action(
                                    in -> {
                                      Task.current().setName("other");
                                      EventLoop.current().setStepLimit(ms(20));
                                      reports.await("task other");
                                    }));
                          } catch (Exception failure) {
                            throw new AssertionError(failure);
                          }
                        });
                other.start();
                other.join();
              }));
      watched.close();

      assertTrue(
          reports.all().stream().noneMatch(each -> each.contains("Task-1")), reports.shown());
    }
  }

  @EngineTest
  void stepsThatAreShortButManyAreNotReported() throws Exception {
    try (Reports reports = new Reports("io.fermata.async.stuck")) {
      EventLoop.run(
          Async.action(
              co -> {
                EventLoop.current().setStepLimit(Duration.ofMillis(1000));
                long start = System.nanoTime();
                while (System.nanoTime() - start < 1_500_000_000) {
                  co.await(pause());
                }
              }));

      assertEquals(List.of(), reports.all());
    }
  }

  @EngineTest
  void aDeadlockIsReportedWhenTheLoopSleeps() throws Exception {
    try (Reports reports = new Reports("io.fermata.async.deadlock")) {
      EventLoop loop = EventLoop.open();
      AsyncLock a = AsyncLock.open();
      AsyncLock b = AsyncLock.open();
      loop.setStepLimit(ms(20));
      Task<Void> left = loop.named("left").start(taking(a, b));
      Task<Void> right = loop.named("right").start(taking(b, a));
      Thread helper =
          new Thread(
              () -> {
                reports.await("DEADLOCK");
                loop.callSoonThreadSafe(left::cancel);
              });
      helper.start();

      loop.runUntilComplete(right);

      helper.join();
      loop.close();
      String report = reports.all().get(0);
      assertTrue(report.contains("left waits for acquire() of lock"), report);
      assertTrue(report.contains("right waits for acquire() of lock"), report);
      assertEquals(1, reports.all().size(), reports.shown());
    }
  }

  @EngineTest
  @Conforms({"T-019"})
  void aFailureThatNobodyLookedAtIsReportedWhileTheLoopRuns() throws Exception {
    IOException lost = new IOException("lost");
    List<LoopFailure> failures = new ArrayList<>();
    EventLoop.run(
        Async.action(
            co -> {
              EventLoop.current().setExceptionHandler((loop, failure) -> failures.add(failure));
              Task.named("careless").start(failing(lost, 1));
              long start = System.nanoTime();
              while (failures.isEmpty() && System.nanoTime() - start < 60_000_000_000L) {
                co.await(sleep(20));
                System.gc();
              }
              assertEquals(1, failures.size());
            }));
    assertSame(lost, failures.get(0).exception());
    assertTrue(failures.get(0).message().contains("task careless"), failures.toString());
  }

  private static Async<Void> taking(AsyncLock first, AsyncLock second) {
    return Async.action(
        co -> {
          try (Permit one = co.await(first.acquire())) {
            co.await(sleep(1));
            try (Permit two = co.await(second.acquire())) {
              assertTrue(one != two);
            }
          }
        });
  }
}
