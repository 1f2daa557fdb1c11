package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.Coroutine;
import io.fermata.State;
import io.fermata.Yielder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Deep delegation: as many levels as there may be threads, and one hand-off per step. */
class DepthTest extends OnThreads {
  private static final int LEVELS = VIRTUAL ? 10_000 : 1_000;

  /** How often the body of each level, the root is 0, has come to run. */
  private final int[] runs = new int[LEVELS + 1];

  private int unwound;

  @Test
  void aDeepDelegationYieldsTakesInputAndReturnsThroughAllLevels() {
    Coroutine<Integer, Integer, Integer> root = level(0, LEVELS);
    assertEquals(0, root.next());
    assertEquals(1, root.send(1));
    assertEquals(2, root.send(2));
    assertFalse(root.advance(-1));
    assertEquals(LEVELS, root.result());
    assertEquals(LEVELS, unwound);
  }

  @Test
  void closingADeepDelegationUnwindsAllLevels() {
    Coroutine<Integer, Integer, Integer> root = level(0, LEVELS);
    root.next();
    root.close();
    assertEquals(State.CLOSED, root.state());
    assertEquals(LEVELS, unwound);
  }

  @Test
  void aFailureComesOutOfADeepDelegationAsTheSameInstance() {
    Coroutine<Integer, Integer, Integer> root = level(0, LEVELS);
    root.next();
    IllegalArgumentException failure = new IllegalArgumentException("raised");
    assertSame(failure, assertThrows(IllegalArgumentException.class, () -> root.raise(failure)));
    assertEquals(LEVELS, unwound);
  }

  @Test
  void aStepThroughThousandLevelsRunsTheInnermostBodyOnly() {
    int depth = 1_000;
    Coroutine<Integer, Integer, Integer> root = level(0, depth);
    root.next();
    int[] before = runs.clone();
    for (int step = 1; step <= 100; step++) {
      assertEquals(step, root.send(step));
    }
    assertArrayEquals(Arrays.copyOf(before, depth), Arrays.copyOf(runs, depth));
    assertEquals(before[depth] + 100, runs[depth]);
    root.close();
  }

  /** Nobody who stepped level after level could do it without their threads. */
  @Test
  void aStepThroughThousandLevelsWakesNoThreadInBetween() {
    int depth = 1_000;
    Thread[] threads = new Thread[depth + 1];
    Coroutine<Integer, Integer, Integer> root = recorded(0, depth, threads);
    root.next();
    for (int level = 0; level < depth; level++) {
      assertNotSame(threads[level], threads[level + 1]);
      Eventually.waiting(threads[level]);
    }
    for (int step = 1; step <= 100; step++) {
      assertEquals(0, root.send(step));
    }
    root.close();
  }

  /** Counts how often each level runs, and how many levels have ended. */
  private Coroutine<Integer, Integer, Integer> level(int level, int depth) {
    return Coroutine.of(
        co -> {
          runs[level]++;
          try {
            if (level == depth) {
              return echo(level, co);
            }
            int result = co.yieldFrom(level(level + 1, depth));
            runs[level]++;
            return result;
          } finally {
            if (level > 0) {
              unwound++;
            }
          }
        });
  }

  private int echo(int level, Yielder<Integer, Integer> co) {
    int received = 0;
    while (received >= 0) {
      received = co.yield(received);
      runs[level]++;
    }
    return level;
  }

  /** The innermost body yields how many of the others are not waiting. */
  private static Coroutine<Integer, Integer, Integer> recorded(
      int level, int depth, Thread[] threads) {
    return Coroutine.of(
        co -> {
          threads[level] = Thread.currentThread();
          if (level < depth) {
            return co.yieldFrom(recorded(level + 1, depth, threads));
          }
          co.yield(0);
          while (true) {
            int awake = 0;
            for (int above = 0; above < depth; above++) {
              if (threads[above].getState() != Thread.State.WAITING) {
                awake++;
              }
            }
            co.yield(awake);
          }
        });
  }
}
