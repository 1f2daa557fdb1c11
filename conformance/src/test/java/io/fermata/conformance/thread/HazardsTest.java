package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a second thread makes hazardous does not hang without a word. */
class HazardsTest {
  // Those that take seconds, or would hang, run side by side.
  private static ChildJvm indirect;
  private static ChildJvm nested;
  private static ChildJvm patient;
  private static ChildJvm busy;
  private static ChildJvm constants;
  private static ChildJvm monitor;

  @BeforeAll
  static void start() {
    indirect = ChildJvm.start(Hazards.Indirect.Main.class);
    nested = ChildJvm.start(Hazards.Nested.Main.class);
    patient = ChildJvm.start(Hazards.Patient.Main.class);
    busy = ChildJvm.start(Hazards.Busy.Main.class);
    constants =
        ChildJvm.start(Hazards.Constants.Main.class, "-Djdk.virtualThreadScheduler.parallelism=1");
    monitor = ChildJvm.start(Hazards.Monitor.class);
  }

  @AfterAll
  static void end() {
    indirect.close();
    nested.close();
    patient.close();
    busy.close();
    constants.close();
    monitor.close();
  }

  // Static initialisers

  @Test
  void anInitialiserThatStepsABodyOfItsOwnClassIsAnError() {
    try (ChildJvm child = ChildJvm.start(Hazards.OwnBody.Main.class)) {
      assertRefused(child, Hazards.OwnBody.class);
    }
  }

  @Test
  void anInitialiserThatStepsABodyWhichNeedsTheClassIndirectlyIsAnError() {
    assertRefused(indirect, Hazards.Indirect.class);
  }

  @Test
  void anInitialiserThatStepsABodyWhichStepsOneThatNeedsTheClassIsAnError() {
    assertRefused(nested, Hazards.Nested.class);
  }

  private static void assertRefused(ChildJvm child, Class<?> initialised) {
    assertEquals(1, child.exitCode(), child::toString);
    assertContains(child, child.err(), "Caused by: java.lang.IllegalStateException: ");
    assertContains(child, child.err(), "static initialiser of " + initialised.getName());
  }

  @Test
  void theErrorLeavesTheCallersInterrupt() {
    try (ChildJvm child = ChildJvm.start(Hazards.Interrupted.Main.class)) {
      assertEquals(0, child.exitCode(), child::toString);
      assertEquals("refused kept", words(child.out()));
    }
  }

  @Test
  void anInitialiserMayStepABodyThatWaitsLong() {
    assertEquals(0, patient.exitCode(), patient::toString);
    assertEquals("1", words(patient.out()));
  }

  @Test
  void anInitialiserMayStepABodyThatComputesLong() {
    assertEquals(0, busy.exitCode(), busy::toString);
    assertEquals("1", words(busy.out()));
  }

  @Test
  void aBodyMayBeTheFirstToNeedAClassWhoseInitialiserStepsABody() {
    assertEquals(0, constants.exitCode(), constants::toString);
    assertEquals("[1, 2]", words(constants.out()));
  }

  // Monitors

  @Test
  void aBodyThatWaitsForAMonitorOfItsCallerIsReported() {
    monitor.awaitError("waiting for a monitor");
    assertContains(monitor, monitor.err(), "WARNING");
    assertContains(monitor, monitor.err(), "Hazards.java:");
  }

  // Exits

  @Test
  void aJvmExitsWhileGeneratorsAreSuspended() {
    long start = System.nanoTime();
    try (ChildJvm child = ChildJvm.start(Hazards.Suspended.class)) {
      assertEquals(0, child.exitCode(), child::toString);
      assertEquals("suspended 20", words(child.out()));
      assertEquals("", child.err());
    }
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
  }

  // The property

  @Test
  void aWrongNameOfAnEngineIsAnErrorThatSaysWhatIsAllowed() {
    try (ChildJvm child = ChildJvm.start(Hazards.OneStep.class, "-Dfermata.engine=nonsense")) {
      assertNotEquals(0, child.exitCode());
      assertContains(child, child.err(), "-Dfermata.engine=nonsense");
      assertContains(child, child.err(), "auto");
      assertContains(child, child.err(), "thread");
      assertEquals("", child.out());
    }
  }

  // Running out of threads

  @Test
  void runningOutOfThreadsIsAnErrorAfterWhichTheGeneratorCanStillBeStarted() {
    assumeFalse(OnThreads.VIRTUAL, "bodies have virtual threads, which do not run out");
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the limit needs sh");
    long kilobytes = 4_000_000;
    try (ChildJvm child =
        ChildJvm.startWithin(
            kilobytes,
            Hazards.TooMany.class,
            "-Xss64m",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:CompressedClassSpaceSize=32m")) {
      assertEquals(0, child.exitCode(), child::toString);
      assertContains(child, child.out(), "refused: no thread for the generator at Hazards.java:");
      assertContains(child, child.out(), "close generators");
      assertContains(child, child.out(), "state CREATED");
      assertContains(child, child.out(), "then 1 2");
    }
  }

  private static void assertContains(ChildJvm child, String text, String part) {
    assertTrue(text.contains(part), () -> "no \"" + part + "\"\n" + child);
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
