package io.fermata.async;

import io.fermata.internal.kernel.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The loops of this JVM that run, and the thread that looks after them: one daemon, which begins
 * with the first loop, looks a few times per second, and ends when no loop has run for a while.
 *
 * <p>It reads what loops write for themselves anyway, so that to be watched costs a loop nothing.
 */
final class Watch implements Runnable {
  /** Pause between two looks: normally, and at least. */
  private static final long PAUSE = 250_000_000;

  private static final long SHORTEST = 2_000_000;

  /** Looks without a loop before the thread ends. */
  private static final int IDLE_LOOKS = 20;

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Set<EventLoop> RUNNING = ConcurrentHashMap.newKeySet();

  /** Null if there is none. Guarded by the lock of this class. */
  private static @Nullable Thread thread;

  /** Whether it has to look soon. Guarded by the lock of this class. */
  private static boolean hurried;

  /** When it last looked for things that can wait; a program that is over before pays nothing. */
  private long lastSlowLook = Clock.SYSTEM.nanos();

  private Watch() {}

  static int nextNumber() {
    return NUMBERS.incrementAndGet();
  }

  /** The loops that run, in the order in which they were made. On any thread. */
  static List<EventLoop> running() {
    List<EventLoop> all = new ArrayList<>(RUNNING);
    all.sort((one, other) -> Integer.compare(one.number, other.number));
    return all;
  }

  static void begin(EventLoop loop) {
    synchronized (Watch.class) {
      RUNNING.add(loop);
      if (thread == null) {
        start();
      }
    }
  }

  static void end(EventLoop loop) {
    RUNNING.remove(loop);
  }

  private static void start() {
    try {
      Thread starting = new Thread(null, new Watch(), "fermata watch", 0, false);
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
    Watch.class.notifyAll();
  }

  private static void lookSlowly(long now) {
    Unawaited.reportDropped();
    if (Platform.HAS_MBEANS) {
      Diagnostics.registerWhereWanted();
    }
    int recorded = Platform.HAS_FLIGHT_RECORDER ? Flight.wanted() : 0;
    for (EventLoop loop : RUNNING) {
      loop.watch.adapt(recorded, now);
    }
  }

  @Override
  public void run() {
    long last = Clock.SYSTEM.nanos();
    int idle = 0;
    while (true) {
      long pause = pause();
      synchronized (Watch.class) {
        if (RUNNING.isEmpty() && ++idle > IDLE_LOOKS) {
          thread = null;
          return;
        }
        idle = RUNNING.isEmpty() ? idle : 0;
        try {
          if (!hurried) {
            Watch.class.wait(pause / 1_000_000, (int) (pause % 1_000_000));
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

  private static long pause() {
    if (Platform.HAS_FLIGHT_RECORDER && Flight.needsTicks() && !RUNNING.isEmpty()) {
      return SHORTEST;
    }
    long pause = PAUSE;
    for (EventLoop loop : RUNNING) {
      pause = Math.min(pause, loop.watch.pause());
    }
    return Math.max(pause, SHORTEST);
  }

  private void look(long now, long elapsed) {
    try {
      if (now - lastSlowLook >= PAUSE / 2) {
        lastSlowLook = now;
        lookSlowly(now);
      }
      for (EventLoop loop : RUNNING) {
        loop.watch.look(now, elapsed);
      }
    } catch (Throwable broken) { // it has to go on
      System.getLogger("io.fermata.async")
          .log(System.Logger.Level.WARNING, "the thread that watches event loops failed", broken);
    }
  }
}
