package io.fermata.internal.watch;

import io.fermata.async.Cancelled;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.waiting.OwnedWait;
import io.fermata.internal.waiting.Sleep;
import io.fermata.runtime.Inspection;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text about the tasks of a loop: a tree of awaiting and awaited tasks, in which each task has
 * one place.
 *
 * <pre>
 * #1 Task-1 waits for #2 fetch
 *     at Main.main(Main.java:14)
 *   #2 fetch waits for acquire() of lock (locked, 1 waiting), held by #3 Task-3
 *       at Main.fetch(Main.java:20)
 *       in timeout at Main.java:18, 1.2 s left
 * </pre>
 *
 * <p>It is written task by task, so a dump of any size takes little memory. Belongs to the loop's
 * thread.
 */
final class Dump {
  /** The deepest level that is indented. */
  private static final int MAX_INDENT = 24;

  /** Names in one line, and lines of one task; the rest is counted. */
  private static final int MAX_NAMES = 8;

  private static final int MAX_LINES = 200;

  private final Loop loop;
  private final Appendable out;
  private final WaitGraph graph;
  private final BitSet seen = new BitSet();
  private final StringBuilder text = new StringBuilder();

  Dump(Loop loop, Appendable out) {
    this.loop = loop;
    this.out = out;
    this.graph = new WaitGraph(loop);
  }

  /**
   * Writes all tasks.
   *
   * @param fromOutside whether no code of the user is running, which could wake a task afterwards
   */
  void writeAll(boolean fromOutside) throws IOException {
    writeHead();
    BitSet roots = graph.roots();
    for (int i = roots.nextSetBit(0); i >= 0; i = roots.nextSetBit(i + 1)) {
      writeTree(i);
    }
    for (int i = seen.nextClearBit(0); i < graph.size(); i = seen.nextClearBit(i + 1)) {
      writeTree(i); // a task in a circle, or below one, has no root
    }
    new DeadlockReport(loop, graph, out).write(fromOutside);
  }

  /** Writes a task and the tasks below it, and its deadlock if it is in one. */
  void writeOne(LoopTask<?> task) throws IOException {
    int index = graph.indexOf(task);
    if (index < 0) {
      out.append(label(task)).append(": ").append(task.toString()).append('\n');
      return;
    }
    writeTree(index);
    new DeadlockReport(loop, graph, out).writeAbout(index);
  }

  private void writeHead() throws IOException {
    int ready = graph.readyCount();
    long next = loop.kernel.deadline();
    Thread thread = loop.thread();
    text.append(loop)
        .append(thread == null ? "" : " on " + thread)
        .append(": ")
        .append(graph.size())
        .append(graph.size() == 1 ? " task" : " tasks")
        .append(ready == 0 ? "" : ", " + ready + " ready")
        .append(
            next == Long.MAX_VALUE
                ? ""
                : ", next timer in " + Durations.text(next - loop.kernel.now()))
        .append('\n');
    flush();
  }

  private void flush() throws IOException {
    out.append(text);
    text.setLength(0);
  }

  // The tree

  /** Writes depth first, with an explicit stack: the tree may be as deep as there are tasks. */
  private void writeTree(int root) throws IOException {
    int[] path = new int[16]; // the tasks from the root to the current one
    int[] edge = new int[16]; // for each of them, the next edge to follow
    int depth = 0;
    path[0] = root;
    edge[0] = graph.firstBelow(root);
    writeTask(root, 0);
    while (depth >= 0) {
      int at = path[depth];
      if (edge[depth] == graph.endBelow(at)) {
        depth--; // all tasks below this one are written
        continue;
      }
      int child = graph.below(edge[depth]++);
      if (seen.get(child)) {
        writeReference(child, at, depth + 1);
        continue;
      }
      depth++;
      if (depth == path.length) {
        path = Arrays.copyOf(path, depth * 2);
        edge = Arrays.copyOf(edge, depth * 2);
      }
      path[depth] = child;
      edge[depth] = graph.firstBelow(child);
      writeTask(child, depth);
    }
  }

  /**
   * Writes a reference to a task that has its place already. None is needed if the task above
   * awaits it alone: the line of that task names it.
   */
  private void writeReference(int child, int above, int depth) throws IOException {
    if (graph.task(above).waitsFor() == graph.task(child)) {
      return;
    }
    indent(depth);
    text.append("see ").append(label(graph.task(child))).append('\n');
    flush();
  }

