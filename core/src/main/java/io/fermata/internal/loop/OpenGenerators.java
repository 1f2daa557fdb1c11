package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.async.Deferred;
import io.fermata.async.LoopFailure;
import io.fermata.runtime.AsyncGeneratorFrame;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous generators that were first stepped by tasks of a loop and have not ended, in
 * that order. It keeps their frames, so that all are closed at last; of one that nobody can step
 * any more, the next time that another one begins. On a virtual clock that waits for the end of the
 * loop, as collections come at no certain time.
 *
 * <p>Belongs to the loop's thread.
 */
public final class OpenGenerators {
  private final ReferenceQueue<SteppedGenerator<?, ?>> dropped = new ReferenceQueue<>();
  private final Loop loop;
  private @Nullable Entry first;
  private @Nullable Entry last;

  OpenGenerators(Loop loop) {
    this.loop = loop;
  }

  /** The place of a generator in the list. */
  static final class Entry extends WeakReference<SteppedGenerator<?, ?>> {
    private final OpenGenerators list;
    private final AsyncGeneratorFrame<?> frame;
    private @Nullable Entry before;
    private @Nullable Entry after;
    private boolean removed;

    Entry(OpenGenerators list, SteppedGenerator<?, ?> generator) {
      super(generator, list.dropped);
      this.list = list;
      this.frame = generator.frame;
    }

    /** The generator has ended. */
    void remove() {
      list.unlink(this);
    }
  }

  Entry add(SteppedGenerator<?, ?> generator) {
    if (loop.isInRealTime() && !loop.isClosing()) {
      closeDropped();
    }
    Entry entry = new Entry(this, generator);
    entry.before = last;
    if (last == null) {
      first = entry;
    } else {
      last.after = entry;
    }
    last = entry;
    return entry;
  }

  private void unlink(Entry entry) {
    if (entry.removed) {
      return;
    }
    entry.removed = true;
    if (entry.before == null) {
      first = entry.after;
    } else {
      entry.before.after = entry.after;
    }
    if (entry.after == null) {
      last = entry.before;
    } else {
      entry.after.before = entry.before;
    }
  }

  private void closeDropped() {
    for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      Entry entry = (Entry) gone;
      if (!entry.removed) {
        SteppedGenerator<?, ?> generator = revived(entry);
        loop.start(generator.aclose()).addDoneCallback(ended -> report(ended, generator));
      }
    }
  }

  /** A generator in place of one that was collected, which will have an entry of its own. */
  private SteppedGenerator<?, ?> revived(Entry entry) {
    unlink(entry);
    return new SteppedGenerator<>(entry.frame);
  }

  private void report(Deferred<Void> ended, SteppedGenerator<?, ?> generator) {
    Throwable failure = ((LoopDeferred<?>) ended).failure();
    if (failure != null && !(failure instanceof Cancelled)) {
      ((LoopDeferred<?>) ended).markRetrieved();
      reportFailed(failure, generator);
    }
  }

  public void reportFailed(Throwable failure, SteppedGenerator<?, ?> generator) {
    loop.report(
        new LoopFailure("an async generator failed while it was being closed", failure, generator));
  }

  boolean isEmpty() {
    return first == null;
  }

  /** Those that are open now, to be closed. */
  public List<SteppedGenerator<?, ?>> toList() {
    List<SteppedGenerator<?, ?>> all = new ArrayList<>();
    Entry entry = first;
    while (entry != null) {
      Entry next = entry.after;
      SteppedGenerator<?, ?> generator = entry.get();
      all.add(generator == null ? revived(entry) : generator);
      entry = next;
    }
    return all;
  }
}
