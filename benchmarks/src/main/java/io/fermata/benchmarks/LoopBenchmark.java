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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the loop costs, beside Kotlin's {@code runBlocking}: two tasks that give up their turn
 * alternately, per turn; a task started and joined; an item sent to another task and back.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    // so that the clearing of new pages by the operating system is not measured
    jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class LoopBenchmark {
  private static final int N = 10_000;

  /** "alone"; "after8": eight other functions have run through the same library code. */
  @Param({"alone", "after8"})
  public String profile;

  /** Runs the others. */
  @Setup
  public void pollute() throws Exception {
    if (profile.equals("alone")) {
      return;
    }
    for (int round = 0; round < 300; round++) {
      for (int kind = 0; kind < 8; kind++) {
        EventLoop.run(AsyncBodies.other(kind, 100));
        AsyncKotlin.other(kind, 100);
      }
    }
  }

  /** Two tasks alternate. */
  @Benchmark
  @OperationsPerInvocation(N)
  public void switching() throws Exception {
    EventLoop.run(AsyncBodies.twoSwitching(N));
  }

  /** Kotlin: yield. */
  @Benchmark
  @OperationsPerInvocation(N)
  public void switchingKotlin() {
    AsyncKotlin.twoSwitching(N);
  }

  /** A task is started, and awaited. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int starting() throws Exception {
    return EventLoop.run(AsyncBodies.starting(N));
  }

  /** Kotlin: launch and join. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int startingKotlin() {
    return AsyncKotlin.starting(N);
  }

  /** Through one queue there, through another one back. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int roundTrip() throws Exception {
    return EventLoop.run(AsyncBodies.roundTrips(N));
  }

  /** Kotlin: two rendezvous channels. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int roundTripKotlin() {
    return AsyncKotlin.roundTrips(N);
  }
}
