package io.fermata.internal.signals;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.RunInterrupt;
import io.fermata.internal.loop.Workers;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The handling of SIGINT and SIGTERM for the loops that {@code EventLoop.run} runs, on any thread
 * of the JVM.
 *
 * <pre>
 * no loop runs          the JVM ends, as it does without this class
 * the first signal      the main task of each loop is cancelled; the JVM ends when the
 *                       loops are closed, and the main thread has ended or taken too long
 * two seconds later     what does not end is named
 * after the limit       the JVM ends, with a dump of the loops that are not closed
 * a second signal       the JVM ends at once
 * </pre>
 *
 * <p>The JVM ends by {@code System.exit} with 128 plus the number of the signal, as it does without
 * this class. The handlers are set while loops run, so that nothing of the JVM refers to the class
 * loader of the library between runs. Above the handlers of another copy of the library, a signal
 * goes to that copy when the loops of this one are closed. All static fields are guarded by the
 * class.
 */
public final class Termination {
  /** The system property; with {@code off}, signals end the JVM as if there were no loops. */
  private static final String SWITCH = "fermata.signals";

  /** The system property: so many seconds have the loops to close; 0: as many as they take. */
  private static final String LIMIT = "fermata.shutdown";

  private static final long DEFAULT_LIMIT_SECONDS = 30;

  /** After so long it is said what the loops wait for. */
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);

  /** The time for the main thread after the loops were closed. */
  private static final long REST_OF_MAIN_SECONDS = 5;

  /** The name of the first thread of a JVM. */
  private static final String MAIN_THREAD = "main";

  private static final int EXIT_CODE_OF_SIGNALS = 128;

  private static final Set<Termination> RUNNING = new LinkedHashSet<>();

  /** The handlers that are set, by signal; empty while no loop runs. */
  private static final Map<String, OsSignals.Installed> INSTALLED = new HashMap<>(4);

  /** Whether a signal has come. */
  private static boolean ending;

  private final Loop loop;
  private final SignalFailure failure;
  private final Thread thread = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Termination(Loop loop, SignalFailure failure) {
    this.loop = loop;
    this.failure = failure;
  }

  /** A factory of the exception that ends a run. */
  @FunctionalInterface
  public interface SignalFailure {
    /**
     * The exception.
     *
     * @param message what happened
     * @param signal its name, with SIG
     */
    InterruptedException of(String message, String signal);
  }

  /** Adds a loop that a signal ends. */
  public static synchronized Termination of(Loop loop, SignalFailure failure) {
    if (RUNNING.isEmpty() && !ending) {
      prepare();
    }
    Termination termination = new Termination(loop, failure);
    RUNNING.add(termination);
    return termination;
  }

  private static void prepare() {
    if ("off".equals(System.getProperty(SWITCH))) {
      return;
    }
    prepare("INT", "SIGINT");
    prepare("TERM", "SIGTERM");
  }

  private static void prepare(String name, String signal) {
    OsSignals.Installed installed =
        OsSignals.handleIfStandard(name, number -> received(signal, number));
    if (installed != null) {
      INSTALLED.put(signal, installed);
    }
  }

  /** Removes the loop, which is closed. */
  public void done() {
    synchronized (Termination.class) {
      RUNNING.remove(this);
      if (RUNNING.isEmpty() && !ending) {
        INSTALLED.values().forEach(OsSignals.Installed::remove);
        INSTALLED.clear();
      }
    }
    closed.countDown();
  }

  /** Handles a signal. On a new thread. */
  static void received(String signal, int number) {
    List<Termination> loops;
    OsSignals.Installed installed;
    synchronized (Termination.class) {
      loops = ending ? List.of() : new ArrayList<>(RUNNING);
      ending = true;
      installed = INSTALLED.get(signal);
    }
    // No loop, or a second signal.
    if (loops.isEmpty()) {
      System.exit(EXIT_CODE_OF_SIGNALS + number);
    }
    // The JVM must not end by itself before the exit code is set.
    Workers.keepJvmFor(() -> endWith(loops, installed, signal, number));
    loops.forEach(it -> it.loop.postIfOpen(() -> it.interrupt(signal)));
  }

  private static void endWith(
      List<Termination> loops, OsSignals.@Nullable Installed installed, String signal, int number) {
    try {
      if (areClosed(loops, signal)) {
        for (Termination each : loops) {
          // The code after run() may have something to finish; other threads are not waited for.
          if (each.thread.getName().equals(MAIN_THREAD)) {
            each.thread.join(TimeUnit.SECONDS.toMillis(REST_OF_MAIN_SECONDS));
          }
        }
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    if (installed != null && installed.hasCopyBelow()) {
      installed.passOn(); // its loops are to be closed too; it ends the JVM
    } else {
      System.exit(EXIT_CODE_OF_SIGNALS + number);
    }
  }

  /** Waits for the end of the loops; if it does not come in time, says what they do. */
  private static boolean areClosed(List<Termination> loops, String signal)
      throws InterruptedException {
    long seconds = limit();
    long limit = seconds == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds);
    if (areClosedWithin(loops, Math.min(SILENCE, limit))) {
      return true;
    }
    if (limit > SILENCE) {
      loops.forEach(each -> each.loop.postIfOpen(() -> each.sayThatMainRuns(signal, seconds)));
      if (areClosedWithin(loops, limit - SILENCE)) {
        return true;
      }
    }
    StringBuilder text = new StringBuilder(signal);
    text.append(": the loops were not closed within ").append(seconds);
    text.append(" s (-D" + LIMIT + "=SECONDS), so the JVM ends without them\n");
    for (Termination each : loops) {
      if (!each.loop.isClosed()) {
        text.append(each.loop.monitor.dump());
      }
    }
    System.err.print(text);
    return false;
  }

  private static boolean areClosedWithin(List<Termination> loops, long nanos)
      throws InterruptedException {
    long start = Clock.SYSTEM.nanos();
    for (Termination each : loops) {
      if (!each.closed.await(nanos - (Clock.SYSTEM.nanos() - start), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }

  private static long limit() {
    String set = System.getProperty(LIMIT, "" + DEFAULT_LIMIT_SECONDS);
    try {
      return Math.max(0, Long.parseLong(set));
    } catch (NumberFormatException wrong) {
      log(
          "-D"
              + LIMIT
              + "="
              + set
              + " is no number of seconds; "
              + DEFAULT_LIMIT_SECONDS
              + " are used");
      return DEFAULT_LIMIT_SECONDS;
    }
  }

  /** Once the loop is being closed, it names the tasks that do not end. On the loop's thread. */
  private void sayThatMainRuns(String signal, long limit) {
    if (loop.home.main() instanceof LoopTask<?> main) {
      log(
          signal
              + " has cancelled the main task of a loop, which does not end. "
              + (limit == 0 ? "" : "After " + limit + " s the JVM ends without it. ")
              + "A second signal ends it now.\n"
              + loop.monitor.dump(main).stripTrailing());
    }
  }

  private static void log(String text) {
    System.getLogger("io.fermata.async").log(Level.WARNING, text);
  }

  /** Interrupts the run of the loop. On the loop's thread. */
  private void interrupt(String signal) {
    loop.home.interrupt(new RunInterrupt(signal, message -> muted(failure.of(message, signal))));
  }

  private static InterruptedException muted(InterruptedException thrown) {
    muteOnThisThread(thrown);
    return thrown;
  }

  /** Keeps the uncaught exception of a signal from being printed. */
  private static void muteOnThisThread(InterruptedException failure) {
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler(
        (of, thrown) -> {
          if (thrown != failure) {
            before.uncaughtException(of, thrown);
          }
        });
  }
}
