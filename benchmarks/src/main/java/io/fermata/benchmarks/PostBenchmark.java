package io.fermata.benchmarks;

import io.fermata.async.EventLoop;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Callbacks that two threads hand to a loop on a third one, per callback of each thread: each posts
 * a batch, and waits until the loop has run it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@Threads(2)
public class PostBenchmark {
  private static final int N = 10_000;

  /** A loop of Fermata's. */
  @State(Scope.Benchmark)
  public static class Ours {
    private final EventLoop loop = EventLoop.open();
    private final Thread thread = new Thread(loop::runForever);

    /** Starts it. */
    @Setup
    public void start() {
      thread.start();
    }

    /** Ends it. */
    @TearDown
    public void stop() throws InterruptedException {
      loop.callSoonThreadSafe(loop::stop);
      thread.join();
      loop.close();
    }
  }

  /** Loops of Netty's. */
  @State(Scope.Benchmark)
  public static class Netty {
    private final DefaultEventLoop plain = new DefaultEventLoop();
    private final MultiThreadIoEventLoopGroup nio =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Executor nioLoop = nio.next();

    /** Ends them. */
    @TearDown
    public void stop() throws InterruptedException {
      plain.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
      nio.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }
  }

  /** What one thread posts. */
  @State(Scope.Thread)
  public static class Batch {
    private final Semaphore ran = new Semaphore(0);
    private final Runnable last = ran::release;

    /** Of the loop's thread; away from what the one that posts reads. */
    private final int[] count = new int[64];

    private final Runnable each = () -> count[32]++;
  }

  /** Fermata. */
  @Benchmark
  @OperationsPerInvocation(N)
  public void post(Ours ours, Batch batch) {
    EventLoop loop = ours.loop;
    for (int i = 1; i < N; i++) {
      loop.callSoonThreadSafe(batch.each);
    }
    loop.callSoonThreadSafe(batch.last);
    batch.ran.acquireUninterruptibly();
  }

  /** A loop that only runs what is posted. */
  @Benchmark
  @OperationsPerInvocation(N)
  public void postNetty(Netty netty, Batch batch) {
    post(netty.plain, batch);
  }

  /** A loop that waits on a selector. */
  @Benchmark
  @OperationsPerInvocation(N)
  public void postNettyNio(Netty netty, Batch batch) {
    post(netty.nioLoop, batch);
  }

  private static void post(Executor loop, Batch batch) {
    for (int i = 1; i < N; i++) {
      loop.execute(batch.each);
    }
    loop.execute(batch.last);
    batch.ran.acquireUninterruptibly();
  }
}
