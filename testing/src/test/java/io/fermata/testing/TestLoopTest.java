package io.fermata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fermata.async.Async;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TestLoopTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static Async<List<Integer>> threeInAGroup(int rounds) {
    return Async.of(
        co -> {
          List<Integer> order = new ArrayList<>();
          co.await(
              TaskGroup.action(
                  (in, group) -> {
                    for (int i = 0; i < 3; i++) {
                      group.start(steps(i, rounds, order));
                    }
                  }));
          return order;
        });
  }

  private static Async<Void> steps(int who, int rounds, List<Integer> order) {
    return Async.action(
        co -> {
          for (int i = 0; i < rounds; i++) {
            order.add(who);
            co.await(Async.sleep(Duration.ZERO));
          }
        });
  }

  @Test
  void timeJumpsToTheNextTimer() throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      assertEquals("late", loop.run(Async.sleep(HOUR, "late")));
      assertEquals(HOUR, loop.time());
    }
  }

  @Test
  void manualTimePassesOnlyByHand() throws Exception {
    try (TestLoop loop = TestLoop.manual()) {
      Task<String> task = loop.start(Async.sleep(HOUR, "late"));
      loop.advance(HOUR.minusNanos(1));
      assertFalse(task.done());
      loop.advance(Duration.ofNanos(1));
      assertEquals("late", task.result());
    }
  }

  @Test
  void timersRunAtTheirTimesWhileTimeIsMovedPastThem() {
    List<Duration> times = new ArrayList<>();
    try (TestLoop loop = TestLoop.manual()) {
      loop.loop().callLater(HOUR.multipliedBy(2), () -> times.add(loop.time()));
      loop.loop().callLater(HOUR, () -> times.add(loop.time()));
      loop.advance(HOUR.multipliedBy(3));
      assertEquals(List.of(HOUR, HOUR.multipliedBy(2)), times);
      assertEquals(HOUR.multipliedBy(3), loop.time());
    }
  }

  @Test
  void manualTimeThatNobodyMovesFailsTheRun() {
    try (TestLoop loop = TestLoop.manual().patience(Duration.ofMillis(1))) {
      AssertionError failure =
          assertThrows(AssertionError.class, () -> loop.run(Async.sleep(HOUR, "late")));
      assertTrue(failure.getMessage().contains("PT1H"), failure.getMessage());
      loop.advance(HOUR);
    }
  }

  @Test
  void aWaitForEverFailsTheRun() {
    try (TestLoop loop = TestLoop.virtual().patience(Duration.ofMillis(1))) {
      Async<Object> stuck = Async.of(co -> co.await(Promise.open()));
      AssertionError failure = assertThrows(AssertionError.class, () -> loop.run(stuck));
      assertTrue(failure.getMessage().contains("waits for ever"), failure.getMessage());
    }
  }

  @Test
  void aStepRunsOneRound() {
    List<Integer> order = new ArrayList<>();
    try (TestLoop loop = TestLoop.virtual()) {
      loop.start(steps(0, 3, order));
      assertEquals(List.of(), order);
      loop.step();
      assertEquals(List.of(0), order);
      loop.step();
      assertEquals(List.of(0, 0), order);
      loop.settle();
      assertEquals(List.of(0, 0, 0), order);
      assertEquals(Duration.ZERO, loop.time());
    }
  }

  @Test
  void timeDoesNotGoBack() {
    try (TestLoop loop = TestLoop.manual()) {
      assertThrows(IllegalArgumentException.class, () -> loop.advance(HOUR.negated()));
    }
  }

  @Test
  void withoutASeedTheOrderIsThatOfTheStart() throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      assertEquals(List.of(0, 1, 2, 0, 1, 2), loop.run(threeInAGroup(2)));
    }
  }

  @Test
  void aSeedAlwaysGivesTheSameOrder() throws Exception {
    for (long seed = 0; seed < 20; seed++) {
      try (TestLoop one = TestLoop.seeded(seed);
          TestLoop other = TestLoop.seeded(seed)) {
        assertEquals(one.run(threeInAGroup(5)), other.run(threeInAGroup(5)));
      }
    }
  }

  @Test
  void seedsGiveAllOrders() {
    Set<List<Integer>> orders = new HashSet<>();
    TestLoop.forEachSeed(200, loop -> orders.add(loop.run(threeInAGroup(1))));
    assertEquals(6, orders.size(), orders.toString());
  }

  @Test
  void aFailureTellsTheSeedThatFindsItAgain() {
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                TestLoop.forEachSeed(
                    200, loop -> assertEquals(List.of(0, 1, 2), loop.run(threeInAGroup(1)))));
    assertTrue(
        failure.getMessage().matches("(?s).*TestLoop\\.seeded\\(\\d+\\).*"), failure.getMessage());
  }

  /** Of processor time, which other programs on the machine do not lengthen. */
  @Test
  void aThousandSeedsTakeASecond() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isCurrentThreadCpuTimeSupported());
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long before = threads.getCurrentThreadCpuTime();
      TestLoop.forEachSeed(1000, loop -> loop.run(threeInAGroup(10)));
      least = Math.min(least, threads.getCurrentThreadCpuTime() - before);
    }
    assertTrue(least < 1_000_000_000, least + " ns");
  }

  @Test
  void anAwaitThatNeedNotWaitPassesAsOneWithoutSuspension() throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      loop.run(
          Async.action(
              co -> {
                Promise<String> done = Promise.open();
                done.setResult("there");
                assertEquals("there", co.await(Suspensions.none(done)));
                assertEquals("later", co.await(Suspensions.some(Async.sleep(HOUR, "later"))));
              }));
    }
  }

  @Test
  void anAwaitThatSuspendsOrNotAgainstExpectationFails() throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      assertThrows(
          AssertionError.class, () -> loop.run(Suspensions.none(Async.sleep(Duration.ZERO))));
      assertThrows(
          AssertionError.class, () -> loop.run(Suspensions.some(Async.of(co -> "at once"))));
    }
  }
}
