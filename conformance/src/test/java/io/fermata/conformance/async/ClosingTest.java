package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.thread.Eventually;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;

/** A loop that is closed says what it waits for. */
class ClosingTest extends AsyncTest {
  /** A task that goes on for so long although it is cancelled. */
  private static Async<Void> stubborn(int millis) {
    return Async.action(
        co -> {
          try {
            co.await(sleep(100_000));
          } catch (Cancelled swallowed) {
            co.await(sleep(millis));
          }
        });
  }

  private List<String> reportsOfAnEndWith(Async<Void> main) throws Exception {
    try (Reports reports = new Reports("io.fermata.async")) {
      run(main);
      return reports.all();
    }
  }

  @EngineTest
  void tasksThatDoNotEndAreNamed() throws Exception {
    List<String> reports =
        reportsOfAnEndWith(
            Async.action(
                co -> {
                  Task.named("quick").start(stubborn(1999));
                  Task.named("slow").start(stubborn(2001));
                  Task.named("slower").start(stubborn(9000));
                  co.await(sleep(1));
                }));
    assertEquals(1, reports.size(), reports::toString);
    String report = reports.get(0);
    assertTrue(report.startsWith("the loop is being closed, and waits for 2 tasks"), report);
    assertTrue(report.contains("slow ") && report.contains("slower "), report);
    assertTrue(report.contains("ClosingTest.java:"), report);
    assertTrue(!report.contains("quick"), report);
  }

  @EngineTest
  void manyTasksAreNotAllNamed() throws Exception {
    List<String> reports =
        reportsOfAnEndWith(
            Async.action(
                co -> {
                  for (int i = 0; i < 1000; i++) {
                    Task.start(stubborn(3000));
                  }
                  co.await(sleep(1));
                }));
    assertEquals(1, reports.size());
    assertTrue(reports.get(0).endsWith("and 990 more"), reports.get(0));
  }

  @EngineTest
  void aGeneratorThatDoesNotCloseIsNamed() throws Exception {
    List<String> reports =
        reportsOfAnEndWith(
            Async.action(
                co -> {
                  AsyncGenerator<Integer> generator =
                      AsyncGenerator.of(
                          in -> {
                            try {
                              in.yield(1);
                            } finally {
                              in.await(sleep(5000));
                            }
                          });
                  co.await(generator.advance());
                  log.add(generator);
                }));
    assertEquals(1, reports.size(), reports::toString);
    assertTrue(reports.get(0).contains("generators are closed there"), reports.get(0));
    assertTrue(reports.get(0).contains("ClosingTest.java:"), reports.get(0));
  }

  /** Real loops report it when it is collected; then the next failure brings the report. */
  @EngineTest
  void onAVirtualClockACollectionDoesNotBringAReport() throws Exception {
    run(
        Async.action(
            co -> {
              EventLoop loop = EventLoop.current();
              loop.setExceptionHandler(
                  (of, failure) -> log.add(failure.message() + " at " + loop.time()));
              Task.named("one").start(failing(new IOException("one"), 1));
              co.await(sleep(5));
              WeakReference<Object> collected = new WeakReference<>(new Object());
              Eventually.collected(() -> collected.refersTo(null), () -> "nothing is collected");
              Task.named("two").start(failing(new IOException("two"), 1));
              co.await(sleep(5));
            }));
    assertEquals(
        List.of(
            "a failure was never retrieved: task one failed at PT0.01S",
            "a failure was never retrieved: task two failed at PT0.01S"),
        log);
  }

  @EngineTest
  void aLoopThatClosesInTimeSaysNothing() throws Exception {
    assertEquals(
        List.of(),
        reportsOfAnEndWith(
            Async.action(
                co -> {
                  Task.start(stubborn(1000));
                  co.await(sleep(1));
                })));
  }
}
