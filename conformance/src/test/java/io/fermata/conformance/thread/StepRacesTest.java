package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Steps from two threads at once. The programs run in JVMs of their own, as one might hang. */
class StepRacesTest {
  @Test
  void threadBodiesGiveEachObjectOnce() {
    // a primitive value lies in a plain field, where that of the next step may replace it; the
    // links of a delegator are plain fields too, so its failure may be another one
    check(
        "-Dfermata.engine=thread",
        "nulls 0, once, others \\[\\]|nextInt: nulls 0, twice, .*|.*delegator: nulls 0, .*");
  }

  @Test
  void compiledBodiesGiveNoNull() {
    check("-Dfermata.engine=compiled", "nulls 0, (once|twice), others .*");
  }

  @Test
  void debugModeNoticesEachStepOfCompiledBodies() {
    check("-Dfermata.engine=compiled -Dfermata.debug=true", "nulls 0, once, others \\[\\]");
  }

  @Test
  void debugModeNoticesEachStepOfThreadBodies() {
    check("-Dfermata.engine=thread -Dfermata.debug=true", "nulls 0, once, others \\[\\]");
  }

  private static void check(String options, String expected) {
    try (ChildJvm child = ChildJvm.start(StepRaces.Main.class, options.split(" "))) {
      assertEquals(0, child.exitCode(), child::toString);
      assertEquals(5, child.out().lines().count(), child::toString);
      child
          .out()
          .lines()
          .forEach(
              line -> {
                String found = line.substring(line.indexOf(": ") + 2);
                assertTrue(found.matches(expected) || line.matches(expected), line);
              });
    }
  }
}
