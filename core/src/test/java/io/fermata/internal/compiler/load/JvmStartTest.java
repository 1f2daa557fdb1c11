package io.fermata.internal.compiler.load;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class JvmStartTest {
  private static final long START = ManagementFactory.getRuntimeMXBean().getStartTime();

  @Test
  void timesBeforeAndAfterAreToldApart() {
    for (long distance : new long[] {1, 50, 300, 3000, 6000, 1_000_000}) {
      assertTrue(JvmStart.isBefore(START + distance), "after " + distance);
      assertFalse(JvmStart.isBefore(START - distance), "before " + distance);
    }
    assertFalse(JvmStart.isBefore(0));
    assertTrue(JvmStart.isBefore(System.currentTimeMillis()));
  }
}
