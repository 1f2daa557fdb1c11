package io.fermata.internal.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The worker threads of a loop: a few for blocking calls, and one for each future that only blocks.
 *
 * <p>The loop's thread makes them when they are needed. They are daemons, and end with the loop.
 */
public final class Workers {
  /** The size of Python's default executor. */
  private static final int SIZE = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);

  private static final long IDLE_SECONDS = 10;

  private @Nullable ThreadPoolExecutor calls;
  private @Nullable ThreadPoolExecutor waits;
  private final CompletableFuture<@Nullable Void> callsEnd = new CompletableFuture<>();

  private static final ThreadFactory THREADS =
      job -> {
        Thread thread = new Thread(job, "fermata worker");
        thread.setDaemon(true);
        return thread;
      };

  /** For calls that block. */
  public Executor forCalls() {
    if (calls == null) {
      calls =
          new ThreadPoolExecutor(
              SIZE, SIZE, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), THREADS) {
            @Override
            protected void terminated() {
              callsEnd.complete(null);
            }
          };
      calls.allowCoreThreadTimeOut(true);
    }
    return calls;
  }

  /** Has a thread wait for a future. */
  void waitFor(Future<?> future, Runnable done) {
    if (waits == null) {
      waits =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              THREADS);
    }
    waits.execute(
        () -> {
          try {
            future.get();
          } catch (InterruptedException shutDown) {
            return;
          } catch (Exception ended) {
            // whoever copies the outcome sees it
          }
          done.run();
        });
  }

  /** Has a job run on a thread that keeps the JVM from ending before it. */
  public static void keepJvmFor(Runnable job) {
    Thread thread = new Thread(job, "fermata termination");
    thread.setDaemon(false);
    thread.start();
  }

  /** Waits for calls that are under way, as Python does; drops those that wait for futures. */
  void close() throws InterruptedException {
    var unused = shutdown();
    if (calls != null) {
      calls.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
  }

  /** As {@link #close}, but only tells when the calls that are under way have returned. */
  public CompletableFuture<@Nullable Void> shutdown() {
    if (waits != null) {
      waits.shutdownNow();
    }
    if (calls == null) {
      callsEnd.complete(null);
    } else {
      calls.shutdown();
    }
    return callsEnd;
  }
}
