package io.fermata.internal.compiler.bytecode;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * The cycles of a graph: its strongly connected components, by Tarjan's algorithm without recursion
 * (SIAM J. Comput. 1, 1972).
 */
public final class Cycles {
  /** The component of a node that lies on no cycle. */
  public static final int NONE = -1;

  private final List<List<Integer>> successors;

  /** The result: the number of the component of each node. */
  private final int[] component;

  /** When a node was first visited, from 1 on; 0 before. */
  private final int[] number;

  /** The lowest number of an open node that a node is known to lead to. */
  private final int[] low;

  /** The visited nodes whose component is not complete, in the order of their numbers. */
  private final Deque<Integer> open = new ArrayDeque<>();

  private final BitSet isOpen = new BitSet();
  private int numbered;
  private int found;

  private Cycles(List<List<Integer>> successors) {
    this.successors = successors;
    this.component = new int[successors.size()];
    this.number = new int[successors.size()];
    this.low = new int[successors.size()];
  }

  /**
   * The components of a graph.
   *
   * @param successors the edges of each node
   * @return for each node the number of its component, {@link #NONE} for one that is on no cycle
   */
  public static int[] components(List<List<Integer>> successors) {
    Cycles cycles = new Cycles(successors);
    Arrays.fill(cycles.component, NONE);
    for (int node = 0; node < successors.size(); node++) {
      if (cycles.number[node] == 0) {
        cycles.visit(node);
      }
    }
    return cycles.component;
  }

  private void visit(int root) {
    Deque<int[]> path = new ArrayDeque<>(); // node, index of its next successor
    path.push(begin(root));
    while (!path.isEmpty()) {
      int[] at = path.element();
      int node = at[0];
      if (at[1] < successors.get(node).size()) {
        int next = successors.get(node).get(at[1]++);
        if (number[next] == 0) {
          path.push(begin(next));
        } else if (isOpen.get(next)) {
          low[node] = Math.min(low[node], number[next]);
        }
        continue;
      }
      // all that the node leads to is known: tell its parent
      path.pop();
      if (!path.isEmpty()) {
        int parent = path.element()[0];
        low[parent] = Math.min(low[parent], low[node]);
      }
      if (low[node] == number[node]) { // it leads to no older open node: a component is complete
        close(node);
      }
    }
  }

  private int[] begin(int node) {
    number[node] = ++numbered;
    low[node] = numbered;
    open.push(node);
    isOpen.set(node);
    return new int[] {node, 0};
  }

  private void close(int root) {
    boolean isCycle = open.element() != root || successors.get(root).contains(root);
    int node;
    do {
      node = open.pop();
      isOpen.clear(node);
      if (isCycle) {
        component[node] = found;
      }
    } while (node != root);
    found++;
  }
}
