package io.fermata.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The stack of a running thread, seen from another thread. If it waits for a body on a thread of
 * its own, the stack of that body lies on top, and so on.
 */
public final class RunningStack {
  /** Bodies on threads of their own that step each other; more are not looked for. */
  private static final int DEPTH = 64;

  private RunningStack() {}

  /**
   * Looks at a thread.
   *
   * @param thread any
   * @return the lines as of an exception, the innermost first; none if it has ended
   */
  public static StackTraceElement[] of(Thread thread) {
    List<StackTraceElement> lines = new ArrayList<>();
    Thread at = thread;
    for (int depth = 0; depth < DEPTH; depth++) {
      Object blocker = LockSupport.getBlocker(at);
      StackTraceElement[] stack = StackTraces.asOfException(at.getStackTrace());
      if (!(blocker instanceof HandOff handOff) || handOff.thread() == at) {
        lines.addAll(
            0, part(stack, 0)); // a body that waits to be stepped waits for its own hand-off
        break;
      }
      int top = 0;
      while (top < stack.length && StackTraces.isInfrastructure(stack[top])) {
        top++;
      }
      lines.addAll(0, part(stack, top));
      at = handOff.thread();
    }
    return lines.toArray(new StackTraceElement[0]);
  }

  /** Without what starts the thread of a body. */
  private static List<StackTraceElement> part(StackTraceElement[] stack, int top) {
    int bottom = StackTraces.bottom(stack);
    return List.of(stack).subList(top, bottom == 0 ? stack.length : Math.max(top, bottom));
  }
}
