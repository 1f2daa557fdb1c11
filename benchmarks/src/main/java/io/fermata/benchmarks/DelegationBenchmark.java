package io.fermata.benchmarks;

import io.fermata.Generator;
import java.util.Iterator;
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

/** An in-order walk of a tree with 1023 nodes, per node, and a step at a depth. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DelegationBenchmark {
  private static final int NODES = 1023;

  private final Tree tree = Tree.of(0, NODES);
  private final SealedTree sealed = SealedTree.of(0, NODES);
  private final Generator<Integer> shallow = Bodies.nested(1);
  private final Generator<Integer> one = Bodies.nested(2);
  private final Generator<Integer> deep = Bodies.nested(1001);

  private static int sum(Iterator<Integer> iterator) {
    int sum = 0;
    while (iterator.hasNext()) {
      sum += iterator.next();
    }
    return sum;
  }

  /** By recursive yieldFrom. */
  @Benchmark
  @OperationsPerInvocation(NODES)
  public int walkByDelegation() {
    return sum(Bodies.walkByDelegation(tree));
  }

  /** By a recursive helper that takes co. */
  @Benchmark
  @OperationsPerInvocation(NODES)
  public int walkByHelper() {
    return sum(Bodies.walkByHelper(tree));
  }

  /** By a method of a sealed interface of records. */
  @Benchmark
  @OperationsPerInvocation(NODES)
  public int walkByInterface() {
    return sum(sealed.byInterface());
  }

  /** The same records, by a recursive static helper. */
  @Benchmark
  @OperationsPerInvocation(NODES)
  public int walkByStaticHelper() {
    return sum(sealed.byStaticHelper());
  }

  /** By Kotlin's yieldAll. */
  @Benchmark
  @OperationsPerInvocation(NODES)
  public int walkKotlin() {
    return sum(Kotlin.walkByYieldAll(tree));
  }

  /** No delegation. */
  @Benchmark
  public int stepAtDepth0() {
    return shallow.next();
  }

  /** One delegate. */
  @Benchmark
  public int stepAtDepth1() {
    return one.next();
  }

  /** A thousand delegates. */
  @Benchmark
  public int stepAtDepth1000() {
    return deep.next();
  }
}
