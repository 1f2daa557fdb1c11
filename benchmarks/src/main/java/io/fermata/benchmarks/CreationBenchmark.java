package io.fermata.benchmarks;

import io.fermata.Generator;
import java.util.Iterator;
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

/** What it costs to create a generator that captures one int. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CreationBenchmark {
  private int n = 10;

  /** A class written by hand. */
  @Benchmark
  public Iterator<Integer> handWritten() {
    return HandWritten.range(n);
  }

  /** A generator. */
  @Benchmark
  public Generator<Integer> generator() {
    return Bodies.range(n);
  }

  /** Kotlin's iterator builder. */
  @Benchmark
  public Iterator<Integer> kotlin() {
    return Kotlin.range(n);
  }
}
