package io.fermata.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One step of what the JDK itself has for switching: needs JDK 21 or newer. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"})
public class SwitchBenchmark {

  /** A {@code jdk.internal.vm.Continuation} that yields for ever. */
  @State(Scope.Thread)
  public static class Continuations {
    private MethodHandle run;
    private MethodHandle yield;
    private int value;

    /** Finds the internal class, which this code is not compiled against. */
    @Setup
    public void find() throws Throwable {
      Class<?> scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
      Class<?> type = Class.forName("jdk.internal.vm.Continuation");
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Object scope =
          lookup
              .findConstructor(scopeType, MethodType.methodType(void.class, String.class))
              .invoke("benchmark");
      yield =
          lookup
              .findStatic(type, "yield", MethodType.methodType(boolean.class, scopeType))
              .bindTo(scope);
      Object continuation =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, scopeType, Runnable.class))
              .invoke(scope, (Runnable) this::count);
      run = lookup.findVirtual(type, "run", MethodType.methodType(void.class)).bindTo(continuation);
    }

    private void count() {
      try {
        while (true) {
          value++;
          boolean ignored = (boolean) yield.invokeExact();
        }
      } catch (Throwable failure) {
        throw new AssertionError(failure);
      }
    }
  }

  /** A virtual thread that waits for its turn. */
  @State(Scope.Thread)
  public static class HandOff {
    private volatile boolean bodysTurn;
    private volatile boolean stopped;
    private volatile Thread caller;
    private Thread body;
    private int value;

    /** Starts the thread. */
    @Setup
    public void start() throws Throwable {
      body =
          (Thread)
              Thread.class
                  .getMethod("startVirtualThread", Runnable.class)
                  .invoke(null, (Runnable) this::serve);
    }

    private void serve() {
      while (!stopped) {
        while (!bodysTurn && !stopped) {
          LockSupport.park();
        }
        value++;
        bodysTurn = false;
        LockSupport.unpark(caller);
      }
    }

    /** Ends the thread. */
    @TearDown
    public void stop() {
      stopped = true;
      LockSupport.unpark(body);
    }
  }

  /** Runs the continuation to its next yield. */
  @Benchmark
  public int continuation(Continuations state) throws Throwable {
    state.run.invoke();
    return state.value;
  }

  /** Hands the turn to the virtual thread and waits for it. */
  @Benchmark
  public int virtualThread(HandOff state) {
    state.caller = Thread.currentThread();
    state.bodysTurn = true;
    LockSupport.unpark(state.body);
    while (state.bodysTurn) {
      LockSupport.park();
    }
    return state.value;
  }
}
