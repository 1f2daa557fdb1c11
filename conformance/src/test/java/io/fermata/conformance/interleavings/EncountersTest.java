package io.fermata.conformance.interleavings;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What threads share with a loop, often, on real processors, in the order that chance gives. */
class EncountersTest {
  private static final int TIMES = Integer.getInteger("encounters", 2000);

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void itIsRightEachTime(Encounter encounter) {
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> {
          for (int i = 0; i < TIMES; i++) {
            encounter.run();
          }
        });
  }
}
