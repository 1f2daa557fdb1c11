package io.fermata.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The stack traces of compiled bodies, rewritten to read like those of plain code: a generated
 * class appears as the method that it was made from, and the classes that step it do not appear.
 *
 * <p>A trace has a <em>section</em> for each step that was under way, the innermost first. Its
 * lines are those of one resume, then a <em>driver</em> (a method of {@link #DRIVERS}) that called
 * it, then other lines of the runtime. Below follow the lines of the step's caller, which may be a
 * section again. The driver's line marks the place at which lines of delegators are inserted.
 *
 * <pre>
 * insert     the failure leaves a frame towards its delegator: the delegator's lines
 * tidy       the failure leaves a step towards its caller: the first section
 * complete   a body passes the failure on, or looks at it itself: all sections; what remains to be
 *            done by the two above is marked, see {@link SectionEnds}
 * cut        a frame holds the failure while it is suspended
 * </pre>
 */
final class Traces {
  /** As many frames as the JVM itself puts into a trace. */
  static final int LIMIT = 1024;

  /** The methods that resume a frame, and below which the caller's lines follow. */
  private static final Set<String> DRIVERS =
      Set.of("drive", "resumeInnermost", "resumeAlone", "stepToLeaf");

  private static final String RUNTIME = "io.fermata.runtime.";

  private Traces() {}

  /** Visits a failure, its causes and what it suppresses, each once. */
  private static void each(Throwable failure, Consumer<Throwable> visitor) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> work = new ArrayDeque<>();
    work.add(failure);
    while (!work.isEmpty()) {
      Throwable next = work.remove();
      if (seen.add(next)) {
        visitor.accept(next);
        Throwable cause = Failures.cause(next);
        if (cause != null) {
          work.add(cause);
        }
        work.addAll(List.of(next.getSuppressed()));
      }
    }
  }

  /**
   * Rewrites the trace of a failure that leaves towards the caller, and those of its causes.
   *
   * @param failure what a body threw
   */
  static void tidy(Throwable failure) {
    each(failure, Traces::tidyOne);
  }

  private static void tidyOne(Throwable failure) {
    StackTraceElement[] trace = of(failure);
    int end = end(trace);
    int caller = caller(trace, end);
    List<StackTraceElement> tidied = new ArrayList<>(trace.length);
    boolean changed = addShown(trace, 0, end, tidied) || caller > end;
    if (end > 0 && isMarked(trace[end - 1])) {
      tidied.set(tidied.size() - 1, SectionEnds.plain(trace[end - 1]));
      changed = true;
    }
    if (changed) {
      tidied.addAll(Arrays.asList(trace).subList(caller, trace.length));
      show(failure, tidied);
    }
  }

  /**
   * Rewrites the whole trace of a failure that a body passes on while its step is under way, and
   * those of its causes, as if the body, its delegators and their callers were on one stack.
   *
   * @param failure what the body passes on
   * @param body the frame that executes
   */
  static void complete(Throwable failure, Frame<?> body) {
    each(failure, each -> completeOne(each, body));
  }

  private static void completeOne(Throwable failure, Frame<?> body) {
    StackTraceElement[] trace = of(failure);
    int end = end(trace);
    boolean isMarked = end > 0 && isMarked(trace[end - 1]);
    if (isMarked && SectionEnds.isClosed(trace[end - 1])) {
      return;
    }
    List<StackTraceElement> whole = new ArrayList<>(trace.length);
    boolean changed = addShown(trace, 0, end, whole) || end < trace.length;
    if (isMarked) {
      whole.set(whole.size() - 1, SectionEnds.plain(trace[end - 1]));
    }
    if (end < trace.length && !whole.isEmpty()) {
      whole.addAll(linesOf(Driver.delegatorsOf(body)));
      whole.set(whole.size() - 1, SectionEnds.closed(whole.get(whole.size() - 1)));
    }
    int from = caller(trace, end);
    while (from < trace.length) {
      int next = driver(trace, from);
      changed |= addShown(trace, from, next, whole);
      if (next < trace.length) {
        whole.set(whole.size() - 1, SectionEnds.open(whole.get(whole.size() - 1)));
      }
      from = caller(trace, next);
    }
    if (changed) {
      show(failure, whole);
    }
  }

  /**
   * The stack of a thread, rewritten in the same way.
   *
   * @param delegators the frames for which the first section is suspended, the innermost first
   */
  static StackTraceElement[] shown(StackTraceElement[] stack, List<Frame<?>> delegators) {
    List<StackTraceElement> whole = new ArrayList<>(stack.length);
    List<Frame<?>> missing = delegators;
    for (int from = 0; from < stack.length; ) {
      int next = driver(stack, from);
      addShown(stack, from, next, whole);
      if (next < stack.length) {
        whole.addAll(linesOf(missing));
        missing = List.of();
      }
      from = caller(stack, next);
    }
    return whole.toArray(new StackTraceElement[0]);
  }

  private static List<StackTraceElement> linesOf(List<Frame<?>> delegators) {
    List<StackTraceElement> lines = new ArrayList<>();
    for (Frame<?> delegator : delegators) {
      if (lines.size() < LIMIT) {
        lines.addAll(List.of(delegator.inspect().lines()));
      }
    }
    return lines;
  }

  /** Adds lines of one section as they show; false if that is as they are. */
  private static boolean addShown(
      StackTraceElement[] trace, int from, int to, List<StackTraceElement> shown) {
    boolean changed = false;
    for (int i = from; i < to; i++) {
      List<StackTraceElement> lines = callsASegment(trace, i) ? List.of() : shown(trace[i]);
      changed |= lines.size() != 1 || lines.get(0) != trace[i];
      shown.addAll(lines);
    }
    return changed;
  }

  /**
   * The index at which the lines of the step's caller begin. When a failure leaves the step they
   * stay as they are: if the caller is a body, its driver's line still has to be found.
   */
  private static int caller(StackTraceElement[] trace, int end) {
    int at = end;
    if (at < trace.length && isDriver(trace[at])) {
      while (at < trace.length && isOfRuntime(trace[at])) {
        at++;
      }
    }
    return at;
  }

  static boolean isOfRuntime(StackTraceElement frame) {
    return frame.getClassName().startsWith(RUNTIME);
  }

  /**
   * Whether a line is that of {@code resume} below one of its segments: it is no line of a body.
   */
  private static boolean callsASegment(StackTraceElement[] trace, int at) {
    return at > 0
        && trace[at].getMethodName().equals("resume")
        && OriginalLines.isGenerated(trace[at].getClassName())
        && trace[at].getClassName().equals(trace[at - 1].getClassName());
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
    int end = end(trace);
    if (!takesLines(trace, end)) {
      return 0;
    }
    int room = LIMIT;
    for (int i = 0; i < end && room > 0; i++) {
      room -= shown(trace[i]).size();
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
    int end = end(trace);
    if (lines.isEmpty() || !takesLines(trace, end)) {
      return;
    }
    List<StackTraceElement> longer = new ArrayList<>(trace.length + lines.size());
    longer.addAll(Arrays.asList(trace).subList(0, end));
    longer.addAll(lines);
    if (end > 0 && SectionEnds.isOpen(trace[end - 1])) {
      longer.set(end - 1, SectionEnds.plain(trace[end - 1]));
      longer.set(longer.size() - 1, SectionEnds.open(longer.get(longer.size() - 1)));
    }
    longer.addAll(Arrays.asList(trace).subList(end, trace.length));
    show(failure, longer);
  }

  private static boolean takesLines(StackTraceElement[] trace, int end) {
    return (end < trace.length && isDriver(trace[end]))
        || (end > 0 && SectionEnds.isOpen(trace[end - 1]));
  }

  /**
   * Removes the delegators' lines from the trace of a failure that a frame holds while it is
   * suspended. The frame began on their stack; if it throws the failure later, each delegator's
   * lines are inserted then.
   *
   * @param held a failure of this step; any other stays as it is, and so does one whose section is
   *     complete
   */
  static void cut(Throwable held) {
    StackTraceElement[] trace = of(held);
    int end = end(trace);
    if (!takesLines(trace, end)) {
      return;
    }
    List<StackTraceElement> section = new ArrayList<>();
    addShown(trace, 0, end, section);
    List<StackTraceElement> delegators = delegatorsOnTheStack();
    int rest = section.size() - delegators.size();
    if (delegators.isEmpty()
        || rest <= 0
        || !section.subList(rest, section.size()).equals(delegators)) {
      return;
    }
    List<StackTraceElement> shorter = new ArrayList<>(section.subList(0, rest));
    if (SectionEnds.isOpen(trace[end - 1])) {
      shorter.set(rest - 1, SectionEnds.open(shorter.get(rest - 1)));
    }
    shorter.addAll(Arrays.asList(trace).subList(end, trace.length));
    show(held, shorter);
  }

  /** The lines of this resume below those of the innermost frame: it began on their stack. */
  private static List<StackTraceElement> delegatorsOnTheStack() {
    StackTraceElement[] here = new Throwable().getStackTrace();
    int own = 0;
    while (own < here.length && shown(here[own]).isEmpty()) {
      own++;
    }
    List<StackTraceElement> lines = new ArrayList<>();
    addShown(here, own + 1, driver(here, 0), lines);
    return lines;
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
  private static void show(Throwable failure, List<StackTraceElement> trace) {
    try {
      int length = Math.min(trace.size(), LIMIT + hidden(trace));
      failure.setStackTrace(trace.subList(0, length).toArray(new StackTraceElement[0]));
    } catch (RuntimeException refused) {
      // it keeps the one that it has
    }
  }

  /** The lines that will not show. */
  private static int hidden(List<StackTraceElement> trace) {
    return trace.size() <= LIMIT
        ? 0
        : (int) trace.stream().filter(line -> shown(line).isEmpty()).count();
  }

  /** A line as it shows: as none, one or several. */
  private static List<StackTraceElement> shown(StackTraceElement line) {
    return isOfRuntime(line) ? List.of() : OriginalLines.of(line);
  }

  /**
   * The index of the first driver, or the one after a marked line: there the lines of one resume
   * end; the length if there is neither.
   */
  private static int end(StackTraceElement[] trace) {
    int at = 0;
    while (at < trace.length && !isDriver(trace[at])) {
      if (isMarked(trace[at])) {
        return at + 1;
      }
      at++;
    }
    return at;
  }

  private static boolean isMarked(StackTraceElement line) {
    return SectionEnds.isOpen(line) || SectionEnds.isClosed(line);
  }

  /** The index of the first driver from a line on; the length if none shows. */
  private static int driver(StackTraceElement[] trace, int from) {
    int at = from;
    while (at < trace.length && !isDriver(trace[at])) {
      at++;
    }
    return at;
  }

  /** Whether the lines above are those of a resumed frame and of the methods that it called. */
  private static boolean isDriver(StackTraceElement frame) {
    return isDriver(frame.getClassName(), frame.getMethodName());
  }

  static boolean isDriver(String className, String method) {
    return className.startsWith(RUNTIME) && DRIVERS.contains(method);
  }
}
