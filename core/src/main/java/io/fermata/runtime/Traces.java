package io.fermata.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes stack traces of compiled bodies read like those of plain code: a generated class appears as
 * the method that it was made from, and what drives it does not appear.
 */
final class Traces {
  /** Stands in the names of generated classes between the host class and the method. */
  private static final String MARK = "$fermata$";

  /** As many frames as the JVM itself puts into a trace. */
  private static final int LIMIT = 1024;

  private static final String RUNTIME = "io.fermata.runtime.";

  private Traces() {}

  /**
   * Rewrites the trace of a failure that leaves towards the caller.
   *
   * @param failure what a body threw
   */
  static void tidy(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    List<StackTraceElement> tidied = new ArrayList<>(trace.length);
    for (StackTraceElement frame : trace) {
      if (!frame.getClassName().startsWith(RUNTIME)) {
        tidied.add(original(frame));
      }
    }
    failure.setStackTrace(tidied.toArray(new StackTraceElement[0]));
  }

  private static StackTraceElement original(StackTraceElement frame) {
    String name = frame.getClassName();
    int mark = name.indexOf(MARK);
    int number = name.lastIndexOf('$');
    return mark < 0 || number < mark + MARK.length()
        ? frame
        : new StackTraceElement(
            frame.getClassLoaderName(),
            frame.getModuleName(),
            frame.getModuleVersion(),
            name.substring(0, mark),
            name.substring(mark + MARK.length(), number),
            frame.getFileName(),
            frame.getLineNumber());
  }

  /**
   * Adds a delegator's line below those of its delegate, as on one stack.
   *
   * @param failure what the delegate threw
   * @param line where the delegator stands
   */
  static void insert(Throwable failure, @Nullable StackTraceElement line) {
    StackTraceElement[] trace = failure.getStackTrace();
    int driver = 0;
    while (driver < trace.length && !trace[driver].getClassName().startsWith(RUNTIME)) {
      driver++;
    }
    if (line == null || driver == trace.length || trace.length >= LIMIT) {
      return;
    }
    StackTraceElement[] longer = new StackTraceElement[trace.length + 1];
    System.arraycopy(trace, 0, longer, 0, driver);
    longer[driver] = line;
    System.arraycopy(trace, driver, longer, driver + 1, trace.length - driver);
    failure.setStackTrace(longer);
  }
}
