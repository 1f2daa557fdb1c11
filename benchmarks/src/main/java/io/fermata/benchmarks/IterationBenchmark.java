package io.fermata.benchmarks;

import io.fermata.Generator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** The elements of a list by a loop and by a lambda that yields, per element. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class IterationBenchmark {
  private static final int ELEMENTS = 1000;

  private final List<Integer> list = new ArrayList<>(IntStream.range(0, ELEMENTS).boxed().toList());

  private static int sum(Iterator<Integer> iterator) {
    int sum = 0;
    while (iterator.hasNext()) {
      sum += iterator.next();
    }
    return sum;
  }

  /** By a loop. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public int loop() {
    List<Integer> all = list;
    return sum(
        Generator.of(
            co -> {
              for (Integer each : all) {
                co.yield(each);
              }
            }));
  }

  /** By forEach and a lambda that yields. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public int forEach() {
    List<Integer> all = list;
    return sum(Generator.of(co -> all.forEach(each -> co.yield(each))));
  }
}
