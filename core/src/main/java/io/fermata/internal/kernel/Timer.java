package io.fermata.internal.kernel;

/** A job that becomes ready at a given time. Belongs to the loop's thread. */
public abstract class Timer implements Runnable {
  /** When, in nanoseconds of the loop's clock. */
  long when;

  /** Among those of the same time, the one that was scheduled first comes first. */
  long order;

  /** Its place in the heap; -1 if it is not in it. */
  int index = -1;

  /** For subclasses only. */
  protected Timer() {}

  /** When it becomes ready, if it is or was scheduled. */
  public final long whenDue() {
    return when;
  }

  /** Whether it waits for its time. */
  public final boolean isScheduled() {
    return index >= 0;
  }

  final boolean isBefore(Timer other) {
    return when != other.when ? when - other.when < 0 : order - other.order < 0;
  }
}
