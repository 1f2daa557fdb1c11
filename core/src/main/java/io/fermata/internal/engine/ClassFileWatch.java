package io.fermata.internal.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watch over the class files that bodies were compiled from: when a class is replaced in the
 * running JVM, its file is too, and the compiled code of a body is not what runs in plain Java any
 * more.
 *
 * <p><b>Guarantee.</b> About a second after a file has changed, no new frame is made from it.
 *
 * <p><b>Structure.</b> A compiled body is used on a lease of about a second. A thread ends the
 * leases that began since it looked last, after a look at the files. A body that is used again
 * renews its lease. If no lease was renewed, the thread ends, so it keeps no class loader.
 *
 * <p><b>Protocol.</b> A lease that begins while the thread runs needs no look, as the thread has
 * looked less than a second ago or was not asked to; one that begins without a thread looks itself.
 *
 * <p><b>Rejected.</b> A look at each creation: a system call costs more than a frame. The file
 * system's own notifications: they need a thread for ever. A thread with weak references to all
 * bodies: on JDK 17 a thread keeps the classes of those who started it, so it would keep itself.
 */
final class ClassFileWatch implements Runnable {
  /** How long a lease is, in milliseconds. */
  private static final long LEASE = 1000;

  /** What is leased. */
  interface Leased {
    /**
     * Looks at the files.
     *
     * @param looked the files that were looked at just now
     * @return whether they are unchanged; if not, it is not used any more
     */
    boolean look(Map<Object, Boolean> looked);

    /** Ends the lease: the next use renews it. */
    void end();
  }

  /** What is leased now. Guarded by the class. */
  private static Set<Leased> leases = new HashSet<>();

  /** The thread, if it runs. Guarded by the class. */
  private static @Nullable Thread thread;

  private ClassFileWatch() {}

  /**
   * Begins a lease.
   *
   * @param isNew whether the files were read just now
   * @return whether the files are unchanged
   */
  static boolean lease(Leased leased, boolean isNew) {
    if (!isRunning() && !isNew && !leased.look(new HashMap<>())) {
      return false;
    }
    synchronized (ClassFileWatch.class) {
      leases.add(leased);
      if (thread == null) {
        start();
      }
    }
    return true;
  }

  private static synchronized boolean isRunning() {
    return thread != null;
  }

  private static void start() {
    try {
      Thread starting = new Thread(null, new ClassFileWatch(), "fermata files", 0, false);
      starting.setDaemon(true);
      starting.setContextClassLoader(null); // the thread outlives the code that started it
      starting.start();
      thread = starting;
    } catch (OutOfMemoryError noThread) {
      leases = new HashSet<>(); // these bodies are not watched; the next lease tries again
    }
  }

  @Override
  public void run() {
    boolean goesOn = true;
    while (goesOn) {
      try {
        Thread.sleep(LEASE);
      } catch (InterruptedException notOurs) {
        // no code has a reason to interrupt this thread
      }
      goesOn = look();
    }
  }

  /** Ends all leases; false if there was none, and the thread ends. */
  private static boolean look() {
    Set<Leased> ended;
    synchronized (ClassFileWatch.class) {
      ended = leases;
      leases = new HashSet<>();
      if (ended.isEmpty()) {
        thread = null;
        return false;
      }
    }
    Map<Object, Boolean> looked = new HashMap<>();
    for (Leased each : ended) {
      if (each.look(looked)) {
        each.end();
      }
    }
    return true;
  }
}
