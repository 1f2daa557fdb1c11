package io.fermata.internal.loop;

/** A listener to the tasks of a loop; called on the loop's thread. */
public interface TaskObserver {
  /** The first step of a task begins. */
  void started(LoopTask<?> task);

  /** A task has ended. */
  void ended(LoopTask<?> task);
}
