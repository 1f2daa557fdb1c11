package io.fermata.benchmarks;

import io.fermata.async.Async;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Case;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
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

/**
 * Items from two queues, per item: by a select, and by two tasks that forward them into a third
 * queue.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SelectBenchmark {
  private static final int N = 10_000;

  private static Async<Void> filling(AsyncQueue<Integer> queue) {
    return Async.action(
        co -> {
          for (int i = 0; i < N / 2; i++) {
            co.await(queue.put(i));
          }
        });
  }

  /** One task takes from both. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int selecting() throws Exception {
    AsyncQueue<Integer> one = AsyncQueue.fifo(16);
    AsyncQueue<Integer> other = AsyncQueue.fifo(16);
    return EventLoop.run(
        TaskGroup.of(
            (co, group) -> {
              group.start(filling(one));
              group.start(filling(other));
              int sum = 0;
              for (int i = 0; i < N; i++) {
                sum += co.await(Async.select(Case.of(one.get()), Case.of(other.get())));
              }
              return sum;
            }));
  }

  private static Async<Void> forwarding(AsyncQueue<Integer> from, AsyncQueue<Integer> to) {
    return Async.action(
        co -> {
          for (int i = 0; i < N / 2; i++) {
            co.await(to.put(co.await(from.get())));
          }
        });
  }

  /** One task takes from a queue that two others fill. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int forwardingIntoOne() throws Exception {
    AsyncQueue<Integer> one = AsyncQueue.fifo(16);
    AsyncQueue<Integer> other = AsyncQueue.fifo(16);
    AsyncQueue<Integer> both = AsyncQueue.fifo(16);
    return EventLoop.run(
        TaskGroup.of(
            (co, group) -> {
              group.start(filling(one));
              group.start(filling(other));
              group.start(forwarding(one, both));
              group.start(forwarding(other, both));
              int sum = 0;
              for (int i = 0; i < N; i++) {
                sum += co.await(both.get());
              }
              return sum;
            }));
  }
}
