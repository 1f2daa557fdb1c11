package io.fermata.internal.loop;

import io.fermata.async.LoopFailure;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The failures of promises and tasks that nobody has seen so far.
 *
 * <p>One is reported when its promise or task was collected. The thread that watches loops notices
 * that, or the next failure does, or else the end of the loop. On a virtual clock it is always the
 * end, since collections come at no certain time.
 *
 * <p>Belongs to the loop's thread.
 */
public final class UnretrievedFailures {
  private final ReferenceQueue<LoopDeferred<?>> dropped = new ReferenceQueue<>();
  private final Set<Entry> entries = new LinkedHashSet<>();
  private final Consumer<LoopFailure> report;

  UnretrievedFailures(Consumer<LoopFailure> report) {
    this.report = report;
  }

  /** A failure, and a weak reference to the promise or task. */
  final class Entry extends WeakReference<LoopDeferred<?>> {
    private final Throwable failure;
    private final String noun;

    /** On a virtual clock it is not collected, so that each run reports it at the same time. */
    @SuppressWarnings("unused") // its reference is the point
    private final @Nullable LoopDeferred<?> kept;

    private Entry(LoopDeferred<?> failed, Throwable failure) {
      super(failed, dropped);
      this.failure = failure;
      this.noun = failed.noun();
      this.kept = failed.loop.isInRealTime() ? null : failed;
    }

    /** Somebody has seen it. */
    void retrieved() {
      entries.remove(this);
    }

    private void tell() {
      if (entries.remove(this)) {
        report.accept(
            new LoopFailure("a failure was never retrieved: " + noun + " failed", failure, get()));
      }
    }
  }

  /** Adds the failure of a promise or task. */
  Entry watch(LoopDeferred<?> failed, Throwable failure) {
    reportDropped();
    Entry entry = new Entry(failed, failure);
    entries.add(entry);
    return entry;
  }

  /**
   * Has those that were dropped reported by their loop soon. On any thread.
   *
   * @param loop whose they are
   */
  public void handOver(Loop loop) {
    for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      loop.postIfOpen(((Entry) gone)::tell);
    }
  }

  private void reportDropped() {
    for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      ((Entry) gone).tell();
    }
  }

  /** Reports all: the loop is closed, and nobody will look. */
  void reportAll() {
    List.copyOf(entries).forEach(Entry::tell);
  }
}
