package io.fermata.internal.loop;

import java.util.Arrays;
import java.util.List;

/** The stacks of threads that run bodies, as plain code would show them. */
public final class Stacks {
  /** Stands in the names of generated classes between the host class and the method. */
  private static final String MARK = "$fermata$";

  private static final List<String> LIBRARY =
      List.of("io.fermata.async.", "io.fermata.io.", "io.fermata.runtime.", "io.fermata.internal.");

  private Stacks() {}

  /** A stack in which compiled bodies have the names of their methods. */
  static StackTraceElement[] shown(StackTraceElement[] stack) {
    return Arrays.stream(stack).map(Stacks::original).toArray(StackTraceElement[]::new);
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
    return LIBRARY.stream().anyMatch(line.getClassName()::startsWith);
  }

  private static StackTraceElement original(StackTraceElement line) {
    String name = line.getClassName();
    int mark = name.indexOf(MARK);
    int number = name.lastIndexOf('$');
    return mark < 0 || number < mark + MARK.length()
        ? line
        : new StackTraceElement(
            name.substring(0, mark),
            name.substring(mark + MARK.length(), number),
            line.getFileName(),
            line.getLineNumber());
  }
}
