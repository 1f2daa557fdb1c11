package io.fermata.internal.watch;

import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.AwaitTracking.Entry;
import io.fermata.internal.loop.Debug;
import io.fermata.internal.loop.Loop;
import java.lang.System.Logger.Level;

/**
 * The reports of awaitables that were never awaited; see {@link AwaitTracking}. A report comes from
 * the watch thread, or when a loop is closed.
 */
final class NeverAwaited {
  /** The number of requested collections that found nothing. */
  private static int vainCollections;

  private NeverAwaited() {}

  /** Reports collected awaitables. Any thread. */
  static boolean reportDropped() {
    boolean any = false;
    for (Entry gone = AwaitTracking.pollDropped();
        gone != null;
        gone = AwaitTracking.pollDropped()) {
      any |= report(gone);
    }
    return any;
  }

  private static boolean report(Entry entry) {
    if (!AwaitTracking.forget(entry)) {
      return false;
    }
    StackTraceElement[] stack = entry.stack;
    StringBuilder text = new StringBuilder("an Async was never awaited: ").append(entry.effect);
    if (stack == null) {
      text.append("; await it, start it as a task, or leave the call out. -D")
          .append(Debug.PROPERTY)
          .append("=true tells the stack that made it");
    } else {
      text.append("; await it, start it as a task, or leave the call out. It was made at");
      for (StackTraceElement line : stack) {
        text.append("\n    at ").append(line);
      }
    }
    text.append(" (-D").append(AwaitTracking.PROPERTY).append("=off silences this)");
    System.getLogger("io.fermata.async.unawaited").log(Level.WARNING, text.toString());
    return true;
  }

  /**
   * Called when a loop is closed. If an awaitable of the loop was not awaited, requests a
   * collection, so the report comes before the program ends. It does not if the heap is large, or
   * if earlier collections found nothing.
   */
  static void closed(Loop loop) {
    if (AwaitTracking.isEmpty()) {
      return;
    }
    reportDropped();
    // A collection takes time in a large heap, so it must be worth it.
    if (AwaitTracking.hasSomeOf(loop)
        && (loop.isDebug() || (vainCollections < 3 && Debug.isHeapSmall()))) {
      System.gc();
      if (!awaitDropped()) {
        vainCollections++;
      }
    }
  }

  private static boolean awaitDropped() {
    try {
      // The collector hands over references a little later than it frees the objects.
      Entry gone = AwaitTracking.awaitDropped(100);
      boolean first = gone != null && report(gone);
      return reportDropped() || first;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return reportDropped();
    }
  }
}
