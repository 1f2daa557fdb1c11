package io.fermata.io;

import io.fermata.internal.loop.Loop;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read and write pipes and start processes: daemons, shared by all loops, one for
 * each call that blocks. An idle one ends.
 *
 * <p>Platform threads, also where there are virtual ones: a blocking read of a file or pipe holds
 * the carrier of a virtual thread, and there are at most 256 of those for the whole JVM.
 */
final class PipeThreads {
  private static final long IDLE_SECONDS = 5;

  /** They call the system, and no code of the user. */
  private static final long STACK_BYTES = 128 << 10;

  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          job -> {
            Thread thread = new Thread(null, job, "fermata pipe", STACK_BYTES);
            thread.setDaemon(true);
            return thread;
          });

  private PipeThreads() {}

  /** Runs a call that may block and does not throw. */
  static void execute(Runnable call) {
    THREADS.execute(call);
  }

  /**
   * Lets a loop run a job. On any thread.
   *
   * @return false if the loop is closed
   */
  static boolean post(Loop loop, Runnable job) {
    try {
      loop.callSoonThreadSafe(job);
      return true;
    } catch (IllegalStateException closed) {
      return false;
    }
  }
}
