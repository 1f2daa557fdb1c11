package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A loop as the executor of other threads, where it lives on a thread of its own and as a guest.
 */
class LoopExecutorTest {
  private final List<Object> log = Collections.synchronizedList(new ArrayList<>());
  private Kind kind;
  private EventLoop loop;
  private ExecutorService home;
  private ScheduledExecutorService executor;

  enum Kind {
    ON_A_THREAD,
    GUEST
  }

  private void start(Kind which) {
    kind = which;
    home = Executors.newSingleThreadExecutor();
    loop = which == Kind.GUEST ? EventLoop.on(home) : EventLoop.open();
    executor = loop.asExecutor();
    if (which == Kind.ON_A_THREAD) {
      home.execute(loop::runForever);
    }
  }

  @AfterEach
  void endLoop() throws Exception {
    if (loop != null) {
      closeLoop();
      home.shutdown();
      assertTrue(home.awaitTermination(60, TimeUnit.SECONDS));
    }
  }

  private void closeLoop() throws Exception {
    if (kind == Kind.ON_A_THREAD) {
      try {
        loop.callSoonThreadSafe(loop::stop);
      } catch (IllegalStateException closed) {
        return;
      }
      home.submit(loop::close).get(60, TimeUnit.SECONDS);
    } else {
      loop.closeAsync().get(60, TimeUnit.SECONDS);
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  /** Runs something on the loop and gives what it threw. */
  private Throwable failureOnLoop(Callable<?> call) throws Exception {
    return get(
        executor.submit(
            () -> {
              try {
                call.call();
                return null;
              } catch (Throwable failure) {
                return failure;
              }
            }));
  }

  /** Holds up the loop until it is opened. */
  private CountDownLatch gate() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    executor.execute(
        () -> {
          entered.countDown();
          try {
            gate.await();
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
        });
    entered.await();
    return gate;
  }

  // Jobs

  @ParameterizedTest
  @EnumSource
  void jobsRunInOrderOnTheLoop(Kind which) throws Exception {
    start(which);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      expected.add(i);
      executor.execute(() -> log.add(EventLoop.current() == loop ? number : "elsewhere"));
    }
    get(executor.submit(() -> {}));
    assertEquals(expected, log);
  }

  @ParameterizedTest
  @EnumSource
  void aFutureHasTheResultOrTheFailure(Kind which) throws Exception {
    start(which);
    IOException failure = new IOException("no");
    assertEquals("yes", get(executor.submit(() -> "yes")));
    assertEquals("given", get(executor.submit(() -> {}, "given")));
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class,
            () ->
                get(
                    executor.submit(
                        () -> {
                          throw failure;
                        })));
    assertSame(failure, thrown.getCause());
  }

  @ParameterizedTest
  @EnumSource
  void whatExecuteRunsReportsItsFailureToTheHandler(Kind which) throws Exception {
    start(which);
    IllegalArgumentException failure = new IllegalArgumentException("no");
    executor.execute(() -> loop.setExceptionHandler((in, report) -> log.add(report.exception())));
    executor.execute(
        () -> {
          throw failure;
        });
    get(executor.submit(() -> {}));
    assertEquals(List.of(failure), log);
  }

  @ParameterizedTest
  @EnumSource
  void aJobStartsTasksAndSeesTheContextOfItsSubmission(Kind which) throws Exception {
    start(which);
    ContextVar<String> user = ContextVar.of("user", "nobody");
    CountDownLatch done = new CountDownLatch(1);
    Future<?> started =
        get(
            executor.submit(
                () -> {
                  user.set("ann");
                  return executor.submit(
                      () ->
                          Task.start(
                              Async.action(
                                  co -> {
                                    co.await(AsyncTest.pause());
                                    log.add(user.get());
                                    done.countDown();
                                  })));
                }));
    get(started);
    assertTrue(done.await(60, TimeUnit.SECONDS));
    assertEquals(List.of("ann"), log);
  }

  @ParameterizedTest
  @EnumSource
  void invokeAllAndInvokeAnyWaitOnOtherThreads(Kind which) throws Exception {
    start(which);
    Callable<Integer> fails =
        () -> {
          throw new IOException("no");
        };
    List<Future<Integer>> all = executor.invokeAll(List.of(() -> 1, fails, () -> 3));
    assertEquals(1, all.get(0).get());
    assertThrows(ExecutionException.class, () -> all.get(1).get());
    assertEquals(3, all.get(2).get());
    assertEquals(7, executor.invokeAny(List.of(fails, () -> 7, () -> log.add("too many") ? 1 : 2)));
    assertThrows(ExecutionException.class, () -> executor.invokeAny(List.of(fails, fails)));
    assertThrows(IllegalArgumentException.class, () -> executor.invokeAny(List.of()));
    CountDownLatch gate = gate();
    List<Callable<Integer>> late = List.of(() -> 1);
    assertThrows(TimeoutException.class, () -> executor.invokeAny(late, 5, TimeUnit.MILLISECONDS));
    assertTrue(executor.invokeAll(late, 5, TimeUnit.MILLISECONDS).get(0).isCancelled());
    gate.countDown();
    assertEquals(List.of(), log);
  }

