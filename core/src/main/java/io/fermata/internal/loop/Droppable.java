package io.fermata.internal.loop;

/** A job that somebody waits for, and so has to learn that the loop will not run it. */
public interface Droppable extends Runnable {
  /**
   * The loop is closed, or has lost its host. Once more is harmless, also after the job has run; on
   * any thread.
   *
   * @param why tells what happened
   */
  void drop(RuntimeException why);
}
