package io.fermata.benchmarks;

import io.fermata.Generator;
import io.fermata.StopIteration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the end of a generator costs, by who asks: a loop, a delegation, or a call of next. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EndBenchmark {
  private static Generator<Integer> one() {
    return Generator.of(co -> co.yield(1));
  }

  /** A for-each over one element. */
  @Benchmark
  public int endOfForEach() {
    int sum = 0;
    for (int each : one()) {
      sum += each;
    }
    return sum;
  }

  /** A delegation to one element. */
  @Benchmark
  public int endOfDelegation() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              co.yieldFrom(one());
            });
    int sum = 0;
    for (int each : outer) {
      sum += each;
    }
    return sum;
  }

  /** A call of next beyond the end: the exception has a stack trace. */
  @Benchmark
  public int endOfNext() {
    Generator<Integer> generator = one();
    int sum = generator.next();
    try {
      sum += generator.next();
    } catch (StopIteration end) {
      sum++;
    }
    return sum;
  }
}
