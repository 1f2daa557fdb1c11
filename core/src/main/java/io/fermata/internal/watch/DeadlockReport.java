package io.fermata.internal.watch;

import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.ForeignPromise;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopPromise;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import io.fermata.internal.waiting.OwnedWait;
import io.fermata.internal.waiting.QueuedParking;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of tasks that cannot go on: deadlocks, locks whose holder has ended, and a loop in
 * which nothing can happen any more. It contains certain problems only.
 */
final class DeadlockReport {
  private static final int MAX_LISTED = 20;

  private final Loop loop;
  private final WaitGraph graph;
  private final Appendable out;

  DeadlockReport(Loop loop, WaitGraph graph, Appendable out) {
    this.loop = loop;
    this.graph = graph;
    this.out = out;
  }

  /** Writes the whole report; see {@link Dump#writeAll}. */
  void write(boolean fromOutside) throws IOException {
    if (!writeProblems() && fromOutside && isAsleepForGood()) {
      out.append(
              "nothing that this loop does can end a wait: no task is ready, no timer runs, and no")
          .append(" call is under way on another thread. Only ")
          .append(loop.home.runsOtherJobs() ? "another job of its host, or " : "")
          .append("a call of callSoonThreadSafe() or startThreadSafe() on another thread could\n");
    }
    if (!graph.isComplete()) {
      out.append("no search for deadlocks: there are too many waits\n");
    }
  }

  /** Writes the deadlocks if a task is stuck. */
  void writeAbout(int index) throws IOException {
    BitSet stuck = graph.stuck();
    if (stuck.get(index)) {
      writeCircles(stuck);
    }
  }

  /** Writes the problems that are certain; returns whether there are any. */
  boolean writeProblems() throws IOException {
    boolean deadlocks = writeDeadlocks();
    boolean abandoned = writeAbandonedLocks();
    return deadlocks || abandoned;
  }

  private boolean writeDeadlocks() throws IOException {
    BitSet stuck = graph.stuck();
    return !stuck.isEmpty() && writeCircles(stuck);
  }

  private boolean writeCircles(BitSet stuck) throws IOException {
    List<int[]> circles = graph.circles(stuck);
    // A large deadlock has many circles; the tasks that are in none wait for one of them.
    for (int[] circle : circles.subList(0, Math.min(circles.size(), MAX_LISTED))) {
      writeCircle(circle);
      for (int each : circle) {
        stuck.clear(each);
      }
    }
    if (circles.size() > MAX_LISTED) {
      out.append("and " + (circles.size() - MAX_LISTED) + " more deadlocks\n");
    } else if (!stuck.isEmpty()) {
      StringBuilder names = new StringBuilder();
      appendNames(stuck.stream().limit(MAX_LISTED).toArray(), names);
      int more = stuck.cardinality() - MAX_LISTED;
      out.append("blocked by that: ")
          .append(names)
          .append(more > 0 ? " and " + more + " more" : "");
      out.append('\n');
    }
    return !circles.isEmpty();
  }

  private void writeCircle(int[] circle) throws IOException {
    String ending = ending(circle);
    out.append(
        circle.length == 1
            ? "DEADLOCK: a task waits for itself"
            : "DEADLOCK: " + circle.length + " tasks wait for each other");
    out.append(
        ending == null ? ", for ever if nobody cancels one:\n" : "; " + ending + " ends it:\n");
    for (int i = 0; i < Math.min(circle.length, MAX_LISTED); i++) {
      LoopTask<?> task = graph.task(circle[i]);
      Waitable waitable = graph.waitsFor(circle[i]);
      out.append("  ").append(Dump.label(task));
      out.append(" waits for ").append(waitable == null ? "nothing" : Dump.describe(waitable));
      StackTraceElement[] stack = task.stack();
      out.append(stack.length == 0 ? "\n" : " at " + stack[0] + "\n");
    }
    if (circle.length > MAX_LISTED) {
      out.append("  and " + (circle.length - MAX_LISTED) + " more\n");
    }
  }

  /** The first timeout around one of the tasks, which ends the deadlock; null if there is none. */
  private @Nullable String ending(int[] circle) {
    long first = Long.MAX_VALUE;
    for (int each : circle) {
      for (Scope scope = graph.task(each).scope; scope != null; scope = scope.parent) {
        first = Math.min(first, scope.deadline());
      }
    }
    return first == Long.MAX_VALUE
        ? null
        : "a timeout in " + Durations.text(first - loop.kernel.now());
  }

  private void appendNames(int[] tasks, StringBuilder names) {
    for (int each : tasks) {
      names.append(names.length() == 0 ? "" : ", ").append(Dump.label(graph.task(each)));
    }
  }

  private boolean writeAbandonedLocks() throws IOException {
    int found = 0;
    for (int i = 0; i < graph.size(); i++) {
      if (graph.waitsFor(i) instanceof OwnedWait owned) {
        LoopTask<?> holder = owned.owner();
        // A permit that the task gave away may still release the lock; the text tells facts only.
        if (holder != null && holder.done() && found++ < MAX_LISTED) {
          out.append("LOST LOCK: ").append(Dump.label(graph.task(i)));
          out.append(" waits for a lock that ").append(Dump.label(holder));
          out.append(" has acquired; that task has ended without releasing it\n");
        }
      }
    }
    if (found > MAX_LISTED) {
      out.append("and " + (found - MAX_LISTED) + " more that wait for such locks\n");
    }
    return found > 0;
  }

  /** Whether the run waits for ever, as nothing outside is known that could wake the loop. */
  boolean isRunOver() {
    return loop.home.main() != null
        && !loop.hasOutside()
        && !loop.workers().isBusy()
        && isAsleepForGood();
  }

  /** Whether only a thread that is not known to work for the loop could wake a task. */
  private boolean isAsleepForGood() {
    if (graph.size() == 0 || loop.currentTask != null || !loop.kernel.isQuiet()) {
      return false; // something runs, is ready, or has a timer
    }
    for (int i = 0; i < graph.size(); i++) {
      if (graph.waitsFor(i) == null || !isInternal(graph.waitsFor(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether only code on the loop can end a wait; false in doubt. */
  private static boolean isInternal(@Nullable Waitable waitable) {
    if (waitable instanceof DependentWait dependent) {
      boolean[] all = {!dependent.hasLimit()}; // an array, so that the lambda can write it
      dependent.forEachAwaited(each -> all[0] &= isInternal(each));
      return all[0];
    }
    return waitable instanceof LoopTask<?>
        || waitable instanceof QueuedParking<?>
        || (waitable instanceof LoopPromise<?> && !(waitable instanceof ForeignPromise<?>));
  }
}
