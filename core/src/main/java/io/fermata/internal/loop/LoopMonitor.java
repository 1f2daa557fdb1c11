package io.fermata.internal.loop;

import java.io.IOException;

/** The view into one loop from outside: dumps, the watchdog, recordings. */
public interface LoopMonitor {
  /** The loop lives from now on; on any thread if it is a guest. */
  void begin();

  /** A run begins; the loop's thread is known. */
  void beginRun();

  /** A guest's round begins. Before it, the host did other work. */
  void beginRound();

  /** The run is over, or the loop has ended; on any thread. */
  void end();

  /** The loop is closed. Everything that it made is awaited now or never. */
  void closed();

  /**
   * Limits the time of one step.
   *
   * @param nanos after which a step is reported; 0 for never
   */
  void setStepLimit(long nanos);

  /**
   * Writes all tasks as a tree; on any thread.
   *
   * @param out gets the text on the loop's thread, while the caller waits
   * @throws IOException if {@code out} fails
   */
  void dump(Appendable out) throws IOException;

  /** As {@link #dump(Appendable)}, as one text. */
  String dump();

  /**
   * Writes one task and the tasks that it waits for; on any thread.
   *
   * @param task of this loop
   * @param out gets the text on the loop's thread, while the caller waits
   * @throws IOException if {@code out} fails
   */
  void dump(LoopTask<?> task, Appendable out) throws IOException;

  /** As {@link #dump(LoopTask, Appendable)}, as one text. */
  String dump(LoopTask<?> task);
}
