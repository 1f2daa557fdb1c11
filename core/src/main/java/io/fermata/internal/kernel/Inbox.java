package io.fermata.internal.kernel;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want the loop to run: a stack that they push on, and that the loop takes away
 * whole and turns over. So each thread's jobs stay in order, and neither side waits for the other.
 */
final class Inbox {
  /** A job that is no entry by itself. */
  private static final class Entry extends Posted {
    final Runnable job;

    Entry(Runnable job) {
      this.job = job;
    }

    @Override
    public void run() {
      job.run();
    }
  }

  private final AtomicReference<@Nullable Posted> top = new AtomicReference<>();

  /**
   * Puts a job in; on any thread.
   *
   * @return true if there was none, so that the loop may be asleep
   */
  boolean add(Runnable job) {
    Posted entry = job instanceof Posted posted ? posted : new Entry(job);
    while (true) {
      Posted below = top.get();
      entry.next = below;
      if (top.compareAndSet(below, entry)) {
        return below == null;
      }
    }
  }

  boolean isEmpty() {
    return top.get() == null;
  }

  /** Moves all jobs to the ready batch. */
  void drainTo(Kernel kernel) {
    Posted taken = top.getAndSet(null);
    Posted first = null;
    while (taken != null) {
      Posted below = taken.next;
      taken.next = first;
      first = taken;
      taken = below;
    }
    while (first != null) {
      Posted after = first.next;
      first.next = null;
      kernel.ready(first instanceof Entry entry ? entry.job : first);
      first = after;
    }
  }
}
