package io.fermata.benchmarks;

import io.fermata.async.Async;
import io.fermata.async.AsyncQueue;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What waits cost that need not wait: an item put and taken; a permit taken and returned. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class QueueBenchmark {
  private static final int N = 10_000;

  /** Puts an item, and takes it. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int putAndGet() throws Exception {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(4);
    return EventLoop.run(
        Async.of(
            co -> {
              int sum = 0;
              for (int i = 0; i < N; i++) {
                co.await(queue.put(i));
                sum += co.await(queue.get());
              }
              return sum;
            }));
  }

  /** Acquires and releases. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int permits() throws Exception {
    AsyncSemaphore semaphore = AsyncSemaphore.of(4);
    return EventLoop.run(
        Async.of(
            co -> {
              int sum = 0;
              for (int i = 0; i < N; i++) {
                try (Permit permit = co.await(semaphore.acquire())) {
                  sum += i;
                }
              }
              return sum;
            }));
  }
}
