package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBody;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A run in which nothing can happen any more is reported, and no other one. */
class EndlessRunTest extends AsyncTest {
  private static final String REPORT = "the run can never end";

  /** A run on a thread of its own, which an interrupt ends. */
  private static final class Run implements AutoCloseable {
    private final AtomicReference<EventLoop> loop = new AtomicReference<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Thread thread;
    final String name;

    Run(String name, Consumer<EventLoop> before, AsyncBody<?> body) throws Exception {
      this.name = name;
      thread =
          new Thread(
              () -> {
                try (EventLoop opened = EventLoop.open()) {
                  loop.set(opened);
                  opened.setStepLimit(ms(20));
                  before.accept(opened);
                  opened.callSoon(() -> afterRounds(opened, 10));
                  opened.runUntilComplete(opened.named(name).start(Async.of(body)));
                } catch (InterruptedException ended) {
                  // as it should
                } catch (Exception failure) {
                  throw new AssertionError(failure);
                }
              });
      thread.start();
      begun.await();
    }

    /** When the body waits. */
    private void afterRounds(EventLoop opened, int rounds) {
      if (rounds == 0) {
        begun.countDown();
      } else {
        opened.callSoon(() -> afterRounds(opened, rounds - 1));
      }
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final AsyncBody<?> WAITING =
      co -> {
        AsyncQueue<Integer> queue = AsyncQueue.fifo();
        return co.await(queue.get());
      };

  /** The reports of a run until a later run was reported. */
  private static List<String> reportsOf(Consumer<EventLoop> before, AsyncBody<?> body)
      throws Exception {
    try (Reports reports = new Reports("io.fermata.async.deadlock");
        Run looked = new Run("looked at", before, body);
        Run later = new Run("later", loop -> {}, WAITING)) {
      reports.await(later.name);
      looked.loop.get().dump(); // a search of that loop was posted before, if at all
      List<String> found = new ArrayList<>(reports.all());
      found.removeIf(each -> !each.contains(looked.name));
      return found;
    }
  }

  /** The report of a run, after which another run was reported, and this one not again. */
  private static String reportOf(AsyncBody<?> body) throws Exception {
    try (Reports reports = new Reports("io.fermata.async.deadlock");
        Run looked = new Run("looked at", loop -> {}, body)) {
      String report = reports.await(looked.name);
      try (Run later = new Run("later", loop -> {}, WAITING)) {
        reports.await(later.name);
      }
      assertEquals(2, reports.all().size(), reports.shown());
      return report;
    }
  }

  @EngineTest
  void aWaitThatNobodyCanEndIsReportedOnce() throws Exception {
    String report = reportOf(WAITING);
    assertTrue(report.startsWith(REPORT), report);
    assertTrue(report.contains("get() of fifo queue"), report);
    assertTrue(report.contains("EndlessRunTest.java:"), report);
  }

  @EngineTest
  void aWaitForATaskThatWaitsForEverIsReported() throws Exception {
    String report = reportOf(co -> co.await(Async.gather(Task.start(Async.of(WAITING)))));
    assertTrue(report.startsWith(REPORT), report);
  }

  @EngineTest
  void aRunThatATimerMayWakeIsNotReported() throws Exception {
    assertEquals(List.of(), reportsOf(loop -> {}, co -> co.await(sleep(60_000))));
    assertEquals(List.of(), reportsOf(loop -> loop.callLater(ms(60_000), () -> {}), WAITING));
  }

  @EngineTest
  void aRunThatAnotherThreadMayWakeIsNotReported() throws Exception {
    assertEquals(List.of(), reportsOf(loop -> loop.callSoonThreadSafe(() -> {}), WAITING));
    assertEquals(List.of(), reportsOf(loop -> loop.startThreadSafe(sleep(0)), WAITING));
    assertEquals(
        List.of(),
        reportsOf(
            loop -> {},
            co -> {
              Promise<Integer> promise = Promise.open();
              promise.toCompletableFuture();
              return co.await(promise);
            }));
    assertEquals(List.of(), reportsOf(loop -> loop.addSignalHandler("WINCH", () -> {}), WAITING));
  }

  @EngineTest
  void aRunThatWaitsForACallIsNotReported() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    assertEquals(
        List.of(),
        reportsOf(
            loop -> {},
            co -> {
              Task.start(
                  Async.toThread(
                      () -> {
                        over.await();
                        return 1;
                      }));
              try {
                return WAITING.run(co);
              } finally {
                over.countDown();
              }
            }));
  }
}
