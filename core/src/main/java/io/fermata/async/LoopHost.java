package io.fermata.async;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * The host of a guest loop: it has a thread, and runs jobs on it one at a time. {@link
 * EventLoop#on(java.util.concurrent.Executor)} makes a host of an executor; implement this
 * interface if the deadlines, too, should come from the host.
 *
 * <p>A loop hands over one job at a time, and the next one after that has run; each job is a round
 * of the loop. The handing over of a job happens before the job, and each job happens before the
 * next one.
 */
public interface LoopHost {
  /**
   * Runs a job on the host's thread later, never within this call. Called on any thread.
   *
   * @param job the job; it runs once, and returns soon
   * @throws RejectedExecutionException if the host takes no more jobs, which ends the loop; any
   *     other exception has the same effect
   */
  void execute(Runnable job);

  /**
   * Calls a runnable after a delay, on any thread, at most once. Called on the host's thread.
   *
   * @param delay the delay from now, not negative
   * @param wake the runnable; it returns at once. Do not call it within this call
   * @return a future that cancels the call; it should also drop its reference to {@code wake}
   * @throws RejectedExecutionException if the host takes no more jobs, which ends the loop
   */
  Future<?> wakeAfter(Duration delay, Runnable wake);

  /**
   * Whether the current thread is the host's thread, which may use the objects of the loop, also
   * between the loop's rounds in other jobs of the host. Called in each round, by assertions, and
   * when the loop is used outside of a round: if it returns false there, that use throws the
   * exception of a wrong thread.
   *
   * @return true in every job of the host
   */
  boolean isHostThread();

  /**
   * Whether the host has ended, so that not even accepted jobs will run. Called on any thread; the
   * watchdog's thread calls it a few times per second.
   *
   * @return true if no job is running or will ever run; false if that is not known
   */
  default boolean isTerminated() {
    return false;
  }
}
