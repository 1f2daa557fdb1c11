package io.fermata.benchmarks;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What a suspended task holds of the heap: the growth by many of them, after a collection. */
final class Footprint {
  private static final int TASKS = 200_000;

  private Footprint() {}

  /** Bytes, by what they are for. */
  static Map<String, Double> measure() throws Exception {
    Map<String, Double> found = new LinkedHashMap<>();
    found.put("task in await", EventLoop.run(bytesAwaiting()));
    found.put("job in await, Kotlin", AsyncKotlin.bytesAwaiting(TASKS));
    found.put("task in sleep", EventLoop.run(bytes(AsyncBodies::sleeping)));
    found.put("job in delay, Kotlin", AsyncKotlin.bytesSleeping(TASKS));
    return found;
  }

  private static Async<Double> bytesAwaiting() {
    return Async.of(
        co -> {
          Promise<Integer> promise = Promise.open();
          return co.await(bytes(() -> AsyncBodies.awaiting(promise)));
        });
  }

  /** The tasks are cancelled when the loop is closed. */
  private static Async<Double> bytes(Supplier<Async<Void>> body) {
    return Async.of(
        co -> {
          long before = usedHeap();
          for (int i = 0; i < TASKS; i++) {
            Task.start(body.get());
          }
          co.await(Async.sleep(Duration.ZERO));
          return (usedHeap() - before) / (double) TASKS;
        });
  }

  static long usedHeap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(20);
      least =
          Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return least;
  }
}
