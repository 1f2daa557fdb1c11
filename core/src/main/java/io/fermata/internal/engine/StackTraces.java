package io.fermata.internal.engine;

import io.fermata.runtime.OriginalLines;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stack traces of bodies on threads, made one with those of their callers: an exception shows
 * the lines of the body, then those of its caller, as if they had been on one stack.
 *
 * <p>A trace that was made on a body's thread ends in {@link HandOff#run}. That is where the trace
 * of the delegator or of the caller is joined on, so that no trace is completed twice.
 */
final class StackTraces {
  private static final String ENGINE = "io.fermata.internal.engine.";
  private static final String RUNTIME = "io.fermata.runtime.";

  private StackTraces() {}

  /** The frame in which a body stands, below those of the engine; null if there is none. */
  static @Nullable StackTraceElement innermost(StackTraceElement[] trace) {
    for (StackTraceElement frame : trace) {
      if (isBottom(frame)) {
        return null;
      }
      if (!isInfrastructure(frame) && !isHidden(frame)) {
        List<StackTraceElement> shown = OriginalLines.of(plain(frame));
        if (!shown.isEmpty()) {
          return shown.get(0);
        }
      }
    }
    return null;
  }

  /**
   * Completes the traces of a failure and of its causes, each that ends at the bottom of a body's
   * thread, with the lines of the current thread, which has stepped the body.
   *
   * @param isComplete tells which one, and those that have caused it, stay as they are
   */
  static void joinAll(Throwable failure, Predicate<Throwable> isComplete) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    try {
      for (Throwable at = failure;
          at != null && seen.add(at) && !isComplete.test(at);
          at = at.getCause()) {
        join(at);
      }
    } catch (RuntimeException refused) {
      // by a class of exceptions that does not let them be seen: they stay as they are
    }
  }

  /**
   * Completes a trace that ends at the bottom of a body's thread with the lines of the current
   * thread, which has stepped the body; leaves any other as it is.
   */
  private static void join(Throwable failure) {
    StackTraceElement[] upper = failure.getStackTrace();
    int bottom = bottom(upper);
    if (bottom == 0) {
      return;
    }
    StackTraceElement[] lower = new Throwable().getStackTrace();
    int top = 0;
    while (top < lower.length && isOfEngine(lower[top])) {
      top++;
    }
    StackTraceElement[] joined = Arrays.copyOf(upper, bottom + lower.length - top);
    System.arraycopy(lower, top, joined, bottom, lower.length - top);
    failure.setStackTrace(joined);
  }

  /** Whether a failure was made on a body's thread, and nobody has completed its trace. */
  static boolean endsInABody(Throwable failure) {
    try {
      return bottom(failure.getStackTrace()) > 0;
    } catch (RuntimeException refused) {
      return false;
    }
  }

  /** How many lines of a trace are those of a body; 0 if it does not end at a body's start. */
  static int bottom(StackTraceElement[] trace) {
    int bottom = trace.length;
    boolean isCut = bottom > 0 && isOfEngine(trace[bottom - 1]); // by the JVM, above the bottom
    while (!isCut && bottom > 0 && !isBottom(trace[bottom - 1])) {
      bottom--;
    }
    while (bottom > 0 && isOfEngine(trace[bottom - 1])) {
      bottom--;
    }
    return bottom;
  }

  /** The stack of a thread in the form of the trace of an exception. */
  static StackTraceElement[] asOfException(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .filter(frame -> !isHidden(frame))
        .map(StackTraces::plain)
        .flatMap(line -> OriginalLines.of(line).stream())
        .toArray(StackTraceElement[]::new);
  }

  /** Where a suspended body stands, in the form of the trace of an exception. */
  static StackTraceElement[] ofBody(StackTraceElement[] whole) {
    StackTraceElement[] trace = asOfException(whole);
    int bottom = bottom(trace);
    int top = 0;
    while (top < bottom && isInfrastructure(trace[top])) {
      top++;
    }
    return Arrays.copyOfRange(trace, top, bottom);
  }

  /** As in the trace of an exception; that of a thread names the class loader, too. */
  private static StackTraceElement plain(StackTraceElement frame) {
    return frame.getModuleName() != null
        ? frame
        : new StackTraceElement(
            frame.getClassName(),
            frame.getMethodName(),
            frame.getFileName(),
            frame.getLineNumber());
  }

  /**
   * What the trace of an exception leaves out, and the stack of a thread does not: the class of a
   * lambda, and what links a call.
   */
  private static boolean isHidden(StackTraceElement frame) {
    String name = frame.getClassName();
    return name.contains("$$Lambda")
        || name.startsWith("java.lang.invoke.LambdaForm$")
        || (name.startsWith("java.lang.invoke.") && name.endsWith("$Holder"));
  }

  /** Whether a body's thread has not come to the body's first line. */
  static boolean isBeforeFirstLine(StackTraceElement[] trace) {
    return trace.length > 0 && innermost(trace) == null;
  }

  private static boolean isOfEngine(StackTraceElement frame) {
    return frame.getClassName().startsWith(ENGINE);
  }

  private static boolean isBottom(StackTraceElement frame) {
    return frame.getMethodName().equals("run")
        && frame.getClassName().equals(HandOff.class.getName());
  }

  static boolean isInfrastructure(StackTraceElement frame) {
    String name = frame.getClassName();
    return isOfEngine(frame)
        || name.startsWith(RUNTIME)
        || name.startsWith("io.fermata.Generator")
        || name.startsWith("java.lang.")
        || name.startsWith("java.util.concurrent.locks.")
        || name.startsWith("jdk.internal.");
  }
}
