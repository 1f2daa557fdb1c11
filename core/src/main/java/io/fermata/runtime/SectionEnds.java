package io.fermata.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The marks in a trace that was tidied while its failure may still pass on. The driver's line,
 * which ended a section, is gone from such a trace; so the last line of the section is marked
 * instead. A marked line equals and reads like any other.
 *
 * <p>The mark is the identity of the string that has the method's name: a trace keeps its elements,
 * and an element its strings. There is one pair of such strings for each name.
 */
final class SectionEnds {
  /** Ends a section that lacks the lines of its delegators. */
  private static final Map<String, String> OPEN = new ConcurrentHashMap<>();

  /** Ends a section that is complete. */
  private static final Map<String, String> CLOSED = new ConcurrentHashMap<>();

  private SectionEnds() {}

  static boolean isOpen(StackTraceElement line) {
    return isMarked(OPEN, line);
  }

  static boolean isClosed(StackTraceElement line) {
    return isMarked(CLOSED, line);
  }

  @SuppressWarnings({"ReferenceEquality", "StringEquality"}) // identity is the mark
  private static boolean isMarked(Map<String, String> marks, StackTraceElement line) {
    String method = line.getMethodName();
    return !marks.isEmpty() && marks.get(method) == method;
  }

  static StackTraceElement open(StackTraceElement line) {
    return mark(OPEN, line);
  }

  static StackTraceElement closed(StackTraceElement line) {
    return mark(CLOSED, line);
  }

  private static StackTraceElement mark(Map<String, String> marks, StackTraceElement line) {
    String name =
        marks.computeIfAbsent(line.getMethodName(), method -> String.valueOf(method.toCharArray()));
    return named(line, name);
  }

  /** The line without a mark. */
  static StackTraceElement plain(StackTraceElement line) {
    return isOpen(line) || isClosed(line) ? named(line, line.getMethodName().intern()) : line;
  }

  private static StackTraceElement named(StackTraceElement line, String method) {
    // the loader is there only if it shows, see OriginalLines
    String loader = line.getClassLoaderName();
    boolean isShown = loader != null && line.toString().startsWith(loader + "/");
    return new StackTraceElement(
        isShown ? loader : null,
        line.getModuleName(),
        line.getModuleVersion(),
        line.getClassName(),
        method,
        line.getFileName(),
        line.getLineNumber());
  }
}
