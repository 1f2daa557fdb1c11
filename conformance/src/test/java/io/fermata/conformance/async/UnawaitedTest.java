package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBarrier;
import io.fermata.async.AsyncCondition;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncQueue;
import io.fermata.async.AsyncRateLimiter;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.Awaiter;
import io.fermata.async.Case;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.RetryPolicy;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.ByteSource;
import io.fermata.io.Inlet;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What was made and never awaited is reported, with the place where it was made. */
class UnawaitedTest extends AsyncTest {
  private static final String LOGGER = "io.fermata.async.unawaited";

  private static Async<String> forgotten() {
    return Async.of(co -> "never");
  }

  @EngineTest
  @Conforms({"C-018"})
  void aBodyThatWasNeverAwaitedIsReportedWithItsPlace() throws Exception {
    try (Reports reports = new Reports(LOGGER)) {
      for (int i = 0; i < 5000; i++) {
        forgotten(); // of many of one body, some are looked after
      }
      EventLoop.run(pause());

      String report = reports.awaitCollected("never awaited");
      assertTrue(
          report.startsWith("an Async was never awaited: its body at UnawaitedTest.java:"), report);
      assertTrue(report.contains("-Dfermata.debug=true"), report);
    }
  }

  @EngineTest
  @Conforms({"C-018", "T-183"})
  void inDebugModeTheReportHasThePlaceWhereItWasMade() throws Exception {
    try (Reports reports = new Reports(LOGGER)) {
      EventLoop loop = EventLoop.open();
      loop.setDebug(true);
      assertTrue(loop.isDebug());
      loop.runUntilComplete(
          Async.action(
              co -> {
                for (int i = 0; i < 3; i++) {
                  forgetHere();
                }
                co.await(pause());
              }));
      loop.close();

      String report = reports.awaitCollected("never awaited");
      assertTrue(report.contains("UnawaitedTest.forgetHere(UnawaitedTest.java:"), report);
    }
  }

  private static void forgetHere() {
    forgotten();
  }

  @EngineTest
  @Conforms({"A-039"})
  void inDebugModeWhatHasNoBodyIsReportedToo() throws Exception {
    try (Reports reports = new Reports(LOGGER)) {
      EventLoop loop = EventLoop.open();
      loop.setDebug(true);
      AsyncQueue<String> queue = AsyncQueue.fifo();
      loop.runUntilComplete(
          Async.action(
              co -> {
                queue.put("lost");
                Async.sleep(ms(5));
                Async.gather(List.of());
                co.await(pause());
              }));
      loop.close();

      assertTrue(reports.awaitCollected("AsyncQueue.put").contains("UnawaitedTest.java:"));
      assertTrue(reports.awaitCollected("Async.sleep").contains("UnawaitedTest.java:"));
      assertTrue(reports.awaitCollected("Async.gather").contains("UnawaitedTest.java:"));
    }
  }

  @EngineTest
  @Conforms({"A-039"})
  void inDebugModeAReadIsReportedThatWasNotAwaitedAndOneThatWasIsNot() throws Exception {
    try (Reports reports = new Reports(LOGGER)) {
      EventLoop loop = EventLoop.open();
      loop.setDebug(true);
      loop.runUntilComplete(
          Async.action(
              co -> {
                Inlet inlet = Inlet.open("the test", new Nowhere(), 100);
                inlet.feed(new byte[] {'a', '\n', 'b', 'c'}, 0, 4);
                co.await(inlet.reader().readLine());
                Task.start(inlet.reader().readExactly(1)).cancel();
                Task<byte[]> waiting = Task.start(inlet.reader().readExactly(10));
                co.await(pause());
                waiting.cancel();
                co.await(Async.wait(List.of(waiting)));
                inlet.reader().read(3);
                co.await(pause());
              }));
      loop.close();

      String report =
          reports.awaitCollected("It was made at\n    at io.fermata.io.AsyncReader.read(");
      assertTrue(report.contains("UnawaitedTest.java:"), report);
      assertEquals(
          1,
          reports.all().stream().filter(each -> each.contains("AsyncReader")).count(),
          reports.shown());
    }
  }

