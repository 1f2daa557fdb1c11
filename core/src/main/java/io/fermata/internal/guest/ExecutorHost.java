package io.fermata.internal.guest;

import io.fermata.async.LoopHost;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A host that runs its jobs on an executor. A scheduled executor also serves the deadlines;
 * otherwise the JVM's timer thread does.
 */
public final class ExecutorHost implements LoopHost {
  private final Executor executor;

  /**
   * Tells the thread of the executor; null if the user gave none. Then the thread of the last round
   * counts as the host's thread.
   */
  private final @Nullable BooleanSupplier hostThread;

  /** The thread of the last job, written by each job; null before the first. */
  private volatile @Nullable Thread last;

  public ExecutorHost(Executor executor, @Nullable BooleanSupplier hostThread) {
    this.executor = Objects.requireNonNull(executor, "the executor is null");
    this.hostThread = hostThread;
  }

  @Override
  public void execute(Runnable job) {
    if (hostThread != null) {
      executor.execute(job);
    } else {
      executor.execute(
          () -> {
            last = Thread.currentThread();
            job.run();
          });
    }
  }

  @Override
  public Future<?> wakeAfter(Duration delay, Runnable wake) {
    if (executor instanceof ScheduledExecutorService schedule) {
      return schedule.schedule(wake, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
    CompletableFuture<Boolean> deadline = new CompletableFuture<>();
    var unused =
        deadline.thenAccept(
            reached -> {
              if (reached) {
                wake.run();
              }
            });
    // Cancelling the future also removes its timer, and with it the reference to the loop.
    return deadline.completeOnTimeout(true, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isHostThread() {
    if (hostThread != null) {
      return hostThread.getAsBoolean();
    }
    Thread known = last;
    // A pool may have replaced its thread, so any thread passes until the next job tells.
    return known == null || known == Thread.currentThread() || !known.isAlive();
  }

  /** As {@link #isHostThread}, but false if the thread is not known. */
  boolean isSurelyHostThread() {
    return hostThread != null ? hostThread.getAsBoolean() : last == Thread.currentThread();
  }

  @Override
  public boolean isTerminated() {
    return executor instanceof ExecutorService service && service.isTerminated();
  }

  @Override
  public String toString() {
    return executor.toString();
  }
}
