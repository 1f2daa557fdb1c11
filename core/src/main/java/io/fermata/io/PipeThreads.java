package io.fermata.io;

import io.fermata.internal.loop.Loop;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the JVM on which pipes are read and written, and processes started: daemons, one
 * for each call that blocks, used again and ended when idle.
 *
 * <p>Platform threads, also where there are virtual ones: a blocking read of a file or pipe holds
 * the carrier of a virtual thread, and there are at most 256 of those for the whole JVM.
 */
final class PipeThreads {
  private static final long IDLE_SECONDS = 5;

  /** They call the system, and nothing of the user's. */
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

  /** Has a call run that may block. It must not throw. */
  static void execute(Runnable call) {
    THREADS.execute(call);
  }

  /**
   * Has a loop run something, on any thread.
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