  /** A source that ignores what it is told. */
  private static final class Nowhere implements ByteSource {
    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void abandon() {}
  }

  @EngineTest
  @Conforms({"T-043"})
  void whatWasAwaitedStartedOrDiscardedIsNotReported() throws Exception {
    try (Reports reports = new Reports(LOGGER)) {
      EventLoop loop = EventLoop.open();
      loop.setDebug(true);
      loop.runUntilComplete(
          Async.action(
              co -> {
                AsyncQueue<String> queue = AsyncQueue.fifo(1);
                co.await(queue.put("x"));
                co.await(queue.get());
                co.await(Async.of(in -> in.await(sleep(1))));
                co.await(Async.gather(pause(), Async.of(in -> 1)));
                co.await(Timeout.of(ms(100), (in, t) -> in.await(Async.of(inner -> 2))));
                co.await(TaskGroup.action((in, tg) -> tg.start(sleep(1))));
                co.await(Async.staggeredRace(List.of(Async.of(in -> 1), Async.of(in -> 2)), null));
                Task<Void> cancelled = Task.start(Async.action(in -> in.await(pause())));
                cancelled.cancel();
                Task<Void> limited =
                    Task.start(Timeout.action(ms(100), (in, t) -> in.await(pause())));
                limited.cancel();
                Task<Void> asleep = Task.start(sleep(100));
                asleep.cancel();
                co.await(sleep(5));
                co.await(Task.start(forgotten()));
              }));
      loop.close();
      forgetInDebugMode();

      // the last one is reported when all before were looked at
      reports.awaitCollected("forgetInDebugMode");
      assertEquals(
          List.of(),
          reports.all().stream().filter(each -> !each.contains("forgetInDebugMode")).toList());
    }
  }

  private static void forgetInDebugMode() throws Exception {
    EventLoop loop = EventLoop.open();
    loop.setDebug(true);
    loop.runUntilComplete(
        Async.action(
            co -> {
              forgotten();
              co.await(pause());
            }));
    loop.close();
  }

  private static void forgetCalls(Awaiter co) throws Exception {
    AsyncQueue<String> queue = AsyncQueue.fifo();
    queue.put("lost");
    queue.get();
    AsyncLock.open().acquire();
    AsyncSemaphore.of(1).acquire();
    AsyncEvent.open().whenSet();
    AsyncBarrier.of(2).arrive();
    Async.sleep(ms(5));
    Async.sleep(ms(0));
    Async.gather(List.of(pause()));
    Async.waitFor(pause(), ms(5));
    Async.shield(pause());
    Async.uncancellable(pause());
    Async.wait(List.of(Promise.open()));
    Async.toThread(() -> 1);
    AsyncGenerator<Integer> numbers = AsyncGenerator.of(in -> in.yield(1));
    numbers.anext();
    co.await(numbers.aclose());
    co.await(pause());
  }

  @EngineTest
  @Conforms("M-006")
  void callsOfTheLibraryAreReportedByName() throws Exception {
    try (Reports reports = new Reports(LOGGER)) {
      EventLoop.run(Async.action(co -> forgetCalls(co)));

      for (String call :
          List.of(
              "AsyncQueue.put",
              "AsyncQueue.get",
              "AsyncLock.acquire",
              "AsyncSemaphore.acquire",
              "AsyncEvent.whenSet",
              "AsyncBarrier.arrive",
              "Async.sleep",
              "Async.gather",
              "Async.waitFor",
              "Async.shield",
              "Async.uncancellable",
              "Async.wait",
              "Async.toThread",
              ".anext")) {
        String report = reports.awaitCollected(call + "(");
        assertTrue(report.contains("Test.java:"), report);
      }
    }
  }

