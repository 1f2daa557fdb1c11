package io.fermata.runtime;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frames that a root frame delegates to, outermost first, so that a step goes straight to the
 * innermost one whatever the depth.
 *
 * <p>It is a cache of the {@link Frame#delegate} pointers. A frame may be stepped directly, past
 * its root, or become the delegate of another root; then the cache is stale. So every frame carries
 * the {@link Token} of the chain that it was last pushed on, a step from elsewhere removes it, and
 * a root that does not find its token on the innermost frame follows the pointers anew. Between
 * steps the token refers to neither root nor frames: a delegate does not keep an abandoned
 * delegator alive.
 *
 * <p>It belongs to the root's step, as all fields of the frames do.
 */
final class Chain {
  /** Identity of a chain. Owned by the root. */
  static final class Token {
    /**
     * The driver of the step that is under way, null between steps: so an abandoned root is kept by
     * none of its delegates.
     */
    @Nullable Driver running;
  }

  /** An array that is not larger than this is not made smaller. */
  private static final int SMALL = 1024;

  final Token token = new Token();
  private @Nullable Frame<?>[] frames = new Frame<?>[4];
  private int depth;

  int depth() {
    return depth;
  }

  /** The innermost frame, null if there is no delegate. */
  @Nullable Frame<?> top() {
    return depth == 0 ? null : frames[depth - 1];
  }

  /** The frame at a depth; the first delegate of the root is at 1. */
  Frame<?> at(int level) {
    return Objects.requireNonNull(frames[level - 1]);
  }

  /** Depth of the innermost frame that is a generator, and not a helper's; 0 is the root. */
  int generatorDepth() {
    int level = depth;
    while (level > 0 && at(level).isCall()) {
      level--;
    }
    return level;
  }

  /** Whether what is sent to the root reaches something that takes it. */
  boolean takesInput(Frame<?> root) {
    int level = generatorDepth();
    return (level == 0 ? root : at(level)).takesInput();
  }

  void push(Frame<?> frame) {
    if (depth == frames.length) {
      frames = Arrays.copyOf(frames, depth * 2);
    }
    frames[depth++] = frame;
    frame.token = token;
  }

  /** Takes the innermost frame out. */
  void pop() {
    Frame<?> frame = frames[--depth];
    frames[depth] = null;
    if (frame != null && frame.token == token) {
      frame.token = null;
    }
    if (frames.length > SMALL && depth < frames.length / 4) {
      frames = Arrays.copyOf(frames, frames.length / 2); // a deep recursion is over
    }
  }

  /** Takes out all frames from the given depth on. */
  void cut(int newDepth) {
    while (depth > newDepth) {
      pop();
    }
  }

  /** Whether the innermost frame was last stepped by this chain. */
  boolean isCurrent() {
    Frame<?> top = top();
    return top == null || top.token == token;
  }

  /** Empties the chain, and follows the pointers from the root. */
  void rebuild(Frame<?> root) {
    cut(0);
    follow(root);
  }

  /**
   * Follows the pointers from the innermost frame, as far as there are delegates that can be
   * stepped; not past one in which a value waits, as that comes first.
   */
  void follow(Frame<?> innermost) {
    Frame<?> frame = innermost;
    while (!frame.isPeeked()
        && frame.delegate instanceof Frame<?> next
        && !next.isClosed()
        && !next.isRunning()) {
      push(next);
      frame = next;
    }
  }
}