  private void indent(int depth) {
    for (int i = Math.min(depth, MAX_INDENT); i > 0; i--) {
      text.append("  ");
    }
    if (depth > MAX_INDENT) {
      text.append("(level ").append(depth).append(") ");
    }
  }

  private void writeTask(int index, int depth) throws IOException {
    seen.set(index);
    LoopTask<?> task = graph.task(index);
    indent(depth);
    text.append(label(task)).append(' ').append(state(index)).append('\n');
    writeFrames(task.suspended(), task, depth);
    flush();
  }

  static String label(LoopTask<?> task) {
    return "#" + task.number() + " " + Brief.of(task.name());
  }

  private String state(int index) {
    LoopTask<?> task = graph.task(index);
    if (loop.currentTask == task) {
      return "runs, body at " + task.place();
    }
    if (task.isNew()) {
      return "has not begun, body at " + task.place();
    }
    Waitable waitable = graph.waitsFor(index);
    if (waitable != null) {
      return "waits for " + describe(waitable) + cancellationText(task);
    }
    return "is ready" + (task.waitsFor() == null ? "" : ", after " + task.waitsFor());
  }

  /** The object of a wait, and the tasks on which it depends. */
  static String describe(Waitable waitable) {
    if (waitable instanceof LoopTask<?> task) {
      return label(task);
    }
    if (waitable instanceof Sleep<?> sleep) {
      return sleep.left();
    }
    StringBuilder words = new StringBuilder(waitable.toString());
    if (waitable instanceof OwnedWait owned && owned.owner() != null) {
      LoopTask<?> holder = owned.owner();
      words.append(", held by ").append(label(holder));
      if (holder.done()) {
        words.append(", which has ended without releasing it");
      }
    } else if (waitable instanceof DependentWait dependent) {
      appendNames(dependent, words);
    }
    return words.toString();
  }

  private static void appendNames(DependentWait dependent, StringBuilder words) {
    int[] count = new int[1];
    dependent.forEachAwaited(
        each -> {
          if (count[0]++ < MAX_NAMES) {
            words
                .append(count[0] == 1 ? ": " : ", ")
                .append(each instanceof LoopTask<?> task ? label(task) : each.toString());
          }
        });
    if (count[0] > MAX_NAMES) {
      words.append(" and ").append(count[0] - MAX_NAMES).append(" more");
    }
  }

  private static String cancellationText(LoopTask<?> task) {
    Cancelled why = task.pending();
    return why == null
        ? ""
        : ", and is being cancelled" + (why.getMessage() == null ? "" : ": " + why.getMessage());
  }

  private void writeFrames(List<Inspection> frames, LoopTask<?> task, int depth) {
    int lines = 0;
    for (Inspection frame : frames) {
      if (lines > MAX_LINES) {
        line(depth, "... and the frames of more that await each other", null);
        break;
      }
      lines += writeFrame(frame, depth);
    }
    StackTraceElement[] started = task.startedAt();
    if (started != null && started.length > 0) {
      // The first line is of the library, if user code called it.
      line(depth, "started at ", started[started.length > 1 ? 1 : 0]);
    }
  }

  private int writeFrame(Inspection frame, int depth) {
    int lines = 0;
    if (frame instanceof LibraryFrame.View view) {
      LibraryFrame<?> library = view.frame();
      if (library != null) { // frames inside stand above it, the innermost first
        for (Inspection inner : library.inside()) {
          lines += writeFrame(inner, depth);
        }
      }
      String words = library == null ? view.place() : library.inDump();
      if (!words.isEmpty()) {
        line(depth, "in " + words, null);
        lines++;
      }
    }
    for (StackTraceElement each : frame.lines()) {
      line(depth, "at ", each);
      lines++;
    }
    return lines;
  }

  private void line(int depth, String words, @Nullable StackTraceElement place) {
    for (int i = Math.min(depth, MAX_INDENT) + 2; i > 0; i--) {
      text.append("  ");
    }
    text.append(words);
    if (place != null) {
      text.append(place);
    }
    text.append('\n');
  }
}
