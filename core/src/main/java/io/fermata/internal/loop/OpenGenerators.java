package io.fermata.internal.loop;

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
 * The asynchronous generators that tasks of a loop have stepped first and that have not ended, in
 * that order.
 *
 * <p>It holds their frames, so that the loop can close each of them. A generator that nobody can
 * step any more is closed when the next one begins. On a virtual clock it waits for the end of the
 * loop, since collections come at no certain time.
 *
 * <p>Belongs to the loop's thread.
 */
public final class OpenGenerators {
  private final ReferenceQueue<SteppedGenerator<?, ?>> dropped = new ReferenceQueue<>();
  private final Loop loop;
  private final Entries entries = new Entries();

  OpenGenerators(Loop loop) {
    this.loop = loop;
  }

  /** The place of a generator in the list. */
  static final class Entry extends WeakReference<SteppedGenerator<?, ?>> {
    private final OpenGenerators list;
    private final AsyncGeneratorFrame<?> frame;
    private @Nullable Entry before;
    private @Nullable Entry after;

    Entry(OpenGenerators list, SteppedGenerator<?, ?> generator) {
      super(generator, list.dropped);
      this.list = list;
      this.frame = generator.frame;
    }

    /** The generator has ended. */
    void remove() {
      list.entries.remove(this);
    }
  }

  /** The order of first steps. */
  private static final class Entries extends IntrusiveList<Entry> {
    @Override
    protected @Nullable Entry before(Entry node) {
      return node.before;
    }

    @Override
    protected void linkBefore(Entry node, @Nullable Entry before) {
      node.before = before;
    }

    @Override
    protected @Nullable Entry after(Entry node) {
      return node.after;
    }

    @Override
    protected void linkAfter(Entry node, @Nullable Entry after) {
      node.after = after;
    }
  }

  Entry add(SteppedGenerator<?, ?> generator) {
    // On a virtual clock a collection would make runs differ.
    if (loop.isInRealTime() && !loop.isClosing()) {
      closeDropped();
    }
    Entry entry = new Entry(this, generator);
    entries.add(entry);
    return entry;
  }

  private void closeDropped() {
    for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      Entry entry = (Entry) gone;
      if (entries.contains(entry)) {
        SteppedGenerator<?, ?> generator = revived(entry);
        loop.start(generator.aclose()).addDoneCallback(ended -> report(ended, generator));
      }
    }
  }

  /** A generator in place of one that was collected, which will have an entry of its own. */
  private SteppedGenerator<?, ?> revived(Entry entry) {
    entries.remove(entry);
    return new SteppedGenerator<>(entry.frame);
  }

  private void report(Deferred<Void> ended, SteppedGenerator<?, ?> generator) {
    ((LoopDeferred<?>) ended).markRetrieved();
    Cancellations.failuresIn(((LoopDeferred<?>) ended).failure())
        .forEach(failure -> reportFailed(failure, generator));
  }

  public void reportFailed(Throwable failure, SteppedGenerator<?, ?> generator) {
    loop.report(
        new LoopFailure("an async generator failed while it was being closed", failure, generator));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Those that are open now, to be closed. */
  public List<SteppedGenerator<?, ?>> toList() {
    List<SteppedGenerator<?, ?>> all = new ArrayList<>();
    Entry entry = entries.first();
    while (entry != null) {
      Entry next = entries.next(entry);
      SteppedGenerator<?, ?> generator = entry.get();
      all.add(generator == null ? revived(entry) : generator);
      entry = next;
    }
    return all;
  }
}
