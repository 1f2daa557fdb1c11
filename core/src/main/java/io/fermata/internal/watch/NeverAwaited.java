package io.fermata.internal.watch;

import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.AwaitTracking.Entry;
import io.fermata.internal.loop.Debug;
import io.fermata.internal.loop.Loop;
import java.lang.System.Logger.Level;

/**
 * The reports of awaitables that were made and never awaited; see {@link AwaitTracking}. Reports
 * come from the thread that watches loops, or when a loop is closed.
 */
final class NeverAwaited {
  /** Collections that were asked for when a loop was closed, and found nothing. */
  private static int fruitless;

  private NeverAwaited() {}

  /** Reports what was collected; on any thread. */
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
    text.append(" (-D").append(AwaitTracking.PROPERTY).append("=off silences this)");
    System.getLogger("io.fermata.async.unawaited").log(Level.WARNING, text.toString());
    return true;
  }

  /**
   * A loop is closed. If something that was made in it was not awaited, has it collected, so that
   * the report comes before the program ends; not where that takes long, or was in vain before.
   */
  static void closed(Loop loop) {
    if (AwaitTracking.isEmpty()) {
      return;
    }
    reportDropped();
    if (AwaitTracking.hasSomeOf(loop)
        && (loop.isDebug() || (fruitless < 3 && Debug.isHeapSmall()))) {
      System.gc();
      if (!awaitDropped()) {
        fruitless++;
      }
    }
  }

  private static boolean awaitDropped() {
    try {
      Entry gone = AwaitTracking.awaitDropped(100);
      boolean first = gone != null && report(gone);
      return reportDropped() || first;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return reportDropped();
    }
  }
}
