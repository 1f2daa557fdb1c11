package io.fermata.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stack traces of compiled bodies, rewritten to read like those of plain code: a generated
 * class appears as the method that it was made from, and the classes that step it do not appear.
 *
 * <p>The lines of a trace, from the top, are those of one resume, then a <em>driver</em> (a method
 * of {@link #DRIVERS}) that called it, then other lines of the runtime, then those of the caller of
 * the step. The driver's line marks the place at which lines of delegators are inserted. {@link
 * #tidy} removes it at the end, when the failure leaves for the caller.
 */
final class Traces {
  /** Stands in the names of generated classes between the host class and the method. */
  private static final String MARK = "$fermata$";

  /** As many frames as the JVM itself puts into a trace. */
  static final int LIMIT = 1024;

  /** The methods that resume a frame, and below which the caller's lines follow. */
  private static final Set<String> DRIVERS =
      Set.of("drive", "resumeInnermost", "resumeAlone", "stepToLeaf");

  private static final String RUNTIME = "io.fermata.runtime.";

  private Traces() {}

  /**
   * Rewrites the trace of a failure that leaves towards the caller, and those of its causes.
   *
   * @param failure what a body threw
   */
  static void tidy(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> work = new ArrayDeque<>();
    work.add(failure);
    while (!work.isEmpty()) {
      Throwable next = work.remove();
      if (seen.add(next)) {
        tidyOne(next);
        Throwable cause = Failures.cause(next);
        if (cause != null) {
          work.add(cause);
        }
        work.addAll(List.of(next.getSuppressed()));
      }
    }
  }

  private static void tidyOne(Throwable failure) {
    StackTraceElement[] trace = of(failure);
    int caller = caller(trace);
    List<StackTraceElement> tidied = new ArrayList<>(trace.length);
    boolean changed = false;
    for (int i = 0; i < caller; i++) {
      StackTraceElement frame = trace[i];
      StackTraceElement shown =
          isOfRuntime(frame) || callsASegment(trace, i) ? null : original(frame);
      changed |= shown != frame;
      StackTraceElement[] inlined =
          shown == null || shown == frame ? null : InlinedCode.lines(frame, shown);
      if (inlined != null) {
        int room = Math.min(inlined.length, LIMIT - tidied.size());
        tidied.addAll(List.of(inlined).subList(0, room));
      } else if (shown != null && tidied.size() < LIMIT) {
        tidied.add(shown);
      }
    }
    if (changed) {
      int rest = Math.min(trace.length - caller, LIMIT - tidied.size());
      tidied.addAll(Arrays.asList(trace).subList(caller, caller + rest));
      show(failure, tidied.toArray(new StackTraceElement[0]));
    }
  }

  /**
   * The index at which the lines of the step's caller begin. They stay as they are: if the caller
   * is a body, its driver's line still has to be found.
   */
  private static int caller(StackTraceElement[] trace) {
    int at = driver(trace);
    while (at < trace.length && isOfRuntime(trace[at])) {
      at++;
    }
    return at;
  }

  private static boolean isOfRuntime(StackTraceElement frame) {
    return frame.getClassName().startsWith(RUNTIME);
  }

  /**
   * Whether a line is that of {@code resume} below one of its segments: it is no line of a body.
   */
  private static boolean callsASegment(StackTraceElement[] trace, int at) {
    return at > 0
        && trace[at].getMethodName().equals("resume")
        && trace[at].getClassName().contains(MARK)
        && trace[at].getClassName().equals(trace[at - 1].getClassName());
  }

  private static StackTraceElement original(StackTraceElement frame) {
    String name = frame.getClassName();
    int mark = name.indexOf(MARK);
    int number = name.lastIndexOf('$');
    return mark < 0 || number < mark + MARK.length()
        ? frame
        : new StackTraceElement(
            shownLoader(frame),
            frame.getModuleName(),
            frame.getModuleVersion(),
            name.substring(0, mark),
            name.substring(mark + MARK.length(), number),
            frame.getFileName(),
            frame.getLineNumber());
  }

  /** The loader's name if the JVM shows it: a new line would show the names of its own too. */
  private static @Nullable String shownLoader(StackTraceElement frame) {
    String loader = frame.getClassLoaderName();
    return loader != null && frame.toString().startsWith(loader + "/") ? loader : null;
  }

  /**
   * Adds a delegator's lines below those of its delegate, as on one stack.
   *
   * @param failure what the delegate threw
   * @param delegator tells where it stands
   */
  static void insert(Throwable failure, Inspection delegator) {
    if (room(failure) > 0) {
      insert(failure, List.of(delegator.lines()));
    }
  }

  /** How many lines of delegators a trace can take. */
  static int room(Throwable failure) {
    StackTraceElement[] trace = of(failure);
    int driver = driver(trace);
    int room = driver == trace.length ? 0 : LIMIT;
    for (int i = 0; i < driver && room > 0; i++) {
      room -= isOfRuntime(trace[i]) ? 0 : 1;
    }
    return room;
  }

  /**
   * Adds lines of delegators below those of their delegate.
   *
   * @param lines those of the innermost delegator first
   */
  static void insert(Throwable failure, List<StackTraceElement> lines) {
    StackTraceElement[] trace = of(failure);
    int driver = driver(trace);
    if (driver == trace.length) {
      return;
    }
    List<StackTraceElement> longer = new ArrayList<>(trace.length + lines.size());
    longer.addAll(Arrays.asList(trace).subList(0, driver));
    longer.addAll(lines);
    longer.addAll(Arrays.asList(trace).subList(driver, trace.length));
    show(failure, longer.toArray(new StackTraceElement[0]));
  }

  /**
   * Removes the delegators' lines from the trace of a failure that a frame holds while it is
   * suspended. The frame began on their stack; if it throws the failure later, each delegator's
   * lines are inserted then.
   *
   * @param held a failure of this step; any other stays as it is
   */
  static void cut(Throwable held) {
    StackTraceElement[] here = new Throwable().getStackTrace();
    int below = 0;
    while (isOfRuntime(here[below])) {
      below++;
    }
    below++; // the frame itself
    int lines = driver(here) - below;
    StackTraceElement[] trace = of(held);
    int driver = driver(trace);
    int from = driver - lines;
    if (lines <= 0
        || from <= 0
        || driver == trace.length
        || !Arrays.equals(trace, from, driver, here, below, below + lines)) {
      return;
    }
    StackTraceElement[] shorter = new StackTraceElement[trace.length - lines];
    System.arraycopy(trace, 0, shorter, 0, from);
    System.arraycopy(trace, driver, shorter, from, trace.length - driver);
    show(held, shorter);
  }

  /** The trace of a failure; empty if its class throws when asked. */
  private static StackTraceElement[] of(Throwable failure) {
    try {
      return failure.getStackTrace();
    } catch (RuntimeException refused) { // which must not be thrown in place of the failure
      return new StackTraceElement[0];
    }
  }

  /** Gives a failure a trace, if its class allows that. */
  private static void show(Throwable failure, StackTraceElement[] trace) {
    try {
      failure.setStackTrace(trace);
    } catch (RuntimeException refused) {
      // it keeps the one that it has
    }
  }

  /** The index of the first driver, where the lines of one resume end; the length if none shows. */
  private static int driver(StackTraceElement[] trace) {
    int at = 0;
    while (at < trace.length && !isDriver(trace[at])) {
      at++;
    }
    return at;
  }

  /** Whether the lines above are those of a resumed frame and of the methods that it called. */
  private static boolean isDriver(StackTraceElement frame) {
    return isOfRuntime(frame) && DRIVERS.contains(frame.getMethodName());
  }
}
