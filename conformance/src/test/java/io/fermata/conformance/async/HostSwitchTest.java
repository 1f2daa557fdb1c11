package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Cancelled;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.LoopHost;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.EngineTest;
import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.LoopEnvironment;
import io.fermata.internal.kernel.ThreadHost;
import java.awt.EventQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** A program does the same wherever its loop lives. Its time is virtual, so all can be compared. */
class HostSwitchTest {
  private static final ContextVar<String> USER = ContextVar.of("user", "nobody");

  @BeforeAll
  static void awtNeedsNoScreen() {
    System.setProperty("java.awt.headless", "true");
  }

  @EngineTest
  void theProgramIsWorthComparing() throws Exception {
    List<String> trace = onAThread();
    assertFalse(trace.isEmpty());
    assertEquals(trace, onAThread());
    assertEquals(
        List.of("2491 end", "2491 left ends"), trace.subList(trace.size() - 2, trace.size()));
  }

  @EngineTest
  void onASingleThreadExecutor() throws Exception {
    onExecutor(Executors.newSingleThreadExecutor());
  }

  @EngineTest
  void onASingleThreadSchedule() throws Exception {
    onExecutor(Executors.newSingleThreadScheduledExecutor());
  }

  @EngineTest
  void onAPoolWhoseThreadsTakeTurns() throws Exception {
    onExecutor(Executors.newFixedThreadPool(3));
  }

  @EngineTest
  void onTheEventQueueOfSwing() throws Exception {
    assertEquals(
        onAThread(), asAGuest(new Jumping(EventQueue::invokeLater, EventQueue::isDispatchThread)));
  }

