package io.fermata.conformance.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random programs do the same on each engine. {@code -Dfermata.random.seed} repeats a run, {@code
 * -Dfermata.random.programs} tells how many programs.
 */
@Tag("slow")
final class RandomProgramsTest {
  /**
   * Always the same, until 20 000 programs in a row show no difference: a build must not fail by
   * chance. random-programs.sh looks for more.
   */
  private static final long SEED = 42;

  @Test
  void randomProgramsDoTheSameOnEachEngine() {
    RandomPrograms programs = new RandomPrograms();
    String report =
        programs.run(
            Integer.getInteger("fermata.random.programs", 300),
            Long.getLong("fermata.random.seed", SEED));
    System.out.println(programs.summary());
    assertNull(report, report);
    assertEquals(0, programs.refused(), "sources that javac refuses");
  }
}
