package io.fermata.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The frames that a root frame delegates to, outermost first, so that a step goes straight to the
 * innermost one whatever the depth.
 *
 * <p>It is a cache of the {@link Frame#delegate} pointers. A frame can be stepped past its root, by
 * someone else who holds it, or be taken over by another root; then the cache no longer tells the
 * truth. So every frame carries the {@link Token} of the chain it was last put in, anyone who enters
 * it by another way takes the token off, and a root that does not find its token on the innermost
 * frame follows the pointers anew. The token knows neither root nor frames: a delegate does not keep
 * an abandoned delegator alive.
 */
final class Chain {
  /** Identity of a chain, and whether a step of it is under way. Owned by the root. */
  static final class Token {
    boolean running;
  }

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

  void push(Frame<?> frame) {
    if (depth == frames.length) {
      frames = Arrays.copyOf(frames, depth * 2);
    }
    frames[depth++] = frame;
    frame.driver = token;
  }

  /** Takes the innermost frame out. */
  void pop() {
    Frame<?> frame = frames[--depth];
    frames[depth] = null;
    if (frame != null && frame.driver == token) {
      frame.driver = null;
    }
  }

  /** Takes out all frames from the given depth on. */
  void cut(int newDepth) {
    while (depth > newDepth) {
      pop();
    }
  }

  /** True if nobody has stepped the innermost frame by another way since this chain did. */
  boolean isCurrent() {
    Frame<?> top = top();
    return top == null || top.driver == token;
  }

  /** Follows the pointers from the root, as far as there are delegates that can be stepped. */
  void rebuild(Frame<?> root) {
    cut(0);
    Frame<?> frame = root;
    while (frame.delegate instanceof Frame<?> next && !next.isClosed() && !next.isRunning()) {
      push(next);
      frame = next;
    }
  }
}
