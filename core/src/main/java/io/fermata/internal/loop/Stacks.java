package io.fermata.internal.loop;

import io.fermata.runtime.OriginalLines;
import java.util.Arrays;
import java.util.List;

/** The stacks of threads that run bodies, as plain code would show them. */
public final class Stacks {
  private static final List<String> LIBRARY =
      List.of("io.fermata.async.", "io.fermata.io.", "io.fermata.runtime.", "io.fermata.internal.");

  private Stacks() {}

  /** A stack in which compiled bodies have the names of their methods. */
  static StackTraceElement[] shown(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .flatMap(line -> OriginalLines.of(line).stream())
        .toArray(StackTraceElement[]::new);
  }

  /** A stack without the lines of the library. */
  static StackTraceElement[] withoutLibrary(StackTraceElement[] stack) {
    return Arrays.stream(shown(stack))
        .filter(line -> !isOfLibrary(line))
        .toArray(StackTraceElement[]::new);
  }

  /**
   * Completes the trace of an exception that an await has made just now, while the body is
   * suspended, with the lines of that body.
   */
  public static <E extends Throwable> E inAwait(LoopTask<?> task, E made) {
    StackTraceElement[] stack = made.getStackTrace();
    for (int i = 0; i < stack.length; i++) {
      if (stack[i].getClassName().equals(LoopTask.class.getName())) {
        StackTraceElement[] body = task.linesOfAwait();
        StackTraceElement[] all = new StackTraceElement[stack.length + body.length];
        System.arraycopy(stack, 0, all, 0, i);
        System.arraycopy(body, 0, all, i, body.length);
        System.arraycopy(stack, i, all, i + body.length, stack.length - i);
        made.setStackTrace(all);
        break;
      }
    }
    return made;
  }

  static boolean isOfLibrary(StackTraceElement line) {
    return isOfLibrary(line.getClassName());
  }

  static boolean isOfLibrary(String className) {
    return startsWithOne(className, LIBRARY);
  }

  static boolean startsWithOne(String className, List<String> prefixes) {
    for (String prefix : prefixes) {
      if (className.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
