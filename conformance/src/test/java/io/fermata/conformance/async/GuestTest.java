package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopHost;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop that lives on a host. The test is the host where it says so, else it is an executor. */
class GuestTest {
  private final List<Object> log = Collections.synchronizedList(new ArrayList<>());
  private final ByHand hand = new ByHand();
  private final List<ExecutorService> executors = new ArrayList<>();

  /** A host whose jobs the test runs, on its own thread. */
  private static final class ByHand implements LoopHost {
    final ArrayDeque<Runnable> jobs = new ArrayDeque<>();
    final List<Duration> deadlines = new ArrayList<>();
    final List<Runnable> wakes = new ArrayList<>();
    final List<CompletableFuture<Void>> handles = new ArrayList<>();
    boolean refuses;
    boolean terminated;

    @Override
    public void execute(Runnable job) {
      if (refuses) {
        throw new RejectedExecutionException("no more");
      }
      jobs.add(job);
    }

    @Override
    public Future<?> wakeAfter(Duration delay, Runnable wake) {
      deadlines.add(delay);
      wakes.add(wake);
      CompletableFuture<Void> handle = new CompletableFuture<>();
      handles.add(handle);
      return handle;
    }

    @Override
    public boolean isHostThread() {
      return true;
    }

    @Override
    public boolean isTerminated() {
      return terminated;
    }

    void runOne() {
      jobs.remove().run();
    }

    void runAll() {
      while (!jobs.isEmpty()) {
        runOne();
      }
    }

    @Override
    public String toString() {
      return "the hand";
    }
  }

  @AfterEach
  void endExecutors() {
    executors.forEach(ExecutorService::shutdownNow);
  }

