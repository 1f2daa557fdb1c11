package io.fermata.benchmarks;

import io.fermata.Generator;
import io.fermata.Yielder;

/** A balanced binary tree of ints, whose nodes walk themselves. */
public sealed interface SealedTree {
  /**
   * Yields all values, in order.
   *
   * @param co of the generator that is walking
   */
  void walk(Yielder<?, Integer> co);

  /**
   * A node without children.
   *
   * @param value its value
   */
  record Leaf(Integer value) implements SealedTree {
    @Override
    public void walk(Yielder<?, Integer> co) {
      co.yield(value);
    }
  }

  /**
   * A node with two children.
   *
   * @param left the smaller values
   * @param value the value
   * @param right the larger values
   */
  record Node(SealedTree left, Integer value, SealedTree right) implements SealedTree {
    @Override
    public void walk(Yielder<?, Integer> co) {
      left.walk(co);
      co.yield(value);
      right.walk(co);
    }
  }

  /** The values from one to another, an odd number of them, one less than a power of two. */
  static SealedTree of(int from, int to) {
    int middle = (from + to) >>> 1;
    return to - from == 1
        ? new Leaf(from)
        : new Node(of(from, middle), middle, of(middle + 1, to));
  }

  /** Each node yields what it has. */
  default Generator<Integer> byInterface() {
    return Generator.of(co -> walk(co));
  }

  /** A static method tells the nodes apart. */
  default Generator<Integer> byStaticHelper() {
    return Generator.of(co -> walk(this, co));
  }

  private static void walk(SealedTree tree, Yielder<?, Integer> co) {
    if (tree instanceof Leaf leaf) {
      co.yield(leaf.value);
    } else {
      Node node = (Node) tree;
      walk(node.left, co);
      co.yield(node.value);
      walk(node.right, co);
    }
  }
}
