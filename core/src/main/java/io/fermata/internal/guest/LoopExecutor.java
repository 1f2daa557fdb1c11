package io.fermata.internal.guest;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.loop.Loop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A loop as others' executor: its jobs are callbacks of the loop. It can be shut down, which means
 * nothing to the loop.
 *
 * <p>Used by any thread. What it knows of its jobs is guarded by {@link #jobs}: each is in it from
 * when it was accepted until it begins or is given up.
 */
public final class LoopExecutor extends AbstractExecutorService
    implements ScheduledExecutorService {
  final Loop loop;
  private final Set<LoopJob> jobs = new LinkedHashSet<>();
  private int running;
  private boolean shutdown;
  private final CountDownLatch end = new CountDownLatch(1);

  public LoopExecutor(Loop loop) {
    this.loop = loop;
  }

  // Jobs

  @Override
  public void execute(Runnable command) {
    hand(new LoopJob(this, Objects.requireNonNull(command, "the job is null")));
  }

  private void hand(LoopJob job) {
    accept(job);
    try {
      loop.callSoonThreadSafe(job);
    } catch (IllegalStateException | RejectedExecutionException ended) {
      job.drop(ended);
      throw ended instanceof RejectedExecutionException rejected
          ? rejected
          : new RejectedExecutionException("the loop takes no jobs: " + ended.getMessage(), ended);
    }
    loop.dropIfClosed(job);
  }

  private void accept(LoopJob job) {
    synchronized (jobs) {
      if (shutdown) {
        throw new RejectedExecutionException("this view of the loop was shut down: " + loop);
      }
      jobs.add(job);
    }
    loop.home.follow(job);
  }

  /** The job is going to run now; false if it was given up. */
  boolean begin(LoopJob job) {
    synchronized (jobs) {
      if (!jobs.remove(job)) {
        return false;
      }
      running++;
      return true;
    }
  }

  /**
   * The job has run.
   *
   * @param again whether it wants to run again
   * @return whether it is going to
   */
  boolean ended(LoopJob job, boolean again) {
    boolean goesOn;
    synchronized (jobs) {
      running--;
      goesOn = again && !shutdown;
      if (goesOn) {
        jobs.add(job);
      }
      endIfIdle();
    }
    if (!goesOn) {
      loop.home.unfollow(job);
    }
    return goesOn;
  }

  /** The job is not going to run; false if it has begun, or was given up before. */
  boolean giveUp(LoopJob job) {
    synchronized (jobs) {
      if (!jobs.remove(job)) {
        return false;
      }
      endIfIdle();
    }
    loop.home.unfollow(job);
    return true;
  }

  private void endIfIdle() {
    if (shutdown && running == 0 && jobs.isEmpty()) {
      end.countDown();
    }
  }

  // Its end

  @Override
  public void shutdown() {
    List<LoopJob> waiting;
    synchronized (jobs) {
      shutdown = true;
      waiting = new ArrayList<>(jobs);
      endIfIdle();
    }
    waiting.forEach(LoopJob::cancelIfPeriodic);
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<LoopJob> waiting;
    synchronized (jobs) {
      shutdown = true;
      waiting = new ArrayList<>(jobs);
      endIfIdle();
    }
    List<Runnable> given = new ArrayList<>();
    for (LoopJob job : waiting) {
      if (job.take()) {
        given.add(job.command);
      }
    }
    return given;
  }

  @Override
  public boolean isShutdown() {
    synchronized (jobs) {
      return shutdown;
    }
  }

  @Override
  public boolean isTerminated() {
    return end.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    if (!isTerminated() && timeout > 0) {
      checkMayBlock("awaitTermination()");
    }
    return end.await(timeout, unit);
  }

  // What waits

  /** The loop must not wait for itself. */
  void checkMayBlock(String what) {
    if (loop.isLoopThread()) {
      throw new IllegalStateException(
          what
              + " on the thread of the loop that runs the jobs: it would wait for itself; await the"
              + " futures that submit() gives, or call this on another thread");
    }
  }

  @Override
  public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> calls)
      throws InterruptedException {
    checkMayBlock("invokeAll()");
    return super.invokeAll(calls);
  }

  @Override
  public <T> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> calls, long timeout, TimeUnit unit)
      throws InterruptedException {
    checkMayBlock("invokeAll()");
    return super.invokeAll(calls, timeout, unit);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(calls, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (TimeoutException never) {
      throw new AssertionError(never);
    }
  }

  /** The loop runs one job at a time anyway, so it gets the next one when the last has failed. */
  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> calls, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    checkMayBlock("invokeAny()");
    long nanos = unit.toNanos(timeout);
    long start = Clock.SYSTEM.nanos();
    ExecutionException failure = null;
    for (Callable<T> call : List.copyOf(calls)) {
      Future<T> future = submit(call);
      try {
        return future.get(nanos - (Clock.SYSTEM.nanos() - start), TimeUnit.NANOSECONDS);
      } catch (ExecutionException failed) {
        failure = failed;
      } finally {
        future.cancel(false);
      }
    }
    if (failure == null) {
      throw new IllegalArgumentException("nothing to invoke: no calls");
    }
    throw failure;
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> call) {
    return new LoopFuture<>(this, call, 0, 0);
  }

  @Override
  protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable job, T value) {
    Objects.requireNonNull(job, "the job is null");
    return newTaskFor(
        () -> {
          job.run();
          return value;
        });
  }

  // Schedules

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return this.<@Nullable Object>schedule(callable(command), delay, 0, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> call, long delay, TimeUnit unit) {
    return schedule(Objects.requireNonNull(call, "the call is null"), delay, 0, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long delay, long period, TimeUnit unit) {
    return this.<@Nullable Object>schedule(
        callable(command), delay, nanos("period", period, unit), unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long delay, long pause, TimeUnit unit) {
    return this.<@Nullable Object>schedule(
        callable(command), delay, -nanos("delay", pause, unit), unit);
  }

  private static Callable<@Nullable Object> callable(Runnable job) {
    Objects.requireNonNull(job, "the job is null");
    return () -> {
      job.run();
      return null;
    };
  }

  private static long nanos(String what, long time, TimeUnit unit) {
    if (time <= 0) {
      throw new IllegalArgumentException("a " + what + " of " + time + " " + unit + ": give more");
    }
    return unit.toNanos(time);
  }

  private <V extends @Nullable Object> ScheduledFuture<V> schedule(
      Callable<V> call, long delay, long period, TimeUnit unit) {
    long wait = Math.max(0, unit.toNanos(delay));
    long when = wait > Long.MAX_VALUE - now() ? Long.MAX_VALUE - 1 : now() + wait;
    LoopFuture<V> future = new LoopFuture<>(this, call, when, period);
    hand(new LoopJob(this, future));
    return future;
  }

  long now() {
    return loop.kernel.now();
  }

  @Override
  public String toString() {
    synchronized (jobs) {
      String state = !shutdown ? "open" : isTerminated() ? "terminated" : "shut down";
      return "executor (" + state + ", " + (jobs.size() + running) + " jobs) of " + loop;
    }
  }
}