  @ParameterizedTest
  @EnumSource
  void whatWouldWaitForTheLoopOnItsOwnThreadIsRefused(Kind which) throws Exception {
    start(which);
    List<Callable<Object>> calls = List.of(() -> 1);
    List<Callable<?>> blocking =
        List.of(
            () -> executor.submit(() -> 1).get(),
            () -> executor.submit(() -> 1).get(1, TimeUnit.DAYS),
            () -> executor.schedule(() -> 1, 1, TimeUnit.DAYS).get(),
            () -> executor.invokeAll(calls),
            () -> executor.invokeAll(calls, 1, TimeUnit.DAYS),
            () -> executor.invokeAny(calls),
            () -> executor.invokeAny(calls, 1, TimeUnit.DAYS),
            () -> executor.awaitTermination(1, TimeUnit.DAYS));
    for (Callable<?> call : blocking) {
      Throwable failure = failureOnLoop(call);
      assertInstanceOf(IllegalStateException.class, failure);
      assertTrue(failure.getMessage().contains("it would wait for itself"), failure::getMessage);
    }
    assertEquals(null, failureOnLoop(() -> executor.awaitTermination(0, TimeUnit.DAYS)));
    assertInstanceOf(
        TimeoutException.class,
        failureOnLoop(() -> executor.submit(() -> 1).get(0, TimeUnit.DAYS)));
  }

  @ParameterizedTest
  @EnumSource
  void aFutureThatIsDoneIsReadOnTheLoop(Kind which) throws Exception {
    start(which);
    Future<Integer> done = executor.submit(() -> 1);
    get(done);
    assertEquals(null, failureOnLoop(done::get));
  }

  @ParameterizedTest
  @EnumSource
  void aTaskAwaitsAFuture(Kind which) throws Exception {
    start(which);
    Async<String> task =
        Async.of(
            co -> {
              Future<String> two = executor.submit(() -> "two");
              return co.await(two) + " three";
            });
    assertEquals("two three", get(loop.startThreadSafe(task)));
  }

  @ParameterizedTest
  @EnumSource
  void cancellingAFutureDoesNotInterruptTheLoop(Kind which) throws Exception {
    start(which);
    CountDownLatch gate = gate();
    Future<?> waiting = executor.submit(() -> log.add("ran"));
    assertTrue(waiting.cancel(true));
    gate.countDown();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    Future<?> running =
        executor.submit(
            () -> {
              begun.countDown();
              try {
                cancelled.await();
                log.add("not interrupted");
              } catch (InterruptedException interrupted) {
                log.add("interrupted");
              }
            });
    begun.await();
    assertTrue(running.cancel(true));
    cancelled.countDown();
    get(executor.submit(() -> {}));
    assertEquals(List.of("not interrupted"), log);
  }

  // The end

