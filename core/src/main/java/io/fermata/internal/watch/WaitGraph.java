package io.fermata.internal.watch;

import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.GroupScope;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import io.fermata.internal.waiting.OwnedWait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The graph of the waits between the tasks of a loop, at one moment.
 *
 * <pre>
 * below    t -> u   t awaits u, or u is a member of a group that t is in: the tree of a dump
 * blocked  t -> u   nothing lets t go on before u has ended or released a lock
 * </pre>
 *
 * <p><b>Guarantee.</b> A task is stuck if it waits for tasks only, or for a lock that a task holds,
 * and all of these are stuck; {@link #stuck} is the largest set for which that holds. Only a
 * cancellation or a timeout can let a stuck task go on. A task is not stuck if it is ready, or
 * waits for a time, for another thread, or for an object that any code could complete. Then a task
 * that waits for it is not stuck either, although it may wait in vain. So every reported deadlock
 * is one, and some are not reported.
 *
 * <p><b>Structure.</b> A task is a number: its index in the order of starting. The edges of all
 * tasks lie in a few arrays, because a loop may have millions of tasks. No method recurses, because
 * a chain of waits may be as long as memory allows.
 *
 * <p><b>Protocol.</b> A graph is made, read and dropped on the loop's thread, while no other job
 * runs. It does not follow later changes. {@link #stuck} begins with all tasks that have an edge in
 * {@code blocked}, and removes each one that waits for a task outside of the set, until nothing
 * changes; {@link Circles} finds the cycles in the rest.
 *
 * <p><b>Rejected.</b> A collection that finds out whether other code still reaches an awaited
 * promise, event or queue. A loop holds its tasks, which hold these objects, and an object that was
 * collected for the test is gone.
 */
final class WaitGraph {
  /** The most edges for which deadlocks are looked for; more would take too much memory. */
  private static final int MAX_EDGES = 8_000_000;

  private final LoopTask<?>[] tasks;
  private final BitSet ready = new BitSet();
  private final Edges below;

  /** Null if there are too many edges. */
  private final @Nullable Edges blocked;

  /**
   * A set of edges, sorted by source: the targets of source {@code i} are {@code targets[start[i]]}
   * to {@code targets[start[i + 1] - 1]}.
   */
  private static final class Edges {
    final int[] start;
    int[] targets = new int[64];
    int count;
    private int sources;

    Edges(int size) {
      start = new int[size + 1];
    }

    void add(int target) {
      if (count == targets.length) {
        targets = Arrays.copyOf(targets, count * 2);
      }
      targets[count++] = target;
    }

    /** Ends the targets of one source; later ones belong to the next source. */
    void closeSource() {
      start[++sources] = count;
    }

    /** The edges in the other direction, by a counting sort. */
    Edges reversed() {
      int size = start.length - 1;
      Edges reversed = new Edges(size);
      for (int i = 0; i < count; i++) {
        reversed.start[targets[i] + 1]++; // the number of edges of each new source
      }
      for (int i = 0; i < size; i++) {
        reversed.start[i + 1] += reversed.start[i]; // their sums: where each source begins
      }
      int[] next = reversed.start.clone(); // where the next edge of each source goes
      reversed.targets = new int[count];
      reversed.count = count;
      for (int source = 0; source < size; source++) {
        for (int i = start[source]; i < start[source + 1]; i++) {
          reversed.targets[next[targets[i]]++] = source;
        }
      }
      return reversed;
    }
  }

  WaitGraph(Loop loop) {
    tasks = loop.taskList.toList().toArray(new LoopTask<?>[0]);
    loop.kernel.forEachReady(
        job -> {
          int at = job instanceof LoopTask<?> task ? indexOf(task) : -1;
          if (at >= 0) {
            ready.set(at);
          }
        });
    below = new Edges(tasks.length);
    for (LoopTask<?> task : tasks) {
      addBelow(task);
      below.closeSource();
    }
    blocked = below.count > MAX_EDGES ? null : blocked();
  }

  int size() {
    return tasks.length;
  }

  LoopTask<?> task(int index) {
    return tasks[index];
  }

  /**
   * The index of a task; -1 if it has ended. A binary search, because numbers grow in the order of
   * starting.
   */
  int indexOf(LoopTask<?> task) {
    int low = 0;
    int high = tasks.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int number = tasks[middle].number();
      if (number == task.number()) {
        return middle;
      }
      if (number < task.number()) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  boolean isReady(int index) {
    return ready.get(index);
  }

  int readyCount() {
    return ready.cardinality();
  }

  /** The object that a task waits for; null if the task runs, is ready, or has not begun. */
  @Nullable Waitable waitsFor(int index) {
    return isReady(index) ? null : tasks[index].waitsFor();
  }

  // The tree

  private void addBelow(LoopTask<?> task) {
    Waitable waitable = task.waitsFor();
    if (waitable != null) {
      addAwaited(waitable);
    }
    // The groups that the task is in itself, but not the group that it is a member of.
    for (Scope each = task.scope; each != null && each != task.group(); each = each.parent) {
      if (each instanceof GroupScope group && group != waitable) {
        addAwaited(group);
      }
    }
  }

  private void addAwaited(Waitable waitable) {
    if (waitable instanceof LoopTask<?> awaited) {
      addBelow(indexOf(awaited));
    } else if (waitable instanceof DependentWait dependent) {
      dependent.forEachAwaited(
          each -> {
            if (each instanceof LoopTask<?> awaited) {
              addBelow(indexOf(awaited));
            }
          });
    }
  }

  private void addBelow(int target) {
    if (target >= 0) {
      below.add(target);
    }
  }

  int firstBelow(int index) {
    return below.start[index];
  }

  int endBelow(int index) {
    return below.start[index + 1];
  }

  int below(int edge) {
    return below.targets[edge];
  }

  /** The tasks that are below no other task. */
  BitSet roots() {
    BitSet roots = new BitSet(tasks.length);
    roots.set(0, tasks.length);
    for (int i = 0; i < below.count; i++) {
      roots.clear(below.targets[i]);
    }
    return roots;
  }

  // Deadlocks

  private Edges blocked() {
    Edges edges = new Edges(tasks.length);
    for (int i = 0; i < tasks.length; i++) {
      Waitable waitable = waitsFor(i);
      if (waitable instanceof OwnedWait owned) {
        // Without a holder the lock is on its way to a waiting task. A holder that has ended may
        // have given its permit away, so the wait counts as free.
        LoopTask<?> holder = owned.owner();
        if (holder != null && !holder.done()) {
          edges.add(indexOf(holder));
        }
      } else if (waitable instanceof LoopTask<?> awaited) {
        edges.add(indexOf(awaited));
      } else if (waitable instanceof DependentWait dependent && !dependent.hasLimit()) {
        addIfAllAreTasks(dependent, edges);
      }
      edges.closeSource();
    }
    return edges;
  }

  private void addIfAllAreTasks(DependentWait dependent, Edges edges) {
    int before = edges.count;
    boolean[] others = new boolean[1];
    dependent.forEachAwaited(
        each -> {
          int at = each instanceof LoopTask<?> awaited ? indexOf(awaited) : -1;
          if (at >= 0) {
            edges.add(at);
          } else {
            others[0] = true;
          }
        });
    if (others[0]) { // something else may end this wait, so no task alone blocks it
      edges.count = before;
    }
  }

  /** Whether the edges of blocked tasks are known. */
  boolean isComplete() {
    return blocked != null;
  }

  /** The tasks that only a cancellation or a timeout can let go on. */
  BitSet stuck() {
    BitSet stuck = new BitSet(tasks.length);
    Edges edges = blocked;
    if (edges == null) {
      return stuck;
    }
    Deque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < tasks.length; i++) {
      if (edges.start[i] < edges.start[i + 1]) {
        stuck.set(i);
      } else {
        free.add(i); // no task alone blocks it
      }
    }
    if (stuck.isEmpty()) {
      return stuck;
    }
    Edges waiting = edges.reversed();
    while (!free.isEmpty()) {
      int next = free.remove();
      for (int i = waiting.start[next]; i < waiting.start[next + 1]; i++) {
        int waiter = waiting.targets[i];
        if (stuck.get(waiter)) { // one of its tasks is free, so it may go on
          stuck.clear(waiter);
          free.add(waiter);
        }
      }
    }
    return stuck;
  }

  /** The circles among stuck tasks: each is an array of tasks that wait for each other. */
  List<int[]> circles(BitSet stuck) {
    return blocked == null ? List.of() : new Circles(blocked, stuck).found;
  }

  /**
   * The strongly connected components of a part of a graph, by Tarjan's algorithm without
   * recursion. Components of one task count only if the task awaits itself.
   */
  private static final class Circles {
    final List<int[]> found = new ArrayList<>();
    private final Edges edges;
    private final BitSet among;

    /** The number of a visited task, from 1; 0 if it was not visited. */
    private final int[] order;

    /** The smallest number that is reachable through the visited part. */
    private final int[] low;

    /** The next edge to follow. */
    private final int[] next;

    private final BitSet onStack = new BitSet();

    /** The visited tasks whose component is not complete. */
    private final Deque<Integer> stack = new ArrayDeque<>();

    /** The tasks from the root to the current one: the call stack of the recursive algorithm. */
    private final Deque<Integer> path = new ArrayDeque<>();

    private int visited;

    Circles(Edges edges, BitSet among) {
      this.edges = edges;
      this.among = among;
      int size = among.length();
      order = new int[size];
      low = new int[size];
      next = new int[size];
      for (int i = among.nextSetBit(0); i >= 0; i = among.nextSetBit(i + 1)) {
        if (order[i] == 0) {
          visit(i);
        }
      }
    }

    private void visit(int root) {
      enter(root);
      while (!path.isEmpty()) {
        int at = path.element();
        if (next[at] < edges.start[at + 1]) {
          int target = edges.targets[next[at]++];
          if (!among.get(target)) {
            continue;
          }
          if (order[target] == 0) {
            enter(target);
          } else if (onStack.get(target)) {
            low[at] = Math.min(low[at], order[target]);
          }
        } else {
          leave(at);
        }
      }
    }

    private void enter(int at) {
      order[at] = ++visited;
      low[at] = visited;
      next[at] = edges.start[at];
      stack.push(at);
      onStack.set(at);
      path.push(at);
    }

    private void leave(int at) {
      path.pop();
      if (!path.isEmpty()) {
        int above = path.element();
        low[above] = Math.min(low[above], low[at]);
      }
      if (low[at] == order[at]) { // the first visited task of its component
        List<Integer> members = new ArrayList<>();
        int member;
        do {
          member = stack.pop();
          onStack.clear(member);
          members.add(member);
        } while (member != at);
        if (members.size() > 1 || awaitsItself(at)) {
          found.add(members.stream().mapToInt(each -> each).sorted().toArray());
        }
      }
    }

    private boolean awaitsItself(int at) {
      for (int i = edges.start[at]; i < edges.start[at + 1]; i++) {
        if (edges.targets[i] == at) {
          return true;
        }
      }
      return false;
    }
  }
}
