package io.fermata.internal.signals;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.RunInterrupt;
import io.fermata.internal.loop.Workers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What SIGINT and SIGTERM do to the loops that {@code EventLoop.run} runs, on any thread of the
 * JVM.
 *
 * <pre>
 * no loop runs          the JVM ends, as it does without this
 * the first signal      main of each loop is cancelled; when the loops are closed, and the main
 *                       thread has ended or taken too long, the JVM ends
 * a second signal       the JVM ends at once
 * </pre>
 *
 * <p>It ends by {@code System.exit} with 128 and the number of the signal, as without this. The
 * handlers are set by the first run, and stay. All fields are guarded by the class.
 */
public final class Termination {
  /** Off, signals end the JVM as if there were no loops. */
  private static final String SWITCH = "fermata.signals";

  /** How long the main thread may take after the loops have been closed. */
  private static final long REST_OF_MAIN_SECONDS = 5;

  /** The name that the JVM gives to the thread that it begins with. */
  private static final String MAIN_THREAD = "main";

  private static final int EXIT_CODE_OF_SIGNALS = 128;

  private static final Set<Termination> RUNNING = new LinkedHashSet<>();
  private static boolean prepared;
  private static boolean ending;

  private final Loop loop;
  private final SignalFailure failure;
  private final Thread thread = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Termination(Loop loop, SignalFailure failure) {
    this.loop = loop;
    this.failure = failure;
  }

  /** Makes the exception of a run that a signal has ended. */
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

  /** A loop begins that ends with the JVM. */
  public static synchronized Termination of(Loop loop, SignalFailure failure) {
    if (!prepared) {
      prepared = true;
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
    OsSignals.handleIfStandard("INT", number -> received("SIGINT", number));
    OsSignals.handleIfStandard("TERM", number -> received("SIGTERM", number));
  }

  /** The loop is closed. */
  public void done() {
    synchronized (Termination.class) {
      RUNNING.remove(this);
    }
    closed.countDown();
  }

  /** On a thread of its own. */
  static void received(String signal, int number) {
    List<Termination> loops;
    synchronized (Termination.class) {
      loops = ending ? List.of() : new ArrayList<>(RUNNING);
      ending = true;
    }
    if (loops.isEmpty()) {
      System.exit(EXIT_CODE_OF_SIGNALS + number);
    }
    Workers.keepJvmFor(() -> endWith(loops, number));
    loops.forEach(it -> it.loop.postIfOpen(() -> it.interrupt(signal)));
  }

  private static void endWith(List<Termination> loops, int number) {
    try {
      for (Termination each : loops) {
        each.closed.await();
      }
      for (Termination each : loops) {
        if (each.thread.getName().equals(MAIN_THREAD)) {
          each.thread.join(TimeUnit.SECONDS.toMillis(REST_OF_MAIN_SECONDS));
        }
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    System.exit(EXIT_CODE_OF_SIGNALS + number);
  }

  /** On the loop's thread. */
  private void interrupt(String signal) {
    loop.home.interrupt(new RunInterrupt(signal, message -> muted(failure.of(message, signal))));
  }

  private static InterruptedException muted(InterruptedException thrown) {
    muteOnThisThread(thrown);
    return thrown;
  }

  /** Has nobody print that a thread has ended by what a signal has brought about. */
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
