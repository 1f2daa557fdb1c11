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
 * A view of a loop as an executor for other code. Its jobs are callbacks of the loop. Shutting it
 * down does not affect the loop.
 *
 * <p>It may be used on any thread. All fields are guarded by {@link #jobs}, which holds each job
 * from its acceptance until it begins or is withdrawn:
 *
 * <pre>
 * ACCEPTED -&gt; RUNNING    the loop runs the job
 * RUNNING  -&gt; ENDED      it has run
 * RUNNING  -&gt; ACCEPTED   a periodic job waits for its next time
 * ACCEPTED -&gt; WITHDRAWN  cancelled, dropped with the loop, or given back by shutdownNow()
 * </pre>
 *
 * <p>The job that is removed from {@link #jobs} decides: exactly one thread begins or withdraws it.
 */
public final class LoopExecutor extends AbstractExecutorService
    implements ScheduledExecutorService {
  final Loop loop;

  /** The accepted jobs, in the order of their acceptance. */
  private final Set<LoopJob> jobs = new LinkedHashSet<>();

  /** The number of jobs that run now. */
  private int running;

  private boolean shutdown;
  private final CountDownLatch end = new CountDownLatch(1);

  public LoopExecutor(Loop loop) {
    this.loop = loop;
    loop.noteOutside();
  }

  // Jobs

  @Override
  public void execute(Runnable command) {
    enqueue(new LoopJob(this, Objects.requireNonNull(command, "the job is null")));
  }

  private void enqueue(LoopJob job) {
    accept(job); // first, so that the loop finds the job when it runs it at once
    try {
      loop.callSoonThreadSafe(job);
    } catch (IllegalStateException | RejectedExecutionException ended) {
      job.drop(ended);
      throw ended instanceof RejectedExecutionException rejected
          ? rejected
          : new RejectedExecutionException("the loop takes no jobs: " + ended.getMessage(), ended);
    }
    loop.dropIfClosed(job); // it may have been closed between the check and the submission
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

  /** Begins a job; false if it was withdrawn. */
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
   * Ends a run of a job.
   *
   * @param again whether the job is periodic and goes on
   * @return whether it runs again; false after a shutdown
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

  /** Withdraws a job, so it never runs; false if it has begun, or was withdrawn before. */
  boolean withdraw(LoopJob job) {
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

  // Shutdown

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
      if (job.withdrawForCaller()) {
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

  // Methods that wait

  /** Refuses to block the loop's thread, which would wait for itself. */
  void checkMayBlock(String method) {
    if (loop.isLoopThread()) {
      throw new IllegalStateException(
          method
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

  /** Submits the calls one after the other, because the loop runs one job at a time anyway. */
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
        future.cancel(false); // after a timeout the job must not run; otherwise it does nothing
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

  private static long nanos(String name, long time, TimeUnit unit) {
    if (time <= 0) {
      throw new IllegalArgumentException(
          "a " + name + " of " + time + " " + unit + " is not positive: give more");
    }
    return unit.toNanos(time);
  }

  private <V extends @Nullable Object> ScheduledFuture<V> schedule(
      Callable<V> call, long delay, long period, TimeUnit unit) {
    long wait = Math.max(0, unit.toNanos(delay));
    // MAX_VALUE would mean never, and the sum must not overflow.
    long when = wait > Long.MAX_VALUE - now() ? Long.MAX_VALUE - 1 : now() + wait;
    LoopFuture<V> future = new LoopFuture<>(this, call, when, period);
    enqueue(new LoopJob(this, future));
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
