package io.fermata.internal.guest;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The future of a job of a {@link LoopExecutor}. Waiting for it on the loop's thread fails.
 * Cancelling it never interrupts: the loop's thread does not belong to the job.
 */
final class LoopFuture<V extends @Nullable Object> extends FutureTask<V>
    implements RunnableScheduledFuture<V> {
  private final LoopExecutor executor;

  /**
   * As in {@code ScheduledThreadPoolExecutor}: positive for a rate, negative for a pause between
   * two runs, 0 for a single run.
   */
  private final long period;

  /**
   * The time of the next run, in nanoseconds of the loop's clock. Written by the loop's thread
   * between two runs.
   */
  volatile long when;

  /** The job of this future; set before another thread sees this. */
  @Nullable LoopJob job;

  LoopFuture(LoopExecutor executor, Callable<V> call, long when, long period) {
    super(call);
    this.executor = executor;
    this.when = when;
    this.period = period;
  }

  boolean isOf(LoopExecutor view) {
    return executor == view;
  }

  /** Runs a periodic job once; returns whether it goes on. */
  boolean runOnce() {
    if (!runAndReset()) {
      return false;
    }
    when = period > 0 ? when + period : executor.now() - period;
    return true;
  }

  void fail(Throwable why) {
    setException(why);
  }

  @Override
  protected void done() {
    if (isCancelled() && job != null) {
      job.cancelled();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return super.cancel(false);
  }

  @Override
  public V get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      executor.checkMayBlock("get()");
    }
    return super.get();
  }

  @Override
  public V get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!isDone() && timeout > 0) {
      executor.checkMayBlock("get()");
    }
    return super.get(timeout, unit);
  }

  @Override
  public boolean isPeriodic() {
    return period != 0;
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(when - executor.now(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return other instanceof LoopFuture<?> peer && peer.executor == executor
        ? Long.compare(when, peer.when)
        : Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
