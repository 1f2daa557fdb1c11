package io.fermata.internal.waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.SteppedLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SleepTest {
  private static final long MILLIS = 1_000_000;

  private final SteppedLoop stepped = new SteppedLoop();
  private final Sleep<String> sleep = new Sleep<>(5 * MILLIS, "slept");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void itEndsWhenItsTimeHasCome() throws Exception {
    stepped.host.now = 100;
    LoopTask<String> task = stepped.started(sleep);
    stepped.pass(5 * MILLIS - 1);
    assertFalse(task.done());
    stepped.pass(1);
    assertEquals("slept", task.result());
  }

  @Test
  void aCancelledSleepLeavesNoTimer() {
    LoopTask<String> task = stepped.started(sleep);
    assertTrue(sleep.isScheduled());
    task.cancel("enough");
    assertFalse(sleep.isScheduled());
    stepped.settle();
    assertEquals("enough", assertThrows(Cancelled.class, task::result).reason());
  }

  @Test
  void aSleepIsUndoneOnce() {
    LoopTask<String> task = stepped.started(sleep);
    Cancelled why = new Cancelled("enough");
    assertTrue(sleep.undo(task, why));
    assertFalse(sleep.undo(task, new Cancelled("again")));
    stepped.settle();
    assertSame(why, task.failure());
  }

  @Test
  void aSleepThatHasEndedCannotBeUndone() throws Exception {
    LoopTask<String> task = stepped.started(sleep);
    stepped.host.now += 5 * MILLIS;
    stepped.round(); // the timer runs, the task is ready
    assertFalse(sleep.undo(task, new Cancelled(null)));
    stepped.settle();
    assertEquals("slept", task.result());
  }

  @Test
  void aSecondAwaitIsRefused() {
    stepped.started(sleep);
    assertEquals(
        "cannot await twice: sleep of 5 ms; call sleep() again",
        stepped.started(sleep).exception().getMessage());
    stepped.pass(5 * MILLIS);
  }

  @Test
  void itSaysHowMuchIsLeft() {
    assertEquals("sleep of 5 ms", sleep.left());
    stepped.started(sleep);
    stepped.pass(2 * MILLIS);
    assertEquals("sleep, 3 ms left", sleep.left());
    stepped.pass(3 * MILLIS);
    assertEquals("sleep of 5 ms", sleep.left());
  }

  @Test
  void itSaysHowLongItIs() {
    assertEquals("sleep of 999999 ns", new Sleep<>(MILLIS - 1, "").toString());
    assertEquals("sleep of 1 ms", new Sleep<>(MILLIS, "").toString());
  }

  @Test
  void itsTimerMayRunWhenNobodySleeps() {
    sleep.run();
    assertTrue(stepped.loop.kernel.isIdle());
  }

  @Test
  void itIsItsOwnAsync() {
    assertSame(sleep, sleep.toAsync());
  }

  @Test
  void debugModeTracksItUntilItIsAwaited() {
    stepped.loop.setDebug(true);
    Sleep<String> tracked = new Sleep<>(1, "");
    assertTrue(AwaitTracking.hasSomeOf(stepped.loop));
    stepped.started(tracked);
    assertFalse(AwaitTracking.hasSomeOf(stepped.loop));
    stepped.pass(1);
  }
}
