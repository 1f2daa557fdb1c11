package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/** How many files and pipes this JVM has open, where it can be told. */
record Descriptors(long count) {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  static Descriptors now() {
    return new Descriptors(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0);
  }

  /** They are closed by threads, which may take a moment. A few are the JVM's own. */
  void assertNoMoreNow() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (now().count > count + 10 && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    assertTrue(now().count <= count + 10, count + " were open before, now " + now().count);
  }
}
