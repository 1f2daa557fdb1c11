package io.fermata.internal.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of other threads: a stack that they push on. The loop takes the stack away whole and
 * turns it over.
 *
 * <p><b>Guarantee.</b> The jobs of one thread stay in order. Neither side waits for the other. A
 * push on the empty stack wakes the host; later pushes need not.
 *
 * <p><b>Structure.</b> Other threads touch nothing else of the kernel, and the loop touches nothing
 * here while it runs jobs. A field that both sides write would travel between the processors'
 * caches, so the top of the stack has cache lines of its own.
 *
 * <p><b>Rejected.</b> A queue of java.util.concurrent: it allocates per job, and its ends are
 * written by both sides. An array under a lock: slower with two threads (docs/benchmarks.md).
 */
public final class Inbox {
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

  /** Where the top is in its array, away from what lies before and behind it in memory. */
  private static final int TOP = 32;

  private final AtomicReferenceArray<@Nullable Posted> top = new AtomicReferenceArray<>(2 * TOP);
  private final Host host;

  Inbox(Host host) {
    this.host = host;
  }

  /**
   * Has a job run in the next round, and wakes the loop; on any thread.
   *
   * @param job a {@link Posted} only once
   */
  public void post(Runnable job) {
    if (add(job instanceof Posted posted ? posted : new Entry(job))) {
      host.wake();
    }
  }

  /**
   * Puts a job in.
   *
   * @return true if there was none, so that the loop may be asleep
   */
  private boolean add(Posted entry) {
    while (true) {
      Posted below = top.get(TOP);
      entry.next = below;
      if (top.compareAndSet(TOP, below, entry)) {
        return below == null;
      }
      Thread.onSpinWait(); // lets the one that was faster put in some more
    }
  }

  boolean isEmpty() {
    return top.get(TOP) == null;
  }

  /** Moves all jobs to the ready batch. */
  void drainTo(Kernel kernel) {
    Posted taken = top.getAndSet(TOP, null);
    // The stack has the last job on top: turn it over.
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
