package io.fermata.internal.engine;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The watch over a body that keeps its caller waiting, for what a second thread can wait for and a
 * body on its caller's own stack could not: the end of a static initialiser in which the caller
 * stands, and a monitor that the caller holds. Both would last for ever.
 *
 * <p>The first is recognised and is an error. For the second the JVM does not tell who holds a
 * monitor (not for virtual threads), so a body that is blocked for long is only reported.
 *
 * <p>It belongs to one wait of one caller, and looks the first time after {@value #FIRST_LOOK}
 * milliseconds, so that an ordinary step pays nothing.
 */
final class StuckBody {
  private static final long FIRST_LOOK = 50;
  private static final long MILLI = 1_000_000;

  /** Looks that must find a body that has not come to its first line in the same place. */
  private static final int LOOKS_BEFORE_FIRST_LINE = 4;

  /** The same for a body that is somewhere in its midst, where it might only be busy. */
  private static final int LOOKS_WITHIN = 60;

  /** Looks that must find a body blocked before it is reported. */
  private static final int LOOKS_BLOCKED = 20;

  /** Loaded when there is something to say. */
  private static final class Log {
    static final System.Logger LOG = System.getLogger("io.fermata");
  }

  private static final String OF_CALLER =
      "a generator''s body has been waiting for a monitor for {0} ms, at {1}. If its caller holds"
          + " that monitor, this lasts for ever: on the thread engine a body runs on a thread of its"
          + " own and does not share the monitors of its caller. Step the generator outside the"
          + " synchronized block, or use a lock of the body''s own.";

  private static final String OF_LOOP =
      "an asynchronous body has been waiting for a monitor for {0} ms, at {1}, and the event loop"
          + " waits for it. If another body holds that monitor while it awaits, this lasts for ever."
          + " Await outside of synchronized, or use an AsyncLock.";

  private final Thread body;
  private final boolean awaits;
  private final @Nullable HandOff outer;
  private long nextLook = System.nanoTime() + FIRST_LOOK * MILLI;
  private boolean looked;
  private @Nullable String initialiser;
  private StackTraceElement[] lastTrace = {};
  private int same;
  private int blocked;
  private final CpuTime cpuTime = new CpuTime();

  /**
   * Watches a body.
   *
   * @param body its thread
   * @param awaits whether it is one that awaits
   * @param outer if its caller is a body too, the hand-off of that one
   */
  StuckBody(Thread body, boolean awaits, @Nullable HandOff outer) {
    this.body = body;
    this.awaits = awaits;
    this.outer = outer;
  }

  /**
   * Waits a while.
   *
   * @return an error, if the body can never go on
   */
  @Nullable IllegalStateException park(Object blocker) {
    long pause = nextLook - System.nanoTime();
    if (pause > 0) {
      LockSupport.parkNanos(blocker, pause);
      return null;
    }
    nextLook = System.nanoTime() + FIRST_LOOK * MILLI;
    if (!looked) {
      looked = true;
      initialiser = initialiserAbove();
    }
    reportIfBlocked();
    return initialiser == null ? null : stuckIn(initialiser);
  }

  private void reportIfBlocked() {
    if (body.getState() != Thread.State.BLOCKED) {
      blocked = 0;
    } else if (++blocked == LOOKS_BLOCKED) {
      Log.LOG.log(
          System.Logger.Level.WARNING,
          awaits ? OF_LOOP : OF_CALLER,
          LOOKS_BLOCKED * FIRST_LOOK,
          place(body.getStackTrace()));
    }
  }

  private @Nullable IllegalStateException stuckIn(String className) {
    StackTraceElement[] trace = body.getStackTrace();
    same = Arrays.equals(trace, lastTrace) && mayWaitForAClass(trace) ? same + 1 : 0;
    lastTrace = trace;
    boolean isCertain = StackTraces.isBeforeFirstLine(trace);
    if (same < (isCertain ? LOOKS_BEFORE_FIRST_LINE : LOOKS_WITHIN)) {
      return null;
    }
    if (!isCertain && cpuTime.isRunning(body)) {
      same = 0;
      return null;
    }
    return new IllegalStateException(
        "a generator is stepped in the static initialiser of "
            + className
            + ", and its body waits, at "
            + place(trace)
            + ", for that class to be initialised: on the thread engine a body runs on a thread of its"
            + " own, which has to wait until the initialiser is done; step the generator after the"
            + " class is initialised, from a method or from a class of its own");
  }

  /** A thread that waits for a class stands in Java code: in no native method, and not parked. */
  private boolean mayWaitForAClass(StackTraceElement[] trace) {
    return trace.length > 0
        && !trace[0].isNativeMethod()
        && body.getState() == Thread.State.RUNNABLE;
  }

  private static String place(StackTraceElement[] trace) {
    StackTraceElement place = StackTraces.innermost(trace);
    return place == null ? "its first line" : place.toString();
  }

  /** The class in whose initialiser the caller stands, or one of those who wait for the caller. */
  private @Nullable String initialiserAbove() {
    String found = initialiserOnThisStack();
    for (HandOff at = outer; found == null && at != null; at = at.outer()) {
      Thread waiting = at.caller();
      if (waiting != null) {
        found = initialiserIn(waiting.getStackTrace());
      }
    }
    return found;
  }

  private static @Nullable String initialiserIn(StackTraceElement[] trace) {
    for (StackTraceElement frame : trace) {
      if (frame.getMethodName().equals("<clinit>")) {
        return frame.getClassName();
      }
    }
    return null;
  }

  /** The class in whose initialiser the current thread stands. */
  static @Nullable String initialiserOnThisStack() {
    List<String> found =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .filter(frame -> frame.getMethodName().equals("<clinit>"))
                        .map(StackWalker.StackFrame::getClassName)
                        .limit(1)
                        .toList());
    return found.isEmpty() ? null : found.get(0);
  }
}
