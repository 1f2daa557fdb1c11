package io.fermata.runtime;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a generated class that stand for several lines of the program: the code of a lambda
 * in the place of the call of it. A stack trace has one line there and shows all of them.
 *
 * <p>Traces know classes by name only. If two loaders have a class of one name, the table that came
 * last is used; it is the same unless the program has two versions of the class.
 */
final class InlinedCode {
  private static final Map<String, Registered> BY_CLASS = new ConcurrentHashMap<>();
  private static final ReferenceQueue<InlinedCode> GONE = new ReferenceQueue<>();

  /** A table that goes with its class, which holds it by its {@link BodySite}. */
  private static final class Registered extends WeakReference<InlinedCode> {
    final String className;

    Registered(String className, InlinedCode code) {
      super(code, GONE);
      this.className = className;
    }
  }

  private record Line(int number, String method) {}

  /** The program's lines by the number in the class file, the innermost first. */
  private final Map<Integer, List<Line>> lines = new HashMap<>();

  /**
   * The table of a class.
   *
   * @param rows {@code number;line;method;line;method}
   */
  InlinedCode(List<String> rows) {
    for (String row : rows) {
      String[] parts = row.split(";", -1);
      Line[] shown = new Line[parts.length / 2];
      for (int i = 0; i < shown.length; i++) {
        shown[i] = new Line(Integer.parseInt(parts[2 * i + 1]), parts[2 * i + 2]);
      }
      lines.put(Integer.valueOf(parts[0]), List.of(shown));
    }
  }

  /** Makes the table known to stack traces. */
  void register(String className) {
    for (var gone = (Registered) GONE.poll(); gone != null; gone = (Registered) GONE.poll()) {
      BY_CLASS.remove(gone.className, gone);
    }
    if (!lines.isEmpty()) {
      BY_CLASS.put(className, new Registered(className, this));
    }
  }

  /** What a line of a generated class stands for; null if for itself. */
  static StackTraceElement @Nullable [] lines(String className, StackTraceElement shown) {
    Registered registered = BY_CLASS.get(className);
    InlinedCode code = registered == null ? null : registered.get();
    return code == null ? null : code.lines(shown);
  }

  /** What a line stands for, in the form of a line of the class as written; null if for itself. */
  StackTraceElement @Nullable [] lines(StackTraceElement shown) {
    List<Line> known = lines.get(shown.getLineNumber());
    if (known == null) {
      return null;
    }
    StackTraceElement[] all = new StackTraceElement[known.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          new StackTraceElement(
              shown.getClassLoaderName(),
              shown.getModuleName(),
              shown.getModuleVersion(),
              shown.getClassName(),
              known.get(i).method,
              shown.getFileName(),
              known.get(i).number);
    }
    return all;
  }
}
