package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Cancellations of waits that lie in each other more deeply than the Java stack allows. */
class DeepCancellationTest extends AsyncTest {
  private static final int DEPTH = 5_000;
  private static final int ON_THREADS = 300; // each level has a thread of its own there
  private static final long SMALL_STACK = 256 * 1024;

  private static int depth() {
    return Async.of(co -> null).engine().equals("thread") ? ON_THREADS : DEPTH;
  }

  private static Async<Object> nested(UnaryOperator<Async<Object>> level) {
    Async<Object> all = Async.of(co -> co.await(sleep(1_000_000)));
    for (int i = depth(); i > 0; i--) {
      all = level.apply(all);
    }
    return all;
  }

  /** Runs something on a thread whose stack is small. */
  private static void onASmallStack(AsyncTestAction test) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                test.run();
              } catch (Throwable thrown) {
                failure.set(thrown);
              }
            },
            "small stack",
            SMALL_STACK);
    thread.start();
    thread.join();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private interface AsyncTestAction {
    void run() throws Exception;
  }

  private static void cancelled(UnaryOperator<Async<Object>> level) throws Exception {
    onASmallStack(
        () -> {
          runAction(
              co -> {
                Task<Object> task = Task.start(nested(level));
                co.await(sleep(1));
                task.cancel("asked");
                assertThrows(Cancelled.class, () -> co.await(task));
                assertEquals(1, now());
              });
          runAction(
              co -> {
                assertThrows(
                    TimeoutException.class,
                    () -> co.await(Timeout.of(ms(1), (in, t) -> in.await(nested(level)))));
                assertEquals(1, now());
              });
        });
  }

  @EngineTest
  void gathersInEachOther() throws Exception {
    cancelled(inner -> Async.of(co -> co.await(Async.gather(inner))));
  }

  @EngineTest
  void groupsInEachOther() throws Exception {
    cancelled(inner -> TaskGroup.of((co, tg) -> co.await(tg.start(inner))));
    cancelled(
        inner ->
            TaskGroup.of(
                (co, tg) -> {
                  tg.start(inner);
                  return null;
                }));
  }

  @EngineTest
  void timeoutsInEachOther() throws Exception {
    cancelled(inner -> Timeout.of(ms(500_000), (co, t) -> co.await(Task.start(inner))));
    cancelled(inner -> Timeout.of(ms(500_000), (co, t) -> co.await(inner)));
  }

  @EngineTest
  void tasksThatAwaitEachOther() throws Exception {
    cancelled(inner -> Async.of(co -> co.await(Task.start(inner))));
  }

  @EngineTest
  void allOfThemMixed() throws Exception {
    int[] next = {0};
    cancelled(
        inner ->
            switch (next[0]++ % 4) {
              case 0 -> Async.of(co -> co.await(Async.gather(inner)));
              case 1 -> TaskGroup.of((co, tg) -> co.await(tg.start(inner)));
              case 2 -> Timeout.of(ms(500_000), (co, t) -> co.await(Task.start(inner)));
              default -> Async.of(co -> co.await(Async.gatherOutcomes(inner)));
            });
  }

  // Children that several wait for

  @EngineTest
  void aChildThatManyWaitForGetsOneRequest() throws Exception {
    runAction(
        co -> {
          List<Task<?>> level = new ArrayList<>();
          Task<Void> last = Task.start(sleep(1_000_000));
          level.add(last);
          level.add(Task.start(sleep(1_000_000)));
          for (int i = 0; i < 60; i++) { // twice as many ways at each level
            List<Task<?>> below = level;
            level = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
              level.add(Task.start(Async.action(in -> in.await(Async.gather(below)))));
            }
            co.await(pause());
          }
          Task<?> top = level.get(0);
          top.cancel("asked");
          assertThrows(Cancelled.class, () -> co.await(top));
          assertEquals(1, last.cancelling());
        });
  }
}
