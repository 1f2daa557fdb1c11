package io.fermata.conformance.random;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random programs do the same on each engine. The seed is another one each time, and printed:
 * {@code -Dfermata.random.seed} repeats a run, {@code -Dfermata.random.programs} tells how many
 * programs.
 */
@Tag("slow")
final class RandomProgramsTest {
  private static final int PROGRAMS = 500;

  @Test
  void randomProgramsDoTheSameOnEachEngine() {
    int count = Integer.getInteger("fermata.random.programs", PROGRAMS);
    long seed = Long.getLong("fermata.random.seed", new Random().nextInt(Integer.MAX_VALUE));
    RandomPrograms programs = new RandomPrograms();
    String report = programs.run(count, seed);
    System.out.println(programs.summary());
    assertNull(report, report);
    assertTrue(programs.run() >= count * 9 / 10, programs.summary());
  }
}
