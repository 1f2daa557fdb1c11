package io.fermata.async;

import io.fermata.internal.kernel.Leaves;
import io.fermata.internal.kernel.Trap;
import io.fermata.runtime.AsyncFrame;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was made to be awaited, and was dropped instead: a forgotten {@code co.await}.
 *
 * <p>In debug mode everything is watched, and the report tells where it was made. Else only bodies
 * are, and of each lambda only the first few instances and then few of many: who forgets an await
 * forgets it each time, and making one costs a counter.
 *
 * <p>What is watched has an entry, a weak reference that goes when it is awaited, started or
 * discarded. One whose referent was collected before that is reported: by the thread that watches
 * loops, or when a loop is closed.
 */
final class Unawaited {
  /** Name of the system property that silences it: {@code off}. */
  static final String PROPERTY = "fermata.unawaited";

  private static final boolean OFF = "off".equals(System.getProperty(PROPERTY));

  /** How many instances of a lambda are watched at once, without debug mode. */
  private static final int FIRST = 4;

  /** Of how many later ones one is watched; a power of two. */
  private static final int ONE_OF = 4096;

  /** Instances made so far, by the hash of the class of the body; lost updates do no harm. */
  private static final int[] MADE = new int[1024];

  private static final Set<Entry> ENTRIES = ConcurrentHashMap.newKeySet();

  /** Entries of leaves, which do not know theirs. Only debug mode makes some. */
  private static final Map<Integer, Set<Entry>> LEAVES = new ConcurrentHashMap<>();

  private static final ReferenceQueue<Object> DROPPED = new ReferenceQueue<>();

  /** Whether everything is watched, in some loop at least. Written under the lock of this class. */
  private static boolean tracing = Debug.ALWAYS && !OFF;

  /** Whether {@link #LEAVES} may have entries. */
  private static boolean traced;

  private static int tracingLoops;

  /** Collections that were asked for when a loop was closed, and found nothing. */
  private static int fruitless;

  private Unawaited() {}

  /** One that is watched. */
  private static final class Entry extends WeakReference<Object> implements Runnable {
    final String what;
    final StackTraceElement @Nullable [] stack;

    /** The loop that ran then; 0 if none did. */
    final int loop;

    final int hash;

    Entry(Object made, String what, StackTraceElement @Nullable [] stack) {
      super(made, DROPPED);
      this.what = what;
      this.stack = stack;
      this.hash = System.identityHashCode(made);
      EventLoop running = EventLoop.running();
      this.loop = running == null ? 0 : running.number;
      ENTRIES.add(this);
    }

    /** It is awaited, or need not be. */
    @Override
    public void run() {
      ENTRIES.remove(this);
      clear();
    }
  }

  // Making and using

  /** A frame for a body. */
  static <T extends @Nullable Object> AsyncFrame<T> made(AsyncFrame<T> frame, Object body) {
    if (tracing ? Debug.here() : isSample(body)) {
      watch(frame, "its body at " + frame.place() + " did not run");
    }
    return frame;
  }

  /** A frame for the body of a scope, which is watched in its stead in debug mode. */
  static <T extends @Nullable Object> AsyncFrame<T> madeIn(AsyncFrame<T> frame, Object body) {
    return tracing ? frame : made(frame, body);
  }

  /** A frame that is written by hand. */
  static void made(Composed<?> frame) {
    if (tracing && Debug.here()) {
      watch(frame, "it did nothing");
    }
  }

  /** Something without a frame. */
  static void made(Async<?> leaf) {
    if (tracing && Debug.here()) {
      Entry entry = new Entry(leaf, "it did nothing", Debug.stack());
      LEAVES.computeIfAbsent(entry.hash, hash -> ConcurrentHashMap.newKeySet()).add(entry);
    }
  }

  /** Something without a frame is awaited. */
  static void used(Object leaf) {
    if (traced) {
      LEAVES.computeIfPresent(
          System.identityHashCode(leaf),
          (hash, entries) -> {
            entries.removeIf(
                entry -> {
                  boolean found = entry.refersTo(leaf);
                  if (found) {
                    entry.run();
                  }
                  return found;
                });
            return entries.isEmpty() ? null : entries;
          });
    }
  }

  private static boolean isSample(Object body) {
    int at = System.identityHashCode(body.getClass()) & (MADE.length - 1);
    int count = MADE[at]++;
    return (count < FIRST || (count & (ONE_OF - 1)) == 0) && !OFF;
  }

  private static void watch(AsyncFrame<?> frame, String what) {
    frame.whenClaimed(new Entry(frame, what, tracing ? Debug.stack() : null));
  }

  static synchronized void trace(boolean more) {
    tracingLoops += more ? 1 : -1;
    tracing = (Debug.ALWAYS || tracingLoops > 0) && !OFF;
    if (tracing && !traced) {
      traced = true;
      Leaves.tell(new Elsewhere());
    }
  }

  /** Leaves that are written in other packages. */
  private static final class Elsewhere implements Leaves.Observer {
    @Override
    public void made(Trap leaf) {
      if (leaf instanceof Async<?> async) {
        Unawaited.made(async);
      }
    }

    @Override
    public void used(Trap leaf) {
      Unawaited.used(leaf);
    }
  }

  // Telling

  /** Reports what was collected; on any thread. */
  static boolean reportDropped() {
    boolean any = false;
    for (Reference<?> gone = DROPPED.poll(); gone != null; gone = DROPPED.poll()) {
      any |= report((Entry) gone);
    }
    return any;
  }

  private static boolean report(Entry entry) {
    LEAVES.computeIfPresent(
        entry.hash,
        (hash, entries) -> {
          entries.remove(entry);
          return entries.isEmpty() ? null : entries;
        });
    if (!ENTRIES.remove(entry)) {
      return false;
    }
    StackTraceElement[] stack = entry.stack;
    StringBuilder text = new StringBuilder("an Async was never awaited: ").append(entry.what);
    if (stack == null) {
      text.append("; await it, start it as a task, or leave the call out. -D")
          .append(Debug.PROPERTY)
          .append("=true tells where it was made");
    } else {
      text.append("; await it, start it as a task, or leave the call out. It was made at");
      for (StackTraceElement line : stack) {
        text.append("\n    at ").append(line);
      }
    }
    text.append(" (-D").append(PROPERTY).append("=off silences this)");
    System.getLogger("io.fermata.async.unawaited").log(Level.WARNING, text.toString());
    return true;
  }

  /**
   * A loop is closed. If something that was made in it was not awaited, has it collected, so that
   * the report comes before the program ends; not where that takes long, or was in vain before.
   */
  static void closed(EventLoop loop) {
    if (ENTRIES.isEmpty()) {
      return;
    }
    reportDropped();
    boolean hasSome = false;
    for (Entry entry : ENTRIES) {
      hasSome |= entry.loop == loop.number && !entry.refersTo(null);
    }
    if (hasSome && (loop.isDebug() || (fruitless < 3 && Debug.isHeapSmall()))) {
      System.gc();
      if (!awaitDropped()) {
        fruitless++;
      }
    }
  }

  private static boolean awaitDropped() {
    try {
      Reference<?> gone = DROPPED.remove(100);
      boolean first = gone != null && report((Entry) gone);
      return reportDropped() || first;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return reportDropped();
    }
  }
}
