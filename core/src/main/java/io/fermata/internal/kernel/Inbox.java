package io.fermata.internal.kernel;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want the loop to run: a stack that they push on, and that the loop takes away
 * whole and turns over. So each thread's jobs stay in order, and neither side waits for the other.
 */
final class Inbox {
  private record Entry(Runnable job, @Nullable Entry below) {}

  private final AtomicReference<@Nullable Entry> top = new AtomicReference<>();

  /**
   * Puts a job in; on any thread.
   *
   * @return true if there was none, so that the loop may be asleep
   */
  boolean add(Runnable job) {
    while (true) {
      Entry below = top.get();
      if (top.compareAndSet(below, new Entry(job, below))) {
        return below == null;
      }
    }
  }

  boolean isEmpty() {
    return top.get() == null;
  }

  /** Moves all jobs to the ready batch. */
  void drainTo(Kernel kernel) {
    Entry taken = top.getAndSet(null);
    Entry first = null;
    while (taken != null) {
      first = new Entry(taken.job, first);
      taken = taken.below;
    }
    for (Entry entry = first; entry != null; entry = entry.below) {
      kernel.ready(entry.job);
    }
  }
}
