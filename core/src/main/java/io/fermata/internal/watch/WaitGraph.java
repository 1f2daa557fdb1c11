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
 * Who waits for whom among the tasks of a loop, at one moment. A task is the place that it has in
 * the order of starting; what is known of all of them lies in a few arrays of numbers.
 *
 * <pre>
 * below    t -> u   t awaits u, or u is a member of a group that t is in: the tree that people see
 * blocked  t -> u   nothing lets t go on before u has ended, or has given back a lock
 * </pre>
 *
 * <p><b>Deadlocks.</b> A task is stuck if it waits for tasks only (or for a lock that one holds),
 * and all of them are stuck: the largest set for which that holds. So one that is ready, or waits
 * for a time, for another thread, or for something that any task could do, is not, and neither is
 * whoever waits for it, though it might in vain: what is called a deadlock is one.
 *
 * <p>Belongs to the loop's thread, and to a moment in which nothing runs.
 */
final class WaitGraph {
  /** More would take too much memory; deadlocks are not looked for then. */
  private static final int MOST_EDGES = 8_000_000;

  private final LoopTask<?>[] tasks;
  private final BitSet ready = new BitSet();
  private final Edges below;

  /** Null if there are too many. */
  private final @Nullable Edges blocked;

  /** Targets by source; the targets of one source lie next to each other. */
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

    /** All that were added since the last call belong to the next source. */
    void closeSource() {
      start[++sources] = count;
    }

    Edges reversed() {
      int size = start.length - 1;
      Edges reversed = new Edges(size);
      for (int i = 0; i < count; i++) {
        reversed.start[targets[i] + 1]++;
      }
      for (int i = 0; i < size; i++) {
        reversed.start[i + 1] += reversed.start[i];
      }
      int[] next = reversed.start.clone();
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
    blocked = below.count > MOST_EDGES ? null : blocked();
  }

  int size() {
    return tasks.length;
  }

  LoopTask<?> task(int index) {
    return tasks[index];
  }

  /** The place of a task; -1 if it has ended. */
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

  /** What a task waits for; null if it does not: it runs, is ready, or has not begun. */
  @Nullable Waitable waitsFor(int index) {
    return isReady(index) ? null : tasks[index].waitsFor();
  }

  // The tree

  private void addBelow(LoopTask<?> task) {
    Waitable waitable = task.waitsFor();
    if (waitable != null) {
      addAwaited(waitable);
    }
    for (Scope each = task.scope; each != null && each != task.group(); each = each.parent) {
      if (each instanceof GroupScope group && group != waitable) {
        addAwaited(group);
      }
    }
  }

  private void addAwaited(Waitable waitable) {
    if (waitable instanceof LoopTask<?> awaited) {
      addBelow(indexOf(awaited));
    } else if (waitable instanceof DependentWait joint) {
      joint.forEachAwaited(
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

  /** Those that are below nobody. */
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
        LoopTask<?> holder = owned.owner();
        if (holder != null && !holder.done()) {
          edges.add(indexOf(holder));
        }
      } else if (waitable instanceof LoopTask<?> awaited) {
        edges.add(indexOf(awaited));
      } else if (waitable instanceof DependentWait joint && !joint.hasLimit()) {
        addIfAllAreTasks(joint, edges);
      }
      edges.closeSource();
    }
    return edges;
  }

  private void addIfAllAreTasks(DependentWait joint, Edges edges) {
    int before = edges.count;
    boolean[] others = new boolean[1];
    joint.forEachAwaited(
        each -> {
          int at = each instanceof LoopTask<?> awaited ? indexOf(awaited) : -1;
          if (at >= 0) {
            edges.add(at);
          } else {
            others[0] = true;
          }
        });
    if (others[0]) {
      edges.count = before;
    }
  }

  /** Whether deadlocks could be looked for. */
  boolean isComplete() {
    return blocked != null;
  }

  /** Those that nobody can let go on but by cancelling one of them. */
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
        free.add(i);
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
        if (stuck.get(waiter)) {
          stuck.clear(waiter);
          free.add(waiter);
        }
      }
    }
    return stuck;
  }

  /** The circles among those that are stuck: each a list of tasks that wait for each other. */
  List<int[]> circles(BitSet stuck) {
    return blocked == null ? List.of() : new Circles(blocked, stuck).found;
  }

  /** Tarjan's strongly connected components, without recursion. */
  private static final class Circles {
    final List<int[]> found = new ArrayList<>();
    private final Edges edges;
    private final BitSet among;
    private final int[] order;
    private final int[] low;
    private final int[] next;
    private final BitSet onStack = new BitSet();
    private final Deque<Integer> stack = new ArrayDeque<>();
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
      if (low[at] == order[at]) {
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
