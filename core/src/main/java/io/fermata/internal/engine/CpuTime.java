package io.fermata.internal.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The processor time of a thread, which tells one that computes from one that waits. Known for
 * platform threads only, and only if the JVM has the module java.management.
 */
final class CpuTime {
  private long last = -1;

  /** True if the thread has used processor time since the last time it was asked about. */
  boolean isRunning(Thread thread) {
    if (BodyThreads.isVirtual(thread) || Source.OF_THREAD == null) {
      return false;
    }
    try {
      long now = (long) Source.OF_THREAD.invokeExact(thread.getId());
      boolean isFirst = last < 0;
      boolean hasRun = now > last + 1_000_000;
      last = now;
      return isFirst || hasRun;
    } catch (Throwable unsupported) {
      return false;
    }
  }

  private static final class Source {
    /** {@code (long id) -> long nanoseconds}. */
    static final @Nullable MethodHandle OF_THREAD = find();

    private static @Nullable MethodHandle find() {
      try {
        Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
        Class<?> bean = Class.forName("java.lang.management.ThreadMXBean");
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Object threads =
            lookup.findStatic(factory, "getThreadMXBean", MethodType.methodType(bean)).invoke();
        return lookup
            .findVirtual(bean, "getThreadCpuTime", MethodType.methodType(long.class, long.class))
            .bindTo(threads);
      } catch (Throwable withoutManagement) {
        return null;
      }
    }
  }
}
