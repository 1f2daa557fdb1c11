package io.fermata.runtime;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of generated classes in a stack, as the methods that they were made from have them.
 *
 * <pre>
 * Host$fermata$lambda$main$0$1.lambda$main$0(Host.java:5)   Host.lambda$main$0(Host.java:5)
 * Host$fermata$lambda$main$0$1.resume(Host.java)            none: it calls the line above
 * </pre>
 *
 * <p>All who show a stack ask here, see also {@link InlinedCode}.
 */
public final class OriginalLines {
  /** Stands in the names of generated classes between the host class and the method. */
  private static final String MARK = "$fermata$";

  /** The members of generated classes that no code of a body is in, if it has not their name. */
  private static final Set<String> OWN =
      Set.of("resume", "fresh", "inspect", "ended", "isCall", "co", "<init>", "<clinit>");

  private OriginalLines() {}

  /**
   * What a line shows.
   *
   * @param frame any line
   * @return that line itself, if it is of no generated class; none if it is of one, and not the
   *     body's; several, the innermost first, where the code of a lambda stands in the place of its
   *     call
   */
  public static List<StackTraceElement> of(StackTraceElement frame) {
    StackTraceElement original = original(frame);
    if (original == null) {
      return List.of();
    }
    StackTraceElement[] inlined =
        original == frame ? null : InlinedCode.lines(frame.getClassName(), original);
    return inlined == null ? List.of(original) : List.of(inlined);
  }

  /** The line of the original method. */
  private static @Nullable StackTraceElement original(StackTraceElement frame) {
    String name = frame.getClassName();
    int mark = name.indexOf(MARK);
    int number = name.lastIndexOf('$');
    if (mark < 0 || number < mark + MARK.length()) {
      return frame;
    }
    String method = name.substring(mark + MARK.length(), number);
    if (!method.equals(frame.getMethodName()) && OWN.contains(frame.getMethodName())) {
      return null;
    }
    return new StackTraceElement(
        shownLoader(frame),
        frame.getModuleName(),
        frame.getModuleVersion(),
        name.substring(0, mark),
        method,
        frame.getFileName(),
        frame.getLineNumber());
  }

  static boolean isGenerated(String className) {
    return className.contains(MARK);
  }

  /** The loader's name if the JVM shows it: a new line would show the names of its own too. */
  private static @Nullable String shownLoader(StackTraceElement frame) {
    String loader = frame.getClassLoaderName();
    return loader != null && frame.toString().startsWith(loader + "/") ? loader : null;
  }
}