  @ParameterizedTest
  @EnumSource
  void shutdownTakesNoMoreJobsRunsThoseThatItHasAndLeavesTheLoop(Kind which) throws Exception {
    start(which);
    CountDownLatch gate = gate();
    executor.execute(() -> log.add("queued"));
    executor.shutdown();
    assertTrue(executor.isShutdown());
    assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> log.add("late")));
    assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> log.add("late")));
    assertFalse(executor.isTerminated());
    assertFalse(executor.awaitTermination(5, TimeUnit.MILLISECONDS));
    gate.countDown();
    assertTrue(executor.awaitTermination(60, TimeUnit.SECONDS));
    assertTrue(executor.isTerminated());
    assertEquals(List.of("queued"), log);
    assertEquals("on", get(loop.asExecutor().submit(() -> "on")));
  }

  @ParameterizedTest
  @EnumSource
  void shutdownNowGivesBackWhatHasNotBegun(Kind which) throws Exception {
    start(which);
    CountDownLatch gate = gate();
    Runnable plain = () -> log.add("plain");
    executor.execute(plain);
    Future<?> submitted = executor.submit(() -> log.add("submitted"));
    ScheduledFuture<?> later = executor.schedule(() -> log.add("later"), 1, TimeUnit.DAYS);
    assertEquals(List.of(plain, submitted, later), executor.shutdownNow());
    assertFalse(executor.isTerminated());
    gate.countDown();
    assertTrue(executor.awaitTermination(60, TimeUnit.SECONDS));
    get(loop.asExecutor().submit(() -> {}));
    assertEquals(List.of(), log);
    assertFalse(submitted.isDone());
  }

  @ParameterizedTest
  @EnumSource
  void theEndOfTheLoopIsTheEndOfItsJobs(Kind which) throws Exception {
    start(which);
    Future<?> later = executor.schedule(() -> log.add("later"), 1, TimeUnit.DAYS);
    Future<?> periodic = executor.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS);
    get(executor.submit(() -> {}));
    closeLoop();
    for (Future<?> dropped : List.of(later, periodic)) {
      ExecutionException failure = assertThrows(ExecutionException.class, dropped::get);
      assertInstanceOf(IllegalStateException.class, failure.getCause());
    }
    assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> 1));
    executor.shutdown();
    assertTrue(executor.isTerminated());
    assertEquals(List.of(), log);
  }

  @Test
  void jobsOfAGuestWhoseHostEndsFail() throws Exception {
    start(Kind.GUEST);
    Future<?> later = executor.schedule(() -> log.add("later"), 1, TimeUnit.DAYS);
    get(executor.submit(() -> {}));
    home.submit(() -> {}).get(); // the round is over, and the loop rests
    home.shutdown();
    assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> 1));
    ExecutionException failure = assertThrows(ExecutionException.class, () -> get(later));
    assertInstanceOf(RejectedExecutionException.class, failure.getCause());
    loop = null;
  }

  // Schedules, in virtual time

  @Test
  void aScheduledJobRunsAtItsTime() throws Exception {
    try (TestLoop test = TestLoop.virtual()) {
      ScheduledExecutorService schedule = test.loop().asExecutor();
      ScheduledFuture<String> future =
          schedule.schedule(() -> "at " + test.time().toMillis(), 20, TimeUnit.MILLISECONDS);
      ScheduledFuture<?> sooner =
          schedule.schedule(() -> log.add(test.time().toMillis()), 10, TimeUnit.MILLISECONDS);
      ScheduledFuture<?> never =
          schedule.schedule(() -> log.add("never"), 15, TimeUnit.MILLISECONDS);
      assertEquals(20, future.getDelay(TimeUnit.MILLISECONDS));
      assertTrue(future.compareTo(sooner) > 0 && sooner.compareTo(future) < 0);
      test.run(AsyncTest.sleep(1));
      never.cancel(false);
      test.run(AsyncTest.sleep(100));
      assertEquals("at 20", future.get());
      assertEquals(List.of(10L), log);
    }
  }

  @Test
  void aFixedRateIsThatOfTheStartsAndAFixedDelayThatOfThePauses() throws Exception {
    try (TestLoop test = TestLoop.manual()) {
      ScheduledExecutorService schedule = test.loop().asExecutor();
      schedule.scheduleAtFixedRate(
          () -> log.add("rate " + test.time().toMillis()), 10, 30, TimeUnit.MILLISECONDS);
      schedule.scheduleWithFixedDelay(
          () -> log.add("delay " + test.time().toMillis()), 10, 40, TimeUnit.MILLISECONDS);
      test.advance(Duration.ofMillis(100));
      assertEquals(
          List.of("rate 10", "delay 10", "rate 40", "delay 50", "rate 70", "delay 90", "rate 100"),
          log);
      assertThrows(
          IllegalArgumentException.class,
          () -> schedule.scheduleAtFixedRate(() -> {}, 1, 0, TimeUnit.DAYS));
    }
  }

  @Test
  void aPeriodicJobEndsWhenItFailsIsCancelledOrTheViewIsShutDown() throws Exception {
    try (TestLoop test = TestLoop.manual()) {
      ScheduledExecutorService schedule = test.loop().asExecutor();
      ScheduledFuture<?> failing =
          schedule.scheduleAtFixedRate(
              () -> {
                log.add("failing");
                throw new IllegalArgumentException("no");
              },
              1,
              10,
              TimeUnit.MILLISECONDS);
      ScheduledFuture<?> cancelled =
          schedule.scheduleAtFixedRate(() -> log.add("cancelled"), 2, 10, TimeUnit.MILLISECONDS);
      ScheduledFuture<?> going =
          schedule.scheduleAtFixedRate(() -> log.add("going"), 3, 10, TimeUnit.MILLISECONDS);
      schedule.schedule(() -> log.add("once"), 50, TimeUnit.MILLISECONDS);
      test.advance(Duration.ofMillis(5));
      cancelled.cancel(false);
      test.advance(Duration.ofMillis(10));
      schedule.shutdown();
      assertTrue(going.isCancelled());
      assertFalse(schedule.isTerminated());
      test.advance(Duration.ofMillis(100));
      assertEquals(List.of("failing", "cancelled", "going", "going", "once"), log);
      assertInstanceOf(
          IllegalArgumentException.class,
          assertThrows(ExecutionException.class, failing::get).getCause());
      assertTrue(schedule.isTerminated());
    }
  }

  @Test
  void aPeriodicJobMayShutItsViewDown() throws Exception {
    try (TestLoop test = TestLoop.manual()) {
      ScheduledExecutorService schedule = test.loop().asExecutor();
      ScheduledFuture<?> job =
          schedule.scheduleAtFixedRate(schedule::shutdown, 1, 10, TimeUnit.MILLISECONDS);
      test.advance(Duration.ofMillis(5));
      assertTrue(job.isCancelled() && schedule.isTerminated());
    }
  }

  @Test
  void aLoopIsTheHostOfAnother() throws Exception {
    start(Kind.ON_A_THREAD);
    EventLoop guest = EventLoop.on(executor);
    assertEquals(
        "slept",
        get(
            guest.startThreadSafe(
                Async.of(
                    co -> {
                      co.await(AsyncTest.sleep(2));
                      return EventLoop.current() == guest ? "slept" : "elsewhere";
                    }))));
    get(guest.closeAsync());
  }
}
