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
 * The loops of this JVM that run, guests included for as long as they live, and the thread that
 * looks after them: one daemon, which begins with the first loop, looks a few times per second, and
 * ends when there was no loop for a while.
 *
 * <p>It reads what loops write for themselves anyway, so that to be watched costs a loop nothing.
 */
final class WatchThread implements Runnable {
  /** Pause between two looks: normally, and at least. */
  private static final long PAUSE = 250_000_000;

  private static final long SHORTEST = 2_000_000;

  /** Looks without a loop before the thread ends. */
  private static final int IDLE_LOOKS = 20;

  private static final Set<LoopWatchdog> RUNNING = ConcurrentHashMap.newKeySet();

  /** Guests that live, between their rounds too; one that nobody needs goes with its host. */
  private static final Set<LoopWatchdog> GUESTS =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Null if there is none. Guarded by the lock of this class. */
  private static @Nullable Thread thread;

  /** Whether it has to look soon. Guarded by the lock of this class. */
  private static boolean hurried;

  /** When it last looked for things that can wait; a program that is over before pays nothing. */
  private long lastSlowLook = Clock.SYSTEM.nanos();

  private WatchThread() {}

  /** The loops that run and the guests, in the order in which they were made. On any thread. */
  static List<LoopWatchdog> living() {
    List<LoopWatchdog> all = new ArrayList<>(RUNNING);
    synchronized (GUESTS) {
      all.addAll(GUESTS);
    }
    all.sort((one, other) -> Integer.compare(one.loop.number, other.loop.number));
    return all;
  }

  private static boolean isAlone() {
    return RUNNING.isEmpty() && GUESTS.isEmpty();
  }

  static void begin(LoopWatchdog watch) {
    synchronized (WatchThread.class) {
      (watch.loop.home.runsOtherJobs() ? GUESTS : RUNNING).add(watch);
      if (thread == null) {
        start();
      }
    }
  }

  static void end(LoopWatchdog watch) {
    (watch.loop.home.runsOtherJobs() ? GUESTS : RUNNING).remove(watch);
  }

  private static void start() {
    try {
      Thread starting = new Thread(null, new WatchThread(), "fermata watch", 0, false);
      starting.setDaemon(true);
      starting.setContextClassLoader(null);
      starting.start();
      thread = starting;
    } catch (OutOfMemoryError noThread) {
      // loops run without it; the next one tries again
    }
  }

  /** Has it look soon, as a limit has become shorter. */
  static synchronized void hurry() {
    hurried = true;
    WatchThread.class.notifyAll();
  }

  private static void lookSlowly(long now) {
    NeverAwaited.reportDropped();
    if (Platform.HAS_MBEANS) {
      LoopsMBean.registerWhereWanted();
    }
    int recorded = Platform.HAS_FLIGHT_RECORDER ? FlightRecording.wanted() : 0;
    for (LoopWatchdog watch : living()) {
      watch.adapt(recorded, now);
    }
  }

  @Override
  public void run() {
    long last = Clock.SYSTEM.nanos();
    int idle = 0;
    while (true) {
      long pause = pause();
      synchronized (WatchThread.class) {
        if (isAlone() && ++idle > IDLE_LOOKS) {
          end();
          return;
        }
        idle = isAlone() ? idle : 0;
        try {
          if (!hurried) {
            WatchThread.class.wait(pause / 1_000_000, (int) (pause % 1_000_000));
          }
        } catch (InterruptedException notOurs) {
          // nobody has a reason to
        }
        hurried = false;
      }
      long now = Clock.SYSTEM.nanos();
      // more than twice the pause: the whole JVM stood still, and the loops are not to blame
      look(now, Math.min(now - last, 2 * pause));
      last = now;
    }
  }

  /** Nothing of the library stays behind, so that its class loader can go. */
  private static void end() {
    thread = null;
    if (Platform.HAS_MBEANS) {
      LoopsMBean.unregister();
    }
  }

  private static long pause() {
    if (Platform.HAS_FLIGHT_RECORDER && FlightRecording.needsTicks() && !isAlone()) {
      return SHORTEST;
    }
    long pause = PAUSE;
    for (LoopWatchdog watch : living()) {
      pause = Math.min(pause, watch.pause());
    }
    return Math.max(pause, SHORTEST);
  }

  private void look(long now, long elapsed) {
    try {
      if (now - lastSlowLook >= PAUSE / 2) {
        lastSlowLook = now;
        lookSlowly(now);
      }
      for (LoopWatchdog watch : living()) {
        watch.look(now, elapsed);
      }
    } catch (Throwable broken) { // it has to go on
      System.getLogger("io.fermata.async")
          .log(System.Logger.Level.WARNING, "the thread that watches event loops failed", broken);
    }
  }
}
