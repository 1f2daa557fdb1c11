package io.fermata.internal.watch;

import io.fermata.internal.kernel.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The thread that watches the loops of this JVM, and the list of these loops: the running ones, and
 * all guests that exist. The thread is a daemon. It starts with the first loop, looks a few times
 * per second, and ends when there was no loop for a while.
 *
 * <p>It reads only values that loops write anyway, so watching costs a loop nothing.
 */
final class WatchThread implements Runnable {
  /** The pause between two looks: the usual one, and the shortest. */
  private static final long PAUSE = 250_000_000;

  private static final long SHORTEST = 2_000_000;

  /** The number of looks without a loop after which the thread ends. */
  private static final int IDLE_LOOKS = 20;

  private static final Set<LoopWatchdog> RUNNING = ConcurrentHashMap.newKeySet();

  /**
   * The guests, also between their rounds. They are held weakly: a forgotten guest goes with its
   * host.
   */
  private static final Set<LoopWatchdog> GUESTS =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** The running thread; null if there is none. Guarded by the lock of this class. */
  private static @Nullable Thread thread;

  /** Whether the next look must not wait. Guarded by the lock of this class. */
  private static boolean isUrgent;

  /**
   * The time of the last slow look. It starts at the beginning of the thread, so a short program
   * pays for none.
   */
  private long lastSlowLook = Clock.SYSTEM.nanos();

  /** The last failure of a look, as text; empty if none has failed. */
  private String lastFailure = "";

  private WatchThread() {}

  /**
   * The watchdogs of the running loops and of the guests, in the order of their making. Any thread.
   */
  static List<LoopWatchdog> watchdogs() {
    List<LoopWatchdog> all = new ArrayList<>(RUNNING);
    synchronized (GUESTS) {
      all.addAll(GUESTS);
    }
    all.sort((one, other) -> Integer.compare(one.loop.number, other.loop.number));
    return all;
  }

  private static boolean hasNoLoops() {
    return RUNNING.isEmpty() && GUESTS.isEmpty();
  }

  static void begin(LoopWatchdog watchdog) {
    synchronized (WatchThread.class) {
      if (thread == null) {
        start(); // first: it may fail
      }
      (watchdog.loop.home.runsOtherJobs() ? GUESTS : RUNNING).add(watchdog);
    }
  }

  static void end(LoopWatchdog watchdog) {
    (watchdog.loop.home.runsOtherJobs() ? GUESTS : RUNNING).remove(watchdog);
  }

  private static void start() {
    try {
      Thread starting = new Thread(null, new WatchThread(), "fermata watch", 0, false);
      starting.setDaemon(true);
      starting.setContextClassLoader(null); // the thread outlives the code that started it
      starting.start();
      thread = starting;
    } catch (OutOfMemoryError noThread) {
      // loops run without a watchdog; the next loop tries again
    }
  }

  /** Makes the thread look at once, because a limit may have become shorter. */
  static synchronized void lookSoon() {
    isUrgent = true;
    WatchThread.class.notifyAll();
  }

  /** Looks for everything that can wait: dropped awaitables, the MBean, recordings. */
  static void lookSlowly(long now) {
    NeverAwaited.reportDropped();
    if (Platform.HAS_MBEANS) {
      LoopsMBean.registerWhereWanted();
    }
    int recorded = Platform.HAS_FLIGHT_RECORDER ? FlightRecording.wanted() : 0;
    for (LoopWatchdog watchdog : watchdogs()) {
      watchdog.adapt(recorded, now);
    }
  }

  @Override
  public void run() {
    long last = Clock.SYSTEM.nanos();
    int idle = 0;
    while (true) {
      long pause = pause();
      synchronized (WatchThread.class) {
        // Under the lock, so a loop that begins now finds either this thread or none.
        if (hasNoLoops() && ++idle > IDLE_LOOKS) {
          end();
          return;
        }
        idle = hasNoLoops() ? idle : 0;
        try {
          if (!isUrgent) {
            WatchThread.class.wait(pause / 1_000_000, (int) (pause % 1_000_000));
          }
        } catch (InterruptedException notOurs) {
          // no code has a reason to interrupt this thread
        }
        isUrgent = false;
      }
      long now = Clock.SYSTEM.nanos();
      // More than twice the pause: the whole JVM stood still, which is not the fault of a step.
      look(now, Math.min(now - last, 2 * pause));
      last = now;
    }
  }

  /** Ends the thread. Nothing refers to the library then, so its class loader can be collected. */
  private static void end() {
    thread = null;
    if (Platform.HAS_MBEANS) {
      LoopsMBean.unregister();
    }
  }

  private static long pause() {
    if (Platform.HAS_FLIGHT_RECORDER && FlightRecording.needsTicks() && !hasNoLoops()) {
      return SHORTEST;
    }
    long pause = PAUSE;
    for (LoopWatchdog watchdog : watchdogs()) {
      pause = Math.min(pause, watchdog.pause());
    }
    return Math.max(pause, SHORTEST);
  }

  private void look(long now, long elapsed) {
    try {
      // Half a pause, because a wait may end a little early.
      if (now - lastSlowLook >= PAUSE / 2) {
        lastSlowLook = now;
        lookSlowly(now);
      }
      for (LoopWatchdog watchdog : watchdogs()) {
        watchdog.look(now, elapsed);
      }
    } catch (Throwable broken) {
      // The thread goes on: the failure of one look must not end the watching of all loops. What
      // fails at each look is told once.
      if (broken.toString().equals(lastFailure)) {
        return;
      }
      lastFailure = broken.toString();
      System.getLogger("io.fermata.async")
          .log(
              System.Logger.Level.WARNING,
              "a look at the event loops failed; the watch thread goes on",
              broken);
    }
  }
}
