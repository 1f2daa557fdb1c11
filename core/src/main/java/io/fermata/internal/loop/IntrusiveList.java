package io.fermata.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * A list whose nodes hold the links themselves, so that an entry costs no object and leaves in
 * constant time. The order is that of adding.
 *
 * <p>A subclass says which fields of a node are the links. A node may be in several lists if each
 * has links of its own. Subclasses are final: then the JIT sees plain field accesses.
 *
 * <p>Not for several threads.
 *
 * @param <N> the nodes
 */
public abstract class IntrusiveList<N> {
  private @Nullable N first;
  private @Nullable N last;
  private int size;

  /** An empty list. */
  protected IntrusiveList() {}

  /** The node before a node; null for the first one. */
  protected abstract @Nullable N before(N node);

  /** Writes what {@link #before} reads. */
  protected abstract void linkBefore(N node, @Nullable N before);

  /** The node after a node; null for the last one. */
  protected abstract @Nullable N after(N node);

  /** Writes what {@link #after} reads. */
  protected abstract void linkAfter(N node, @Nullable N after);

  /** The node that was added first; null if the list is empty. */
  public final @Nullable N first() {
    return first;
  }

  /** The node that was added after a node of the list; null for the last one. */
  public final @Nullable N next(N node) {
    return after(node);
  }

  /** Whether there is no node. */
  public final boolean isEmpty() {
    return first == null;
  }

  /** The number of nodes. */
  public final int size() {
    return size;
  }

  /**
   * Whether a node is in the list.
   *
   * @param node in no other list with these links
   */
  public final boolean contains(N node) {
    return before(node) != null || node == first;
  }

  /** The node that was added first, which leaves; null if the list is empty. */
  public final @Nullable N poll() {
    N polled = first;
    if (polled != null) {
      remove(polled);
    }
    return polled;
  }

  /**
   * Adds a node at the end.
   *
   * @param node in no list with these links
   */
  public final void add(N node) {
    N end = last;
    linkBefore(node, end);
    if (end == null) {
      first = node;
    } else {
      linkAfter(end, node);
    }
    last = node;
    size++;
  }

  /**
   * Takes a node out; does nothing if it is not in the list.
   *
   * @param node in no other list with these links
   */
  public final void remove(N node) {
    N before = before(node);
    N after = after(node);
    if (!contains(node)) {
      return;
    }
    if (before == null) {
      first = after;
    } else {
      linkAfter(before, after);
    }
    if (after == null) {
      last = before;
    } else {
      linkBefore(after, before);
    }
    linkBefore(node, null);
    linkAfter(node, null);
    size--;
  }
}
