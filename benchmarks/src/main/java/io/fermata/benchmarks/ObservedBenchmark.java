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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs a loop to be looked at: the same work in JVMs that differ in that alone. Each adds
 * to the one before: nothing; the watchdog; the search for what is never awaited, as it is by
 * default; a recording of JDK Flight Recorder with its default settings.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ObservedBenchmark {
  private static final int N = 10_000;

  private static final String HEAP = "-Xms512m";
  private static final String MOST = "-Xmx512m";
  private static final String PAGES = "-XX:+AlwaysPreTouch";

  /** Two tasks alternate, per turn; or one starts another and awaits it. */
  @Param({"switching", "starting"})
  public String work;

  private void run() throws Exception {
    if (work.equals("switching")) {
      EventLoop.run(AsyncBodies.twoSwitching(N));
    } else {
      EventLoop.run(AsyncBodies.starting(N));
    }
  }

  /** Nobody looks. */
  @Benchmark
  @OperationsPerInvocation(N)
  @Fork(jvmArgsAppend = {HEAP, MOST, PAGES, "-Dfermata.watchdog=off", "-Dfermata.unawaited=off"})
  public void unobserved() throws Exception {
    run();
  }

  /** The watchdog does. */
  @Benchmark
  @OperationsPerInvocation(N)
  @Fork(jvmArgsAppend = {HEAP, MOST, PAGES, "-Dfermata.unawaited=off"})
  public void watched() throws Exception {
    run();
  }

  /** As it is by default. */
  @Benchmark
  @OperationsPerInvocation(N)
  @Fork(jvmArgsAppend = {HEAP, MOST, PAGES})
  public void observed() throws Exception {
    run();
  }

  /** A recording runs. */
  @Benchmark
  @OperationsPerInvocation(N)
  @Fork(jvmArgsAppend = {HEAP, MOST, PAGES, "-XX:StartFlightRecording"})
  public void recorded() throws Exception {
    run();
  }
}
