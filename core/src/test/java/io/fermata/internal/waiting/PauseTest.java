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

class PauseTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final Pause<String> pause = new Pause<>("paused");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void itTakesOneRound() throws Exception {
    LoopTask<String> task = stepped.start(pause);
    stepped.round();
    assertFalse(task.done());
    stepped.round();
    assertEquals("paused", task.result());
  }

  @Test
  void aCancelledPauseThrowsAfterItsRound() {
    LoopTask<String> task = stepped.start(pause);
    stepped.round();
    task.cancel("enough");
    assertFalse(task.done());
    stepped.round();
    assertEquals("enough", assertThrows(Cancelled.class, task::result).reason());
    assertTrue(stepped.loop.kernel.isIdle());
  }

  @Test
  void itIsUndoneOnceAndOnlyWhileItWaits() {
    assertFalse(pause.undo(null, new Cancelled(null)));
    LoopTask<String> task = stepped.start(pause);
    stepped.round();
    Cancelled why = new Cancelled("first");
    assertTrue(pause.undo(task, why));
    assertFalse(pause.undo(task, new Cancelled("second")));
    stepped.settle();
    assertSame(why, task.failure());
  }

  @Test
  void aSecondAwaitIsRefused() {
    stepped.started(pause);
    assertEquals(
        "cannot await twice: sleep of 0 ns; call sleep() again",
        stepped.started(pause).exception().getMessage());
  }

  @Test
  void itIsItsOwnAsync() {
    assertSame(pause, pause.toAsync());
  }

  @Test
  void debugModeTracksItUntilItIsAwaited() {
    stepped.loop.setDebug(true);
    Pause<String> tracked = new Pause<>("");
    assertTrue(AwaitTracking.hasSomeOf(stepped.loop));
    stepped.started(tracked);
    assertFalse(AwaitTracking.hasSomeOf(stepped.loop));
  }
}
