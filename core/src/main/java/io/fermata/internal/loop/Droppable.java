package io.fermata.internal.loop;

/** A job with a future: the future fails if the loop does not run the job. */
public interface Droppable extends Runnable {
  /**
   * The loop is closed, or has lost its host. Once more is harmless, also after the job has run; on
   * any thread.
   *
   * @param why tells what happened
   */
  void drop(RuntimeException why);
}
