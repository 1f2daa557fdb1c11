package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.runtime.AsyncFrame;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The awaitables that were made and not awaited yet: what a forgotten {@code co.await} leaves
 * behind.
 *
 * <p>In debug mode every awaitable has an entry, with the place where it was made. Else a sample
 * has: of each lambda, and of each call of the library, the first few, and then few of many; of
 * calls, the first few of each loop. Code that forgets an await forgets it each time, and making an
 * instance costs a counter.
 *
 * <p>What the library makes for itself is no sample: its stack has a step of a task above the first
 * line of the user's.
 *
 * <p>An entry is a weak reference. It goes when its awaitable is awaited, started or discarded. One
 * whose awaitable was collected before that is reported.
 *
 * <p>Used on any thread.
 */
public final class AwaitTracking {
  /** Name of the system property that silences it: {@code off}. */
  public static final String PROPERTY = "fermata.unawaited";

  private static final boolean OFF = "off".equals(System.getProperty(PROPERTY));

  /** Instances of a lambda that are tracked from the first one on, without debug mode. */
  private static final int FIRST = 4;

  /** One of so many later instances is tracked; a power of two. */
  private static final int ONE_OF = 4096;

  /** As {@link #FIRST}, for calls of the library, in each loop. A sample walks the stack. */
  private static final int FIRST_CALLS = 4;

  /** As {@link #ONE_OF}, for calls of the library. */
  private static final int ONE_OF_CALLS = 1 << 16;

  /** Instances made so far, by the hash of the class of the body; lost updates do no harm. */
  private static final int[] MADE = new int[1024];

  /** As {@link #MADE}, by the class of what a call of the library has made, since a loop began. */
  private static final int[] CALLS = new int[256];

  private static final Set<Entry> ENTRIES = ConcurrentHashMap.newKeySet();

  /** Entries of awaitables without a frame, by identity. */
  private static final Map<Integer, Set<Entry>> LEAVES = new ConcurrentHashMap<>();

  private static final ReferenceQueue<Object> DROPPED = new ReferenceQueue<>();

  /** Whether some loop tracks everything. Written under the lock of this class. */
  private static boolean tracing = Debug.ALWAYS && !OFF;

  /** Whether {@link #LEAVES} may have entries. */
  private static boolean traced;

  private static int tracingLoops;

  private AwaitTracking() {}

  /** An awaitable that was made, and how to call it. */
  public static final class Entry extends WeakReference<Object> implements Runnable {
    public final String effect;
    public final StackTraceElement @Nullable [] stack;

    /** The loop that ran then; 0 if none did. */
    final int loop;

    final int hash;

    Entry(Object made, String effect, StackTraceElement @Nullable [] stack) {
      super(made, DROPPED);
      this.effect = effect;
      this.stack = stack;
      this.hash = System.identityHashCode(made);
      Loop running = Loop.running();
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
  public static <T extends @Nullable Object> AsyncFrame<T> made(AsyncFrame<T> frame, Object body) {
    if (tracing ? Debug.here() : isSample(body)) {
      watch(frame, "its body at " + frame.place() + " did not run");
    }
    return frame;
  }

  /** A frame for the body of a scope. In debug mode the scope is tracked in its place. */
  public static <T extends @Nullable Object> AsyncFrame<T> madeIn(
      AsyncFrame<T> frame, Object body) {
    return tracing ? frame : made(frame, body);
  }

  /**
   * A frame that is written by hand.
   *
   * @param sampled whether it may be tracked outside of debug mode
   */
  static void made(LibraryFrame<?> frame, boolean sampled) {
    if (tracing) {
      if (Debug.here()) {
        watch(frame, "it did nothing");
      }
    } else if (sampled && isSampleOfCalls(frame.getClass())) {
      LibraryCall call = LibraryCall.here();
      if (call != null) {
        frame.whenClaimed(new Entry(frame, call + " did nothing", null));
      }
    }
  }

  /**
   * Something without a frame.
   *
   * @return whether it is tracked, so that {@link #used} has to be called
   */
  public static boolean made(Async<?> leaf) {
    Entry entry = null;
    if (tracing) {
      if (Debug.here()) {
        entry = new Entry(leaf, "it did nothing", Debug.stack());
      }
    } else if (isSampleOfCalls(leaf.getClass())) {
      LibraryCall call = LibraryCall.here();
      if (call != null) {
        entry = new Entry(leaf, call + " did nothing", null);
        traced = true;
      }
    }
    if (entry == null) {
      return false;
    }
    LEAVES.computeIfAbsent(entry.hash, hash -> ConcurrentHashMap.newKeySet()).add(entry);
    return true;
  }

  /**
   * What a frame was given need not be awaited: the frame has ended without it. Nor need that which
   * this was given.
   */
  public static void spare(Collection<?> given) {
    Deque<Object> held = new ArrayDeque<>(given);
    for (Object next = held.poll(); next != null; next = held.poll()) {
      if (next instanceof AsyncFrame<?> frame) {
        if (frame.pardon() && frame instanceof LibraryFrame<?> library) {
          held.addAll(library.held());
        }
      } else {
        used(next);
      }
    }
  }

  /** Something without a frame is awaited, or need not be. */
  public static void used(Object leaf) {
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
    return isSample(body.getClass(), MADE, FIRST, ONE_OF);
  }

  private static boolean isSampleOfCalls(Class<?> made) {
    return isSample(made, CALLS, FIRST_CALLS, ONE_OF_CALLS);
  }

  private static boolean isSample(Class<?> made, int[] counts, int first, int oneOf) {
    int at = System.identityHashCode(made) & (counts.length - 1);
    int count = counts[at]++;
    // A cheap counter per class; two threads may lose an increment, and nobody minds.
    return (count < first || (count & (oneOf - 1)) == 0) && !OFF;
  }

  /** A loop begins: of what is made in it, the first few are looked after. */
  static void begin() {
    Arrays.fill(CALLS, 0);
  }

  private static void watch(AsyncFrame<?> frame, String effect) {
    frame.whenClaimed(new Entry(frame, effect, tracing ? Debug.stack() : null));
  }

  static synchronized void trace(boolean more) {
    tracingLoops += more ? 1 : -1;
    tracing = (Debug.ALWAYS || tracingLoops > 0) && !OFF;
    traced |= tracing;
  }

  // Dropped ones, on any thread

  /** Whether nothing is tracked. */
  public static boolean isEmpty() {
    return ENTRIES.isEmpty();
  }

  /** Whether something that was made in a loop can still be awaited. */
  public static boolean hasSomeOf(Loop loop) {
    boolean hasSome = false;
    for (Entry entry : ENTRIES) {
      hasSome |= entry.loop == loop.number && !entry.refersTo(null);
    }
    return hasSome;
  }

  /** An awaitable that was collected; null if there is none now. */
  public static @Nullable Entry pollDropped() {
    return (Entry) DROPPED.poll();
  }

  /** As {@link #pollDropped}, and waits for one. */
  public static @Nullable Entry awaitDropped(long millis) throws InterruptedException {
    return (Entry) DROPPED.remove(millis);
  }

  /** Forgets a dropped one; false if it was awaited before. */
  public static boolean forget(Entry dropped) {
    LEAVES.computeIfPresent(
        dropped.hash,
        (hash, entries) -> {
          entries.remove(dropped);
          return entries.isEmpty() ? null : entries;
        });
    return ENTRIES.remove(dropped);
  }
}
