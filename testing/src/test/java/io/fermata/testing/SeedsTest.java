package io.fermata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeedsTest {
  private static final String REPLAYED = "fermata.seed";

  private static List<Long> longs(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private static List<Long> seen(Seeds seeds) {
    List<Long> seen = new ArrayList<>();
    seeds.forEach(loop -> seen.add(loop.seed()));
    return seen;
  }

  @Test
  void aRangeHasEachSeedOnce() {
    assertEquals(longs(0, 5), seen(Seeds.first(5)));
    assertEquals(longs(7, 9), seen(Seeds.between(7, 9)));
    assertEquals(List.of(), seen(Seeds.between(7, 7)));
    List<Long> seen = new ArrayList<>();
    TestLoop.forEachSeed(7, 9, loop -> seen.add(loop.seed()));
    assertEquals(longs(7, 9), seen);
  }

  @Test
  void aRangeThatGoesBackIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Seeds.between(2, 1));
    assertThrows(IllegalArgumentException.class, () -> Seeds.first(-1));
  }

  @Test
  void theFirstFailureEndsIt() {
    List<Long> seen = new ArrayList<>();
    IllegalStateException broken = new IllegalStateException("broken");
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                Seeds.first(10)
                    .forEach(
                        loop -> {
                          seen.add(loop.seed());
                          if (loop.seed() == 3) {
                            throw broken;
                          }
                        }));
    assertEquals(longs(0, 4), seen);
    assertSame(broken, failure.getCause());
    assertTrue(failure.getMessage().contains("seed 3 of 10"), failure.getMessage());
    assertTrue(failure.getMessage().contains("-Dfermata.seed=3"), failure.getMessage());
  }

  @Test
  void aRangeThatGoesOnNamesAllThatFail() {
    List<Long> seen = new ArrayList<>();
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                Seeds.first(10)
                    .goingOn()
                    .forEach(
                        loop -> {
                          seen.add(loop.seed());
                          assertNotEquals(1, loop.seed() % 4, "seed " + loop.seed());
                        }));
    assertEquals(longs(0, 10), seen);
    assertTrue(failure.getMessage().contains("seeds 1, 5, 9 of 10"), failure.getMessage());
    assertEquals(2, failure.getSuppressed().length);
  }

  @Test
  void whateverIsThrownIsNamed() {
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                Seeds.first(1)
                    .forEach(
                        loop -> {
                          throw new Cancelled("by nobody");
                        }));
    assertTrue(failure.getMessage().contains("seed 0"), failure.getMessage());
  }

  @Test
  void aPropertyReplaysOneSeed() {
    System.setProperty(REPLAYED, "77");
    try {
      assertEquals(List.of(77L), seen(Seeds.first(5)));
      List<Long> seen = new ArrayList<>();
      TestLoop.forEachSeed(3, loop -> seen.add(loop.seed()));
      assertEquals(List.of(77L), seen);
    } finally {
      System.clearProperty(REPLAYED);
    }
  }

  @Test
  void aSeedHasItsRandomNumbers() {
    List<Long> once = new ArrayList<>();
    List<Long> again = new ArrayList<>();
    Seeds.first(20).forEach(loop -> once.add(loop.random().nextLong()));
    Seeds.first(20).forEach(loop -> again.add(loop.random().nextLong()));
    assertEquals(once, again);
    assertEquals(20, once.stream().distinct().count());
  }

  @Test
  void aLoopWithoutASeedSaysSo() {
    try (TestLoop loop = TestLoop.virtual()) {
      assertThrows(IllegalStateException.class, loop::seed);
      try (TestLoop other = TestLoop.manual()) {
        assertEquals(loop.random().nextInt(), other.random().nextInt());
      }
    }
  }
}
