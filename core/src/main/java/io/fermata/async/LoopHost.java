package io.fermata.async;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where an event loop lives as a guest: something that has a thread, and runs jobs on it one at a
 * time. For executors there is one ready, see {@link EventLoop#on(java.util.concurrent.Executor)};
 * write your own where deadlines are to come from the host too.
 *
 * <p>A loop hands over one job at a time and waits until it has run; each is a round of the loop.
 * What happens before a job is handed over is seen by the job, and what a job does by the next one.
 */
public interface LoopHost {
  /**
   * Has a job run on the host's thread, later: never within this call. Called on any thread.
   *
   * @param job runs once, and returns soon
   * @throws RejectedExecutionException if the host takes no jobs any more, which is the end of the
   *     loop; any other exception counts as this
   */
  void execute(Runnable job);

  /**
   * Calls something after some time, on any thread, at most once. Called on the host's thread.
   *
   * @param delay how long from now, not negative
   * @param wake returns at once; not to be called within this call
   * @return cancels it, best also drops what it holds
   * @throws RejectedExecutionException if the host takes no jobs any more, which is the end of the
   *     loop
   */
  Future<?> wakeAfter(Duration delay, Runnable wake);

  /**
   * Whether the current thread is the host's, and so may use what belongs to the loop: also between
   * the loop's rounds, in other jobs of the host. It is asked in each round, by assertions, and
   * when the loop is used outside of a round: then false is the wrong thread's exception.
   *
   * @return true in every job of the host
   */
  boolean isHostThread();

  /**
   * Whether the host has ended, so that not even the jobs that it took will run. Called on any
   * thread, also by one that looks after loops, a few times per second.
   *
   * @return true if no job is running or will ever run; false if that is not known
   */
  default boolean isTerminated() {
    return false;
  }
}
