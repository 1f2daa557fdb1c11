package io.fermata.benchmarks;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import java.util.Iterator;
import java.util.PrimitiveIterator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
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

/** What one step of a generator costs: the sum of 0 to n - 1, per element. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StepBenchmark {
  private static final int N = 10_000;

  /**
   * "alone"; "after8": eight other generators have run through the same library code; "shared":
   * they have run through the consuming loop as well.
   */
  @Param({"alone", "after8", "shared"})
  public String profile;

  /** Runs the others. */
  @Setup
  public void pollute() {
    if (profile.equals("alone")) {
      return;
    }
    for (int round = 0; round < 2_000; round++) {
      for (int kind = 0; kind < 8; kind++) {
        if (profile.equals("shared")) {
          sum(Bodies.other(kind, 100));
          sumByAdvance(Bodies.other(kind, 100));
          sum(Kotlin.other(kind, 100));
        } else {
          drain(Bodies.other(kind, 100));
          drain(Kotlin.other(kind, 100));
        }
      }
    }
  }

  /** Not the loop that is measured. */
  private static int drain(Iterator<Integer> iterator) {
    int last = 0;
    while (iterator.hasNext()) {
      last = iterator.next();
    }
    return last;
  }

  private static int sum(Iterator<Integer> iterator) {
    int sum = 0;
    while (iterator.hasNext()) {
      sum += iterator.next();
    }
    return sum;
  }

  private static int sumByAdvance(Generator<Integer> generator) {
    int sum = 0;
    while (generator.advance()) {
      sum += generator.current();
    }
    return sum;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static Iterator<Integer> newHandWritten() {
    return HandWritten.range(N);
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static PrimitiveIterator.OfInt newHandWrittenInts() {
    return HandWritten.intRange(N);
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static HandWritten.IntMachine newHandWrittenMachine() {
    return HandWritten.intMachine(N);
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static IntGenerator newIntGenerator() {
    return Bodies.intRange(N);
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static PrimitiveIterator.OfInt newHandWrittenFilter() {
    return HandWritten.filter(N);
  }

  /** A class written by hand. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int boxedHandWritten() {
    return sum(newHandWritten());
  }

  /** Kotlin's iterator builder. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int boxedKotlin() {
    return sum(Kotlin.range(N));
  }

  /** A generator in a loop over its iterator. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int boxedForEach() {
    return sum(Bodies.range(N));
  }

  /** A generator stepped by advance() and current(). */
  @Benchmark
  @OperationsPerInvocation(N)
  public int boxedAdvance() {
    return sumByAdvance(Bodies.range(N));
  }

  /** A primitive iterator written by hand. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int intHandWritten() {
    PrimitiveIterator.OfInt iterator = newHandWrittenInts();
    int sum = 0;
    while (iterator.hasNext()) {
      sum += iterator.nextInt();
    }
    return sum;
  }

  /** A state machine written by hand, with the states and the steps of an IntGenerator. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int intMachineHandWritten() {
    HandWritten.IntMachine machine = newHandWrittenMachine();
    int sum = 0;
    while (machine.advance()) {
      sum += machine.current();
    }
    return sum;
  }

  /** An IntGenerator stepped by advance() and current(). */
  @Benchmark
  @OperationsPerInvocation(N)
  public int intAdvance() {
    IntGenerator generator = newIntGenerator();
    int sum = 0;
    while (generator.advance()) {
      sum += generator.current();
    }
    return sum;
  }

  /** An IntGenerator as an iterator. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int intIterator() {
    IntGenerator generator = newIntGenerator();
    int sum = 0;
    while (generator.hasNext()) {
      sum += generator.nextInt();
    }
    return sum;
  }

  /** The filter loop, written by hand; per element that is looked at. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int filterHandWritten() {
    PrimitiveIterator.OfInt iterator = newHandWrittenFilter();
    int sum = 0;
    while (iterator.hasNext()) {
      sum += iterator.nextInt();
    }
    return sum;
  }

  /** The filter loop in Kotlin. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int filterKotlin() {
    return sum(Kotlin.filter(N));
  }

  /** The filter loop as an IntGenerator. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int filterAdvance() {
    IntGenerator generator = Bodies.filter(N);
    int sum = 0;
    while (generator.advance()) {
      sum += generator.current();
    }
    return sum;
  }

  /** A value sent, and one yielded. */
  @Benchmark
  @OperationsPerInvocation(N)
  public int send() {
    Coroutine<Integer, Integer, Void> echo = Bodies.echo();
    echo.next();
    int sum = 0;
    for (int i = 0; i < N; i++) {
      sum += echo.send(i);
    }
    return sum;
  }
}
