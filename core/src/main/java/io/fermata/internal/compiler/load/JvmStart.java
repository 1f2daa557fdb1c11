package io.fermata.internal.compiler.load;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * The time at which the JVM was started. Classes are loaded after it, so a file that is newer is
 * not the one that was loaded.
 *
 * <p>A program waits for this when its first body is compiled. So the cheapest source is asked
 * first, and a dearer one only where the answer is too near to tell.
 */
final class JvmStart {
  /** What Linux counts process times in: ticks of this many milliseconds, on all processors. */
  private static final long TICK = 10;

  /** Where the ticks since the start of the system stand in a process's line, after its name. */
  private static final int START_FIELD = 19;

  /** How long it may take from the start of the process to that of the JVM, in milliseconds. */
  private static final long SLOWEST = 5000;

  private static final long UNKNOWN = Long.MIN_VALUE;

  /** The start of the process in milliseconds, as exact as the operating system counts. */
  private static final long ROUGH;

  /** How far that may be off. */
  private static final long TOLERANCE;

  static {
    long linux = askLinux(System.currentTimeMillis());
    ROUGH = linux == UNKNOWN ? askSystem() : linux;
    TOLERANCE = linux == UNKNOWN ? 2000 : 200;
  }

  private JvmStart() {}

  /** Whether a time lies after it. */
  static boolean isBefore(long time) {
    if (ROUGH != UNKNOWN && (time < ROUGH - TOLERANCE || time > ROUGH + TOLERANCE + SLOWEST)) {
      return time > ROUGH;
    }
    long exact = Exact.START;
    return exact == UNKNOWN ? ROUGH != UNKNOWN && time > ROUGH + SLOWEST / 5 : time > exact;
  }

  /** Reads two lines, where {@link ProcessHandle} would load some dozen classes. */
  private static long askLinux(long now) {
    try {
      String process = read("/proc/self/stat");
      String[] fields = process.substring(process.lastIndexOf(')') + 2).split(" ", -1);
      String uptime = read("/proc/uptime");
      // seconds with two digits behind the point: as many ticks
      String ticks = uptime.substring(0, uptime.indexOf(' ')).replace(".", "");
      long age = TICK * (Long.parseLong(ticks) - Long.parseLong(fields[START_FIELD]));
      return age < 0 ? UNKNOWN : now - age; // the times of a container may not fit together
    } catch (IOException | RuntimeException otherSystem) {
      return UNKNOWN;
    }
  }

  private static String read(String file) throws IOException {
    try (InputStream in = new FileInputStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static long askSystem() {
    Optional<Instant> start = ProcessHandle.current().info().startInstant();
    return start.isPresent() ? start.get().toEpochMilli() : UNKNOWN;
  }

  /** What the JVM itself says, which needs the module java.management. */
  private static final class Exact {
    static final long START = find();

    private static long find() {
      try {
        Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
        Class<?> bean = Class.forName("java.lang.management.RuntimeMXBean");
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Object runtime =
            lookup.findStatic(factory, "getRuntimeMXBean", MethodType.methodType(bean)).invoke();
        return (long)
            lookup
                .findVirtual(bean, "getStartTime", MethodType.methodType(long.class))
                .bindTo(runtime)
                .invoke();
      } catch (Throwable withoutManagement) {
        return UNKNOWN;
      }
    }
  }
}
