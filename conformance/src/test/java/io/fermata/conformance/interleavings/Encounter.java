package io.fermata.conformance.interleavings;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.LoopEnvironment;
import io.fermata.internal.kernel.ThreadHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A loop, and other threads that want something of it: as small as it goes, so that the orders of
 * their steps can be tried. One that throws, or never ends, is wrong.
 */
enum Encounter implements Runnable {
  A_SLEEPER_IS_WOKEN(Of.KERNEL) {
    @Override
    void meet() throws Exception {
      Host host = new ThreadHost(NO_TIME);
      Thread waker = start(host::wake);
      host.sleep(Long.MAX_VALUE);
      waker.join();
    }
  },

  A_WAKE_IS_FOR_ONE_SLEEP(Of.KERNEL) {
    @Override
    void meet() throws Exception {
      Host host = new ThreadHost(NO_TIME);
      AtomicReference<String> written = new AtomicReference<>("");
      Thread waker =
          start(
              () -> {
                host.wake();
                written.set("second");
                host.wake();
              });
      while (!written.get().equals("second")) {
        host.sleep(Long.MAX_VALUE);
      }
      waker.join();
    }
  },

  A_POSTED_JOB_RUNS(Of.KERNEL) {
    @Override
    void meet() throws Exception {
      Kernel kernel = kernel();
      List<String> ran = new ArrayList<>();
      Thread poster = start(() -> kernel.inbox().post(() -> ran.add("job")));
      runUntil(kernel, ran, 1);
      poster.join();
    }
  },

  WHAT_IS_POSTED_WHILE_THE_LOOP_TAKES_JOBS_RUNS_TOO(Of.KERNEL) {
    @Override
    void meet() throws Exception {
      Kernel kernel = kernel();
      List<String> ran = new ArrayList<>();
      kernel.inbox().post(() -> ran.add("before"));
      Thread poster = start(() -> kernel.inbox().post(() -> ran.add("meanwhile")));
      runUntil(kernel, ran, 2);
      poster.join();
    }
  },

  JOBS_OF_ONE_THREAD_STAY_IN_ORDER(Of.KERNEL) {
    @Override
    void meet() throws Exception {
      Kernel kernel = kernel();
      List<String> ran = new ArrayList<>();
      Thread poster =
          start(
              () -> {
                kernel.inbox().post(() -> ran.add("first"));
                kernel.inbox().post(() -> ran.add("second"));
              });
      runUntil(kernel, ran, 2);
      poster.join();
      expect(ran.equals(List.of("first", "second")), ran);
    }
  },

  JOBS_OF_TWO_THREADS_RUN_ONCE_EACH(Of.KERNEL) {
    @Override
    void meet() throws Exception {
      Kernel kernel = kernel();
      List<String> ran = new ArrayList<>();
      Thread one = start(() -> kernel.inbox().post(() -> ran.add("one")));
      Thread other = start(() -> kernel.inbox().post(() -> ran.add("other")));
      runUntil(kernel, ran, 2);
      one.join();
      other.join();
      kernel.round(false);
      expect(ran.size() == 2 && ran.contains("one") && ran.contains("other"), ran);
    }
  },

  A_PROMISE_FOLLOWS_A_FUTURE_OF_ANOTHER_THREAD(Of.LOOP) {
    @Override
    void meet() throws Exception {
      CompletionStage<String> future = new CompletableFuture<>();
      try (EventLoop loop = loop()) {
        Thread other = start(() -> future.toCompletableFuture().complete("value"));
        String result = loop.runUntilComplete(() -> Async.shield(Promise.from(future)));
        other.join();
        expect(result.equals("value"), result);
      }
    }
  },

  A_TASK_STARTED_BY_ANOTHER_THREAD_ENDS(Of.LOOP) {
    @Override
    void meet() throws Exception {
      try (EventLoop loop = loop()) {
        Thread other =
            start(
                () ->
                    loop.startThreadSafe(pause())
                        .thenRun(() -> loop.callSoonThreadSafe(loop::stop)));
        loop.runForever();
        other.join();
      }
    }
  },

  A_TASK_CANCELLED_BY_ANOTHER_THREAD_ENDS(Of.LOOP) {
    @Override
    void meet() throws Exception {
      try (EventLoop loop = loop()) {
        Thread other =
            start(
                () -> {
                  loop.startThreadSafe(Async.shield(Promise.open(loop))).cancel(false);
                  loop.callSoonThreadSafe(loop::stop);
                });
        loop.runForever();
        other.join();
        expect(loop.tasks().stream().allMatch(task -> task.cancelling() == 1), loop.dump());
      }
    }
  },

  A_START_FROM_OUTSIDE_IS_ANSWERED_THOUGH_THE_LOOP_IS_CLOSED(Of.LOOP) {
    @Override
    void meet() throws Exception {
      EventLoop loop = loop();
      loop.start(Async.shield(Promise.open(loop)));
      List<Future<?>> started = new ArrayList<>();
      Thread other =
          start(
              () -> {
                try {
                  started.add(loop.startThreadSafe(pause()));
                } catch (IllegalStateException closed) {
                  expect(closed.getMessage().contains("closed"), closed);
                }
              });
      loop.close();
      other.join();
      expect(started.stream().allMatch(Future::isDone), "neither run nor refused");
    }
  };

  /** What an encounter is about. */
  enum Of {
    /** The few classes that threads share; small enough that every order can be tried. */
    KERNEL,
    /** What stands on them. */
    LOOP
  }

  /** Time stands still: nobody here waits for it. */
  private static final Clock NO_TIME = () -> 0;

  final Of of;

  Encounter(Of of) {
    this.of = of;
  }

  abstract void meet() throws Exception;

  @Override
  public void run() {
    try {
      meet();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Async<Void> pause() {
    return Async.sleep(Duration.ZERO);
  }

  private static Kernel kernel() {
    return new Kernel(new LoopEnvironment(new ThreadHost(NO_TIME), NO_TIME), () -> true);
  }

  private static EventLoop loop() {
    LoopEnvironment.use(new LoopEnvironment(new ThreadHost(NO_TIME), NO_TIME));
    try {
      return EventLoop.open();
    } finally {
      LoopEnvironment.use(null);
    }
  }

  private static Thread start(Runnable code) {
    Thread thread = new Thread(code);
    thread.start();
    return thread;
  }

  private static void runUntil(Kernel kernel, List<String> ran, int jobs) {
    while (ran.size() < jobs) {
      kernel.round(true);
    }
  }

  private static void expect(boolean holds, Object what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
