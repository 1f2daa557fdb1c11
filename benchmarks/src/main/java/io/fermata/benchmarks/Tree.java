package io.fermata.benchmarks;

/** A balanced binary tree of ints. */
public final class Tree {
  /** The smaller values. */
  public final Tree left;

  /** The value. */
  public final int value;

  /** The larger values. */
  public final Tree right;

  private Tree(Tree left, int value, Tree right) {
    this.left = left;
    this.value = value;
    this.right = right;
  }

  static Tree of(int from, int to) {
    if (from >= to) {
      return null;
    }
    int middle = (from + to) >>> 1;
    return new Tree(of(from, middle), middle, of(middle + 1, to));
  }
}