  /** Runs many awaits of many kinds, each used or rightly left; then forgets one. */
  private static void useCalls(Awaiter co) throws Exception {
    AsyncQueue<String> queue = AsyncQueue.fifo(1);
    co.await(queue.put("x"));
    co.await(queue.get());
    Task<String> waiting = Task.start(queue.get());
    co.await(Async.gather(List.of(pause(), pause())));
    co.await(Async.waitFor(pause(), ms(100)));
    co.await(Async.shield(pause()));
    co.await(Async.uncancellable(pause()));
    co.await(Async.wait(List.of(Task.start(pause()))));
    co.await(Async.toThread(() -> 1));
    co.await(Async.race(Async.of(in -> 1), Async.of(in -> 2)));
    co.await(
        Async.select(Case.action(queue.get(), (in, v) -> {}), Case.action(pause(), (in, v) -> {})));
    co.await(AsyncLock.open().holdingAction(in -> in.await(pause())));
    co.await(Timeout.moveOn(ms(1), (in, limit) -> in.await(sleep(2))));
    co.await(Async.retry(RetryPolicy.fixed(ms(1)), () -> pause()));
    co.await(AsyncRateLimiter.of(1, ms(1)).acquire());
    co.await(Async.ticker(ms(1)).take(2).map(due -> 1).buffer(1).toList());
    co.await(Async.staggeredRace(List.of(Async.of(in -> 1), Async.of(in -> 2)), null));
    co.await(TaskGroup.action((in, tg) -> tg.start(sleep(1))));
    AsyncGenerator<Integer> numbers = AsyncGenerator.of(in -> in.yield(1));
    co.await(numbers.forEach((in, n) -> in.await(pause())));
    AsyncCondition condition = AsyncCondition.open(AsyncLock.open());
    Task<Void> signalled =
        Task.start(
            Async.action(
                in -> {
                  in.await(condition.acquire());
                  try {
                    in.await(condition.signalled());
                  } finally {
                    condition.release();
                  }
                }));
    co.await(pause());
    // Cancelled before their first step: what they were given is spent.
    for (Task<?> unbegun :
        List.of(
            Task.start(queue.put("y")),
            Task.start(Async.gather(List.of(queue.put("z"), Async.gather(List.of(pause()))))),
            Task.start(Async.shield(queue.put("z"))),
            Task.start(Async.waitFor(queue.put("z"), ms(10))),
            Task.start(Async.uncancellable(Async.shield(pause()))),
            Task.start(Async.staggeredRace(List.of(pause(), pause()), null)),
            Task.start(Async.race(pause(), queue.put("z"))),
            Task.start(
                Async.select(
                    Case.action(queue.put("z"), (in, v) -> {}),
                    Case.action(pause(), (in, v) -> {}))),
            Task.start(AsyncLock.open().holdingAction(in -> in.await(pause()))),
            Task.start(Timeout.moveOn(ms(1), (in, limit) -> in.await(pause()))),
            Task.start(Async.retry(RetryPolicy.fixed(ms(1)), () -> pause())))) {
      unbegun.cancel();
    }
    try {
      co.await(Async.waitFor(queue.put("late"), ms(0)));
    } catch (TimeoutException expected) {
      // there was no time
    }
    waiting.cancel();
    signalled.cancel();
    co.await(sleep(2));
  }

  @EngineTest
  @Conforms("M-006")
  void callsThatWereUsedOrSparedAreNotReported() throws Exception {
    try (Reports reports = new Reports(LOGGER)) {
      for (int i = 0; i < 3; i++) {
        EventLoop.run(Async.action(co -> useCalls(co)));
      }
      EventLoop.run(
          Async.action(
              co -> {
                AsyncEvent.open().whenSet();
                co.await(pause());
              }));

      reports.awaitCollected("AsyncEvent.whenSet");
      assertEquals(
          List.of(),
          reports.all().stream().filter(each -> !each.contains("AsyncEvent.whenSet")).toList());
    }
  }

  @EngineTest
  void debugModeEndsWithTheLoop() throws Exception {
    EventLoop loop = EventLoop.open();
    loop.setDebug(true);
    loop.close();
    assertFalse(loop.isDebug());
  }

  @EngineTest
  void inDebugModeADumpTellsWhereATaskWasStarted() throws Exception {
    runAction(
        co -> {
          EventLoop.current().setDebug(true);
          Task<String> task = Task.start(step("x", 1));
          co.await(pause());
          assertTrue(task.dump().contains("started at "), task.dump());
          assertTrue(task.dump().contains("UnawaitedTest.java:"), task.dump());
          co.await(task);
        });
  }
}