  @EngineTest
  void onAVirtualThread() throws Exception {
    FutureTask<List<String>> run = new FutureTask<>(HostSwitchTest::onAThread);
    try {
      Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, run);
    } catch (NoSuchMethodException old) {
      Assumptions.abort("virtual threads: from JDK 21 on");
    }
    assertEquals(onAThread(), run.get(60, TimeUnit.SECONDS));
  }

  @EngineTest
  void onAnotherEventLoop() throws Exception {
    List<String> expected = onAThread();
    try (EventLoop outer = EventLoop.open()) {
      Thread home = Thread.currentThread();
      Jumping host = new Jumping(outer::callSoonThreadSafe, () -> Thread.currentThread() == home);
      List<String> trace = new ArrayList<>();
      EventLoop guest = open(host);
      CompletableFuture<Void> end = guest.startThreadSafe(program(trace));
      outer.runUntilComplete(
          Async.action(
              co -> {
                co.await(end);
                co.await(guest.closeAsync());
              }));
      assertEquals(expected, trace);
    }
  }

  private static List<String> onAThread() throws Exception {
    List<String> trace = new ArrayList<>();
    try (EventLoop loop = VirtualTime.open()) {
      loop.runUntilComplete(program(trace));
    }
    return trace;
  }

  private static void onExecutor(ExecutorService executor) throws Exception {
    try {
      assertEquals(onAThread(), asAGuest(new Jumping(executor, () -> true)));
    } finally {
      executor.shutdown();
    }
  }

  private static List<String> asAGuest(Jumping host) throws Exception {
    List<String> trace = new ArrayList<>();
    EventLoop loop = open(host);
    loop.startThreadSafe(program(trace)).get(60, TimeUnit.SECONDS);
    loop.closeAsync().get(60, TimeUnit.SECONDS);
    return trace;
  }

  private static EventLoop open(Jumping host) {
    LoopEnvironment.use(new LoopEnvironment(new ThreadHost(host), host));
    try {
      return EventLoop.on(host);
    } finally {
      LoopEnvironment.use(null);
    }
  }

  /** A host with a clock that jumps to the next deadline when the loop rests. */
  private static final class Jumping implements LoopHost, Clock {
    private final Executor executor;
    private final BooleanSupplier isHostThread;
    private volatile long now;

    Jumping(Executor executor, BooleanSupplier isHostThread) {
      this.executor = executor;
      this.isHostThread = isHostThread;
    }

    @Override
    public void execute(Runnable job) {
      executor.execute(job);
    }

    @Override
    public Future<?> wakeAfter(Duration delay, Runnable wake) {
      now += delay.toNanos();
      executor.execute(wake);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isHostThread() {
      return isHostThread.getAsBoolean();
    }

    @Override
    public long nanos() {
      return now;
    }
  }

  // The program

  private static void note(List<String> trace, Object what) {
    trace.add(EventLoop.current().time().toMillis() + " " + what);
  }

  private static Async<Void> program(List<String> trace) {
    return Async.action(
        co -> {
          USER.set("ann");
          co.await(queue(trace));
          co.await(group(trace));
          co.await(timeouts(trace));
          co.await(callbacks(trace));
          co.await(generator(trace));
          note(trace, co.await(Async.toThread(() -> "from a thread, for " + USER.get())));
          Task.start(leftover(trace));
          co.await(Async.sleep(Duration.ofMillis(1900)));
          note(trace, "end");
        });
  }

  private static Async<Void> queue(List<String> trace) {
    return Async.action(
        co -> {
          AsyncQueue<Integer> queue = AsyncQueue.fifo(2);
          Task<Void> consumer =
              Task.start(
                  Async.action(
                      in -> {
                        for (int i = 0; i < 6; i++) {
                          note(trace, "got " + in.await(queue.get()));
                          in.await(Async.sleep(Duration.ofMillis(i % 2 * 10)));
                        }
                      }));
          for (int i = 0; i < 6; i++) {
            co.await(queue.put(i));
            note(trace, "put " + i);
          }
          co.await(consumer);
        });
  }

  private static Async<Void> group(List<String> trace) {
    return Async.action(
        co -> {
          try {
            co.await(
                TaskGroup.action(
                    (in, tg) -> {
                      for (int i = 0; i < 4; i++) {
                        tg.start(member(trace, i));
                      }
                    }));
          } catch (ExceptionGroup failed) {
            note(trace, failed.failures());
          }
        });
  }

  private static Async<Void> member(List<String> trace, int i) {
    return Async.action(
        co -> {
          try {
            co.await(Async.sleep(Duration.ofMillis(10 * i)));
            note(trace, "member " + i);
            if (i == 2) {
              throw new IOException("member " + i);
            }
          } finally {
            co.await(Async.uncancellable(Async.sleep(Duration.ofMillis(10))));
            note(trace, "member " + i + " is gone");
          }
        });
  }

  private static Async<Void> timeouts(List<String> trace) {
    return Async.action(
        co -> {
          try {
            co.await(
                Timeout.action(
                    Duration.ofMillis(50), (in, t) -> in.await(Async.sleep(Duration.ofDays(1)))));
          } catch (TimeoutException late) {
            note(trace, "too late");
          }
          Task<Void> slow = Task.start(sleeper(trace));
          co.await(Async.sleep(Duration.ofMillis(1)));
          slow.cancel("enough");
          try {
            co.await(slow);
          } catch (Cancelled cancelled) {
            note(trace, cancelled.reason());
          }
        });
  }

  private static Async<Void> sleeper(List<String> trace) {
    return Async.action(
        co -> {
          try {
            co.await(Async.sleep(Duration.ofDays(1)));
          } finally {
            note(trace, "sleeper ends");
          }
        });
  }

  /** Waits without a timer, so that time stands still until the loop is closed. */
  private static Async<Void> leftover(List<String> trace) {
    return Async.action(
        co -> {
          try {
            co.await(Promise.open());
          } finally {
            note(trace, "left ends");
          }
        });
  }

  private static Async<Void> callbacks(List<String> trace) {
    return Async.action(
        co -> {
          EventLoop loop = EventLoop.current();
          Promise<String> promise = Promise.open();
          promise.addDoneCallback(done -> note(trace, done));
          loop.callLater(Duration.ofMillis(20), () -> promise.setResult("set for " + USER.get()));
          loop.callLater(Duration.ofMillis(5), () -> note(trace, "later"));
          loop.callLater(Duration.ofMillis(6), () -> note(trace, "never")).cancel();
          loop.callSoon(() -> note(trace, "soon"));
          loop.callSoonThreadSafe(() -> note(trace, "posted"));
          note(trace, co.await(promise));
        });
  }

  private static Async<Void> generator(List<String> trace) {
    AsyncGenerator<Integer> ticks =
        AsyncGenerator.of(
            co -> {
              for (int i = 0; i < 3; i++) {
                co.await(Async.sleep(Duration.ofMillis(100)));
                co.yield(i);
              }
            });
    return ticks.forEach(
        (in, tick) -> {
          note(trace, "tick " + tick);
          in.await(Async.sleep(Duration.ofMillis(50)));
        });
  }
}
