package io.fermata.benchmarks;

import io.fermata.async.EventLoop;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** A step of a task that is suspended so many awaits deep. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AwaitBenchmark {
  private static final int N = 200_000;

  /** One await. */
  @Benchmark
  @OperationsPerInvocation(N)
  public void awaitAtDepth1() throws Exception {
    EventLoop.run(AsyncBodies.switchingAt(1, N));
  }

  /** A thousand. */
  @Benchmark
  @OperationsPerInvocation(N)
  public void awaitAtDepth1000() throws Exception {
    EventLoop.run(AsyncBodies.switchingAt(1000, N));
  }
}
