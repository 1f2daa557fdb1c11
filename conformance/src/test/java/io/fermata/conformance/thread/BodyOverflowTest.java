package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.Yielder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body that yields where its own thread's stack ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
class BodyOverflowTest extends OnThreads {
  private static final int LEVELS = 400;

  private int deepest;
  private int yielded;

  @Test
  void aYieldThatOverflowsIsNotSeenByTheCallerAndTheBodyGoesOn() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              descend(0, co);
              co.yield(-1);
            });
    int seen = 0;
    int value = g.next();
    for (; value >= 0; value = g.next()) {
      assertEquals(seen, value);
      seen++;
    }
    assertEquals(seen, yielded);
    assertTrue(seen > 0, "no yield succeeded");
    assertEquals(-1, value);
    assertFalse(g.advance());
  }

  /** Uses up the stack, and yields on the way back, at each of the last levels. */
  private void descend(int level, Yielder<?, Integer> co) {
    try {
      descend(level + 1, co);
    } catch (StackOverflowError expected) {
      deepest = level;
    }
    if (deepest - level < LEVELS) {
      yieldIfThereIsRoom(co);
    }
  }

  private void yieldIfThereIsRoom(Yielder<?, Integer> co) {
    try {
      co.yield(yielded);
      yielded++;
    } catch (StackOverflowError expected) {
      return;
    }
  }
}
