package io.fermata.async;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous generators that were first stepped by tasks of a loop and have not ended, in
 * that order. It does not keep them alive: one that nobody can step any more is dropped.
 *
 * <p>Belongs to the loop's thread.
 */
final class OpenGenerators {
  private final ReferenceQueue<SteppedGenerator<?, ?>> dropped = new ReferenceQueue<>();
  private @Nullable Entry first;
  private @Nullable Entry last;

  /** The place of a generator in the list. */
  static final class Entry extends WeakReference<SteppedGenerator<?, ?>> {
    private final OpenGenerators list;
    private @Nullable Entry before;
    private @Nullable Entry after;
    private boolean removed;

    Entry(OpenGenerators list, SteppedGenerator<?, ?> generator) {
      super(generator, list.dropped);
      this.list = list;
    }

    /** The generator has ended. */
    void remove() {
      list.unlink(this);
    }
  }

  Entry add(SteppedGenerator<?, ?> generator) {
    for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      unlink((Entry) gone);
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

  /** Those that are open now. */
  List<SteppedGenerator<?, ?>> toList() {
    List<SteppedGenerator<?, ?>> all = new ArrayList<>();
    for (Entry entry = first; entry != null; entry = entry.after) {
      SteppedGenerator<?, ?> generator = entry.get();
      if (generator != null) {
        all.add(generator);
      }
    }
    return all;
  }
}
