package io.fermata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBody;
import io.fermata.async.AsyncEvent;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.io.AsyncFiles;
import io.fermata.io.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls on other threads, under virtual time. */
class CallsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Ends when it likes, in real time. */
  private static <T> Async<T> late(T result) {
    return Async.toThread(
        () -> {
          Thread.sleep(5);
          return result;
        });
  }

  /** Ends when the gate opens. */
  private static Async<Void> blocked(CountDownLatch gate) {
    return Async.toThread(
        () -> {
          gate.await();
        });
  }

  private static <T> T on(TestLoop opened, AsyncBody<T> body) throws Exception {
    try (TestLoop loop = opened) {
      return loop.run(Async.of(body));
    }
  }

  @Test
  void aLimitDoesNotEndACall() throws Exception {
    assertEquals("x", on(TestLoop.virtual(), co -> co.await(Async.waitFor(late("x"), SECOND))));
    assertEquals("x", on(TestLoop.seeded(1), co -> co.await(Async.waitFor(late("x"), SECOND))));
  }

  @Test
  void aCallTakesNoVirtualTime() throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      loop.start(Async.sleep(SECOND));
      loop.run(late("x"));
      assertEquals(Duration.ZERO, loop.time());
    }
  }

  @Test
  void aCallOfAnExecutorHoldsTimeToo() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Async<String> call =
          Async.runInExecutor(
              executor,
              () -> {
                Thread.sleep(5);
                return "x";
              });
      assertEquals("x", on(TestLoop.virtual(), co -> co.await(Async.waitFor(call, SECOND))));
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void filesAndProcessesHoldTime(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("file");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String read =
        on(
            TestLoop.virtual(),
            co ->
                co.await(
                    Timeout.of(
                        SECOND,
                        (in, limit) -> {
                          in.await(AsyncFiles.writeString(file, "text"));
                          var process = in.await(Command.of(java, "-version").start());
                          in.await(Async.uncancellable(process.aclose()));
                          return in.await(AsyncFiles.readString(file));
                        })));
    assertEquals("text", read);
  }

  @Test
  void aRefusedCallHoldsNothing() throws Exception {
    Async<String> refused =
        Async.runInExecutor(
            job -> {
              throw new RejectedExecutionException("full");
            },
            () -> "x");
    Duration end =
        on(
            TestLoop.virtual(),
            co -> {
              assertThrows(RejectedExecutionException.class, () -> co.await(refused));
              co.await(Async.sleep(SECOND));
              return EventLoop.current().time();
            });
    assertEquals(SECOND, end);
  }

  @Test
  void aCallThatNobodyAwaitsHoldsNothing() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestLoop loop = TestLoop.virtual()) {
      Task<?> left = loop.start(blocked(gate));
      loop.settle();
      left.cancel();
      loop.run(Async.sleep(SECOND));
      assertEquals(SECOND, loop.time());
      assertTrue(left.cancelled());
      gate.countDown();
    }
  }

  @Test
  void aLimitEndsACallIfToldTo() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestLoop loop = TestLoop.virtual().jumpingOverCalls()) {
      Async<?> call = Async.waitFor(blocked(gate), SECOND);
      assertThrows(TimeoutException.class, () -> loop.run(call));
      gate.countDown();
    }
  }

  @Test
  void callsUnderWayAreToldToo() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestLoop loop = TestLoop.virtual()) {
      Task<Void> call = loop.start(blocked(gate));
      loop.settle();
      loop.jumpingOverCalls();
      loop.run(Async.sleep(SECOND));
      assertFalse(call.done());
      gate.countDown();
      loop.run(call);
    }
  }

  @Test
  void aCallThatWaitsForVirtualTimeFails() {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestLoop loop = TestLoop.virtual().patience(Duration.ofMillis(1))) {
      loop.loop().callLater(SECOND, gate::countDown);
      AssertionError failure = assertThrows(AssertionError.class, () -> loop.run(blocked(gate)));
      assertTrue(failure.getMessage().contains("jumpingOverCalls()"), failure.getMessage());
      gate.countDown();
    }
  }

  @Test
  void timeMovedByHandWaitsForCalls() {
    try (TestLoop loop = TestLoop.manual()) {
      Task<String> task = loop.start(Async.waitFor(late("x"), SECOND));
      loop.settle();
      loop.advance(SECOND);
      assertTrue(task.done());
      assertEquals(null, task.exception());
    }
  }

  @Test
  void aCallIsSeenByStepsByHand() throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      Task<String> task = loop.start(late("x"));
      while (!task.done()) {
        loop.step();
        Thread.onSpinWait();
      }
      assertEquals("x", task.result());
    }
  }

  /** Whatever the threads do, the ends come in the order of the begin. */
  @Test
  void endsComeInTheOrderOfTheBegin() throws Exception {
    List<Integer> ends = new ArrayList<>();
    CountDownLatch second = new CountDownLatch(1);
    on(
        TestLoop.virtual(),
        co ->
            co.await(
                TaskGroup.action(
                    (in, group) -> {
                      group.start(noting(ends, 1, second::await));
                      group.start(noting(ends, 2, second::countDown));
                    })));
    assertEquals(List.of(1, 2), ends);
  }

  private static Async<Void> noting(List<Integer> ends, int number, Blocking call) {
    return Async.action(
        co -> {
          co.await(
              Async.toThread(
                  () -> {
                    call.run();
                  }));
          ends.add(number);
        });
  }

  private interface Blocking {
    void run() throws Exception;
  }

  @Test
  void aSeedWithCallsRepeats() {
    Set<List<Integer>> all = new HashSet<>();
    for (long seed = 0; seed < 30; seed++) {
      List<Integer> first = endsWith(seed);
      assertEquals(first, endsWith(seed), "seed " + seed);
      all.add(first);
    }
    assertTrue(all.size() > 10, "only " + all);
  }

  private static List<Integer> endsWith(long seed) {
    List<Integer> ends = new ArrayList<>();
    try (TestLoop loop = TestLoop.seeded(seed)) {
      loop.run(
          TaskGroup.action(
              (in, group) -> {
                for (int i = 0; i < 5; i++) {
                  group.start(noting(ends, i, () -> {}));
                  group.start(noting(ends, -i, Thread::yield));
                }
                for (int i = 0; i < 30; i++) {
                  in.await(Async.sleep(Duration.ZERO));
                }
                ends.add(100);
              }));
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
    return ends;
  }

  @Test
  void aCallThatNeedsALaterOneIsPassedOver() throws Exception {
    CountDownLatch later = new CountDownLatch(1);
    List<Integer> ends = new ArrayList<>();
    on(
        TestLoop.virtual(),
        co ->
            co.await(
                TaskGroup.action(
                    (in, group) -> {
                      AsyncEvent second = AsyncEvent.open();
                      group.start(noting(ends, 1, later::await));
                      group.start(
                          Async.action(
                              it -> {
                                it.await(noting(ends, 2, () -> {}));
                                second.set();
                              }));
                      in.await(second.whenSet());
                      later.countDown();
                    })));
    assertEquals(List.of(2, 1), ends);
  }

  @Test
  void aTaskMayPollForACall() throws Exception {
    String result =
        on(
            TestLoop.seeded(7),
            co -> {
              Task<String> call = Task.start(late("x"));
              while (!call.done()) {
                co.await(Async.sleep(Duration.ZERO));
              }
              return call.result();
            });
    assertEquals("x", result);
  }
}