  private ExecutorService single() {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    executors.add(executor);
    return executor;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private Async<Void> twoSteps(String name) {
    return Async.action(
        co -> {
          log.add(name + "1");
          co.await(AsyncTest.pause());
          log.add(name + "2");
        });
  }

  private Async<Void> waitingForEver(String name) {
    return Async.action(
        co -> {
          try {
            co.await(Async.sleep(Duration.ofDays(1)));
          } catch (Cancelled cancelled) {
            log.add(name + " " + cancelled.reason());
            throw cancelled;
          }
        });
  }

  // Rounds

  @EngineTest
  void eachRoundIsOneJobOfTheHostSoThatOthersGetTheirTurn() {
    EventLoop loop = EventLoop.on(hand);
    loop.start(twoSteps("a"));
    loop.start(twoSteps("b"));
    assertEquals(1, hand.jobs.size());
    hand.jobs.add(() -> log.add("host"));
    hand.runAll();
    assertEquals(List.of("a1", "b1", "host", "a2", "b2"), log);
  }

  @EngineTest
  void aLoopThatHasNothingToDoTroublesItsHostNoMore() {
    EventLoop loop = EventLoop.on(hand);
    assertEquals(0, hand.jobs.size());
    loop.start(twoSteps("a"));
    hand.runAll();
    assertEquals(0, hand.jobs.size());
    assertEquals(List.of(), hand.deadlines);
  }

  @EngineTest
  void whatBecomesReadyBetweenTheRoundsIsRunInTheNext() {
    EventLoop loop = EventLoop.on(hand);
    AsyncEvent[] event = new AsyncEvent[1];
    loop.start(
        Async.action(
            co -> {
              event[0] = AsyncEvent.open();
              co.await(event[0].whenSet());
              log.add("set");
            }));
    hand.runAll();
    assertEquals(List.of(), log);
    event[0].set();
    hand.runAll();
    assertEquals(List.of("set"), log);
  }

  @EngineTest
  void manyJobsBetweenTwoRoundsKeepTheirOrder() {
    EventLoop loop = EventLoop.on(hand);
    List<Integer> expected = new ArrayList<>();
    List<Integer> ran = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 500; i++) {
        int number = round * 500 + i;
        expected.add(number);
        loop.callSoon(() -> ran.add(number));
      }
      assertEquals(1, hand.jobs.size());
      hand.runAll();
    }
    assertEquals(expected, ran);
  }

  @EngineTest
  void theLoopIsCurrentInItsRoundsOnly() {
    EventLoop loop = EventLoop.on(hand);
    loop.callSoon(() -> log.add(EventLoop.current() == loop && loop.isRunning()));
    hand.runAll();
    assertEquals(List.of(true), log);
    assertThrows(IllegalStateException.class, EventLoop::current);
    assertFalse(loop.isRunning());
  }

  @EngineTest
  void aHostCarriesSeveralLoops() {
    EventLoop one = EventLoop.on(hand);
    EventLoop other = EventLoop.on(hand);
    one.start(twoSteps("a"));
    other.start(twoSteps("b"));
    hand.runAll();
    assertEquals(List.of("a1", "b1", "a2", "b2"), log);
  }

  @EngineTest
  void aLoopKnowsItsHost() {
    assertSame(hand, EventLoop.on(hand).host());
    try (EventLoop loop = EventLoop.open()) {
      assertNull(loop.host());
    }
    assertEquals("event loop (idle) on the hand", EventLoop.on(hand).toString());
  }

  // Deadlines

  @EngineTest
  void theHostIsGivenTheNextDeadlineOnce() {
    EventLoop loop = EventLoop.on(hand);
    loop.callLater(Duration.ofHours(2), () -> {});
    hand.runAll();
    loop.callLater(Duration.ofHours(3), () -> {});
    hand.runAll();
    assertEquals(1, hand.deadlines.size());
    assertTrue(hand.deadlines.get(0).compareTo(Duration.ofHours(2)) <= 0);
    assertTrue(hand.deadlines.get(0).compareTo(Duration.ofHours(1)) > 0);
  }

  @EngineTest
  void anEarlierDeadlineReplacesALaterOne() {
    EventLoop loop = EventLoop.on(hand);
    loop.callLater(Duration.ofHours(2), () -> {});
    hand.runAll();
    loop.callLater(Duration.ofHours(1), () -> {});
    hand.runAll();
    assertEquals(2, hand.deadlines.size());
    assertTrue(hand.handles.get(0).isCancelled());
    assertFalse(hand.handles.get(1).isCancelled());
  }

  @EngineTest
  void aDeadlineThatIsNotNeededAnyMoreIsTakenBack() {
    EventLoop loop = EventLoop.on(hand);
    Task<Void> task = loop.start(waitingForEver("a"));
    hand.runAll();
    task.cancel();
    hand.runAll();
    assertTrue(task.cancelled());
    assertTrue(hand.handles.get(0).isCancelled());
  }

  @EngineTest
  void aWakeThatComesTooEarlyRunsNothingAndSetsTheDeadlineAgain() {
    EventLoop loop = EventLoop.on(hand);
    loop.callLater(Duration.ofHours(1), () -> log.add("ran"));
    hand.runAll();
    hand.wakes.get(0).run();
    hand.runAll();
    assertEquals(List.of(), log);
    assertEquals(2, hand.deadlines.size());
  }

  @EngineTest
  void timersOfAnExecutorWithoutAScheduleFireAndNeverEarly() throws Exception {
    assertTimersFire(EventLoop.on(single()));
  }

  @EngineTest
  void timersOfASchedule() throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    executors.add(executor);
    assertTimersFire(EventLoop.on(executor));
  }

  private void assertTimersFire(EventLoop loop) throws Exception {
    long start = System.nanoTime();
    get(
        loop.startThreadSafe(
            Async.action(
                co -> {
                  Duration now = loop.time();
                  for (int millis : new int[] {3, 1, 2}) {
                    loop.callAt(now.plusMillis(millis), () -> log.add(millis));
                  }
                  co.await(Async.sleep(AsyncTest.ms(20)));
                  log.add("awake");
                })));
    assertTrue(System.nanoTime() - start >= 20_000_000);
    assertEquals(List.of(1, 2, 3, "awake"), log);
  }

  // Use

  @EngineTest
  void aGuestHasNoRunOfItsOwn() {
    EventLoop loop = EventLoop.on(hand);
    Async<Void> main = twoSteps("a");
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(main));
    assertEquals(
        "cannot run: its host runs this loop; use start() on the host's thread, and"
            + " startThreadSafe() on others",
        failure.getMessage());
    assertThrows(IllegalStateException.class, loop::runForever);
    assertThrows(IllegalStateException.class, loop::stop);
  }

  @EngineTest
  void aTaskIsStartedFromAnyThreadAndItsFutureFollowsIt() throws Exception {
    EventLoop loop = EventLoop.on(single());
    assertEquals(
        "fermata",
        get(
            loop.startThreadSafe(
                Async.of(
                    co -> {
                      co.await(AsyncTest.pause());
                      return co.await(Async.toThread(() -> "fermata"));
                    }))));
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () ->
                get(
                    loop.startThreadSafe(
                        Async.action(
                            co -> {
                              throw new java.io.IOException("no");
                            }))));
    assertInstanceOf(java.io.IOException.class, failed.getCause());
  }

  @EngineTest
  void otherJobsOfAnExecutorUseTheLoopAsItsOwn() throws Exception {
    ExecutorService executor = single();
    EventLoop loop = EventLoop.on(executor);
    CountDownLatch done = new CountDownLatch(1);
    executor.execute(() -> loop.start(twoSteps("a")).addDoneCallback(task -> done.countDown()));
    assertTrue(done.await(60, TimeUnit.SECONDS));
    assertEquals(List.of("a1", "a2"), log);
  }

  @EngineTest
  void postsOfManyThreadsAllArriveInTheOrderOfEach() throws Exception {
    EventLoop loop = EventLoop.on(single());
    int threads = 4;
    int each = 5_000;
    CountDownLatch done = new CountDownLatch(threads * each);
    int[] last = new int[threads];
    List<Thread> posting = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int me = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 1; i <= each; i++) {
                  int number = i;
                  loop.callSoonThreadSafe(
                      () -> {
                        if (last[me] + 1 == number) {
                          last[me] = number;
                        }
                        done.countDown();
                      });
                }
              });
      posting.add(thread);
      thread.start();
    }
    for (Thread thread : posting) {
      thread.join();
    }
    assertTrue(done.await(60, TimeUnit.SECONDS));
    get(loop.closeAsync());
    for (int t = 0; t < threads; t++) {
      assertEquals(each, last[t]);
    }
  }

  @EngineTest
  void aStepThatRunsJobsOfTheHostDoesNotRunTheLoopInItself() {
    EventLoop loop = EventLoop.on(hand);
    loop.callSoon(
        () -> {
          loop.callSoon(() -> log.add("next round"));
          loop.callSoonThreadSafe(() -> log.add("posted"));
          hand.jobs.add(() -> log.add("host"));
          hand.runAll(); // as a modal dialog does
          log.add("dialog closed");
        });
    hand.runAll();
    assertEquals(List.of("host", "dialog closed", "next round", "posted"), log);
  }

  @EngineTest
  void anErrorThatEndsARunPassesOutOfTheJobAndTheLoopGoesOn() {
    EventLoop loop = EventLoop.on(hand);
    loop.callSoon(
        () -> {
          throw new InternalError("the end");
        });
    loop.callSoon(() -> log.add("the rest"));
    assertThrows(InternalError.class, hand::runOne);
    hand.runAll();
    assertEquals(List.of("the rest"), log);
  }

  // Closing

  @EngineTest
  void closingCancelsWhatIsLeftAndDoesNotBlock() {
    EventLoop loop = EventLoop.on(hand);
    Task<Void> task =
        loop.start(
            Async.action(
                co -> {
                  try {
                    co.await(Async.sleep(Duration.ofDays(1)));
                  } finally {
                    co.await(AsyncTest.pause());
                    log.add("cleaned");
                  }
                }));
    hand.runAll();
    CompletableFuture<Void> closed = loop.closeAsync();
    loop.close();
    assertFalse(closed.isDone());
    hand.runAll();
    assertTrue(closed.isDone() && task.cancelled());
    assertEquals(List.of("cleaned"), log);
    assertTrue(loop.closeAsync().isDone());
    assertEquals("event loop (closed) on the hand", loop.toString());
    assertThrows(IllegalStateException.class, () -> loop.callSoon(() -> {}));
    assertThrows(IllegalStateException.class, () -> loop.startThreadSafe(twoSteps("b")));
  }

  @EngineTest
  void aLoopThatIsBeingClosedStartsNothingMore() {
    EventLoop loop = EventLoop.on(hand);
    CompletableFuture<Void> before = loop.startThreadSafe(twoSteps("before"));
    loop.closeAsync();
    assertThrows(IllegalStateException.class, () -> loop.start(twoSteps("a")));
    hand.runAll();
    assertTrue(before.isDone());
    assertEquals(List.of(), log);
  }

  @EngineTest
  void closingClosesAsynchronousGeneratorsAndWaitsForCallsOnThreads() throws Exception {
    EventLoop loop = EventLoop.on(single());
    CountDownLatch inCall = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    get(
        loop.startThreadSafe(
            Async.action(
                co -> {
                  AsyncGenerator<Integer> open =
                      AsyncGenerator.of(
                          in -> {
                            try {
                              in.yield(1);
                            } finally {
                              in.await(AsyncTest.pause());
                              log.add("generator closed");
                            }
                          });
                  co.await(open.anext());
                  Task.start(
                      Async.toThread(
                          () -> {
                            inCall.countDown();
                            go.await();
                            log.add("call returned");
                          }));
                  co.await(AsyncTest.pause());
                })));
    inCall.await();
    CompletableFuture<Void> closed = loop.closeAsync();
    assertThrows(
        java.util.concurrent.TimeoutException.class, () -> closed.get(5, TimeUnit.MILLISECONDS));
    go.countDown();
    get(closed);
    assertEquals(List.of("generator closed", "call returned"), log);
  }

  @EngineTest
  void aFutureOfATaskThatClosingCancelsIsDone() throws Exception {
    EventLoop loop = EventLoop.on(single());
    CompletableFuture<Void> task = loop.startThreadSafe(waitingForEver("a"));
    get(loop.startThreadSafe(twoSteps("b")));
    get(loop.closeAsync());
    assertTrue(task.isDone());
    assertThrows(CancellationException.class, () -> get(task));
  }

  @EngineTest
  void theFutureOfARemoteTaskThatTheEndOfAnOrdinaryLoopCancelsIsDone() {
    EventLoop loop = VirtualTime.open();
    CompletableFuture<Void> task = loop.startThreadSafe(waitingForEver("a"));
    loop.stop();
    loop.runForever();
    loop.stop();
    loop.runForever();
    loop.close();
    assertEquals(List.of("a the loop is closed"), log);
    assertTrue(task.isDone());
  }

  @EngineTest
  void closeAsyncOfAnOrdinaryLoopClosesIt() {
    EventLoop loop = EventLoop.open();
    assertTrue(loop.closeAsync().isDone());
    assertThrows(IllegalStateException.class, loop::runForever);
  }

  // A host that fails

  @EngineTest
  void aHostThatRefusesAtTheEndOfARoundLetsTheTasksEndInIt() {
    EventLoop loop = EventLoop.on(hand);
    CompletableFuture<Void> task = loop.startThreadSafe(waitingForEver("a"));
    CompletableFuture<Void> busy =
        loop.startThreadSafe(
            Async.action(
                co -> {
                  while (true) {
                    co.await(AsyncTest.pause());
                  }
                }));
    hand.runOne();
    hand.runOne();
    hand.refuses = true;
    hand.runOne();
    assertEquals(List.of("a the host of the loop refuses its jobs"), log);
    assertTrue(task.isCancelled() && busy.isCancelled());
    assertThrows(IllegalStateException.class, () -> loop.start(twoSteps("b")));
    assertTrue(loop.closeAsync().isDone());
  }

  @EngineTest
  void aTaskThatCannotBeEndedAnyMoreFailsItsFuture() {
    EventLoop loop = EventLoop.on(hand);
    CompletableFuture<Void> task =
        loop.startThreadSafe(
            Async.action(
                co -> {
                  try {
                    while (true) {
                      co.await(AsyncTest.pause());
                    }
                  } finally {
                    co.await(Async.sleep(Duration.ofDays(1)));
                  }
                }));
    hand.runOne();
    hand.refuses = true;
    hand.runOne();
    ExecutionException failure = assertThrows(ExecutionException.class, task::get);
    assertInstanceOf(RejectedExecutionException.class, failure.getCause());
    assertEquals(
        "the host of the event loop refuses its jobs, so nothing runs on the loop any more; 1 tasks"
            + " were cancelled, but have not ended; close a loop, and wait for it with"
            + " closeAsync(), before its host: the hand",
        failure.getCause().getMessage());
    assertTrue(loop.closeAsync().isCompletedExceptionally());
  }

  @EngineTest
  void whoWakesALoopWhoseHostRefusesIsToldAndSoAreThoseWhoWait() {
    EventLoop loop = EventLoop.on(hand);
    CompletableFuture<Void> task = loop.startThreadSafe(waitingForEver("a"));
    hand.runAll();
    hand.refuses = true;
    RejectedExecutionException failure =
        assertThrows(
            RejectedExecutionException.class, () -> loop.callSoonThreadSafe(() -> log.add("ran")));
    assertEquals("no more", failure.getCause().getMessage());
    assertTrue(task.isCompletedExceptionally());
    assertThrows(IllegalStateException.class, () -> loop.callSoonThreadSafe(() -> {}));
    assertThrows(IllegalStateException.class, () -> loop.startThreadSafe(twoSteps("b")));
  }

  @EngineTest
  void aJobThatAHostDroppedIsNoticedOnceTheHostHasEnded() {
    EventLoop loop = EventLoop.on(hand);
    loop.callSoonThreadSafe(() -> log.add("ran"));
    hand.jobs.clear();
    hand.terminated = true;
    assertThrows(RejectedExecutionException.class, () -> loop.callSoon(() -> log.add("ran, too")));
    assertEquals(List.of(), log);
  }

  @EngineTest
  void anExecutorThatIsShutDownLetsTheLoopCancelItsTasks() throws Exception {
    ExecutorService executor = single();
    EventLoop loop = EventLoop.on(executor);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> busy =
        loop.startThreadSafe(
            Async.action(
                co -> {
                  while (true) {
                    begun.countDown();
                    co.await(AsyncTest.pause());
                  }
                }));
    begun.await();
    executor.shutdown();
    assertTrue(executor.awaitTermination(60, TimeUnit.SECONDS));
    assertTrue(busy.isCancelled());
  }

  @EngineTest
  void anExecutorThatRunsItsJobsAtOnceIsRefused() {
    EventLoop loop = EventLoop.on(Runnable::run);
    RejectedExecutionException failure =
        assertThrows(
            RejectedExecutionException.class, () -> loop.callSoonThreadSafe(() -> log.add("ran")));
    assertTrue(failure.getCause().getMessage().contains("runs jobs within execute()"));
    assertEquals(List.of(), log);
  }

  @EngineTest
  void aHostThatDoesNotKnowItsThreadIsRefused() throws Exception {
    EventLoop loop = EventLoop.on(single(), () -> false);
    CompletableFuture<Void> task = loop.startThreadSafe(twoSteps("a"));
    ExecutionException failure = assertThrows(ExecutionException.class, () -> get(task));
    assertTrue(
        failure.getCause().getCause().getMessage().startsWith("isHostThread() is false"),
        failure::toString);
    assertEquals(List.of(), log);
  }

  @EngineTest
  void theLoopBelongsToTheHostsThread() throws Exception {
    ExecutorService executor = single();
    EventLoop loop = EventLoop.on(executor);
    get(loop.startThreadSafe(twoSteps("a")));
    executor.submit(() -> {}).get(); // the round is over, and the loop rests
    Task<Void> waiting =
        get(executor.submit(() -> loop.start(waitingForEver("b")))); // from now on it rests again
    for (Map.Entry<String, Runnable> call :
        Map.<String, Runnable>of(
                "start()", () -> loop.start(twoSteps("c")),
                "callSoon()", () -> loop.callSoon(() -> {}),
                "callAt()", () -> loop.callLater(Duration.ZERO, () -> {}),
                "tasks()", loop::tasks,
                "cancel()", waiting::cancel)
            .entrySet()) {
      String message = assertThrows(IllegalStateException.class, call.getValue()::run).getMessage();
      assertTrue(message.startsWith(call.getKey() + " of "), message);
      assertTrue(message.contains("but its loop lives on " + executor), message);
      assertTrue(message.contains("loop.startThreadSafe(...)"), message);
    }
    assertEquals(List.of(waiting), List.copyOf(get(executor.submit(loop::tasks))));
    get(loop.closeAsync());
    assertEquals(List.of("a1", "a2", "b the loop is closed"), log);
  }

  @EngineTest
  void anExecutorThatHasReplacedItsThreadUsesTheLoop() throws Exception {
    ExecutorService executor = single();
    EventLoop loop = EventLoop.on(executor);
    get(loop.startThreadSafe(twoSteps("a")));
    Thread before = get(executor.submit(Thread::currentThread));
    executor.execute(
        () -> {
          Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {});
          throw new IllegalStateException("ends the thread");
        });
    before.join();
    CountDownLatch done = new CountDownLatch(1);
    executor.execute(() -> loop.start(twoSteps("b")).addDoneCallback(task -> done.countDown()));
    assertTrue(done.await(60, TimeUnit.SECONDS));
    assertEquals(List.of("a1", "a2", "b1", "b2"), log);
  }

  @EngineTest
  void aGuestThatIsLostGivesItsSignalsBack() {
    EventLoop loop = EventLoop.on(hand);
    loop.addSignalHandler("WINCH", () -> log.add("signal"));
    hand.refuses = true;
    assertThrows(RejectedExecutionException.class, () -> loop.callSoonThreadSafe(() -> {}));
    assertFalse(loop.removeSignalHandler("WINCH"));
    assertThrows(IllegalStateException.class, () -> loop.addSignalHandler("WINCH", () -> {}));
  }

  @EngineTest
  void aHostThatHasEndedIsNoticedThoughNobodyWakesTheLoop() throws Exception {
    ExecutorService executor = single();
    EventLoop loop = EventLoop.on(executor);
    CompletableFuture<Void> waiting = loop.startThreadSafe(waitingForEver("a"));
    get(executor.submit(() -> loop.addSignalHandler("WINCH", () -> log.add("signal"))));
    executor.shutdown();
    ExecutionException failure = assertThrows(ExecutionException.class, () -> get(waiting));
    assertInstanceOf(RejectedExecutionException.class, failure.getCause());
    assertFalse(loop.removeSignalHandler("WINCH"));
    assertTrue(loop.isClosed());
  }

  // Looking at it between its rounds

  @EngineTest
  void itsDumpIsTakenBetweenItsRoundsOnAnyThread() throws Exception {
    ExecutorService executor = single();
    EventLoop loop = EventLoop.on(executor);
    get(loop.startThreadSafe(Async.action(co -> Task.named("b").start(waitingForEver("b")))));
    get(executor.submit(() -> {}));
    for (String dump : List.of(loop.dump(), get(executor.submit(() -> loop.dump())))) {
      assertTrue(dump.contains(": 1 task, next timer in "), dump);
      assertTrue(dump.contains(" b waits for sleep, "), dump);
      assertTrue(dump.contains("at io.fermata.conformance.async.GuestTest"), dump);
    }
    get(loop.closeAsync());
    assertTrue(loop.dump().contains("(closed)"), loop::dump);
  }

  @EngineTest
  void whatMayEndAWaitIsAnotherJobOfTheHostToo() throws Exception {
    EventLoop loop = EventLoop.on(single());
    get(
        loop.startThreadSafe(
            Async.action(
                co ->
                    Task.named("b")
                        .start(Async.action(in -> in.await(AsyncEvent.open().whenSet()))))));
    String dump = loop.dump();
    assertTrue(dump.contains("Only another job of its host, or a call of callSoon"), dump);
  }

  @EngineTest
  void tasksThatWaitForEachOtherAreReportedWhileTheLoopRests() throws Exception {
    try (Reports reports = new Reports("io.fermata.async.deadlock")) {
      EventLoop loop = EventLoop.on(single());
      get(
          loop.startThreadSafe(
              Async.action(
                  co -> {
                    loop.setStepLimit(AsyncTest.ms(20));
                    List<Task<?>> tasks = new ArrayList<>();
                    tasks.add(Task.start(Async.action(in -> in.await(tasks.get(1)))));
                    tasks.add(Task.start(Async.action(in -> in.await(tasks.get(0)))));
                  })));
      assertTrue(reports.await("DEADLOCK").contains("2 tasks wait for each other"));
    }
  }

  @Test
  void theDumpOfALoopWhoseHostIsBusyTellsWhereThatStands() throws Exception {
    ExecutorService executor = single();
    EventLoop loop = EventLoop.on(executor);
    get(loop.startThreadSafe(twoSteps("a")));
    CountDownLatch go = new CountDownLatch(1);
    executor.execute(() -> waitAsAHostThatIsBusy(go));
    String dump = loop.dump();
    go.countDown();
    assertTrue(dump.contains("has not answered within"), dump);
    assertTrue(dump.contains("the thread of its last round, "), dump);
    assertTrue(dump.contains("GuestTest.waitAsAHostThatIsBusy("), dump);
  }

  private static void waitAsAHostThatIsBusy(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
