package io.fermata.internal.waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.SteppedLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each transition of the table at the head of {@link Parking}. */
class ParkingTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final List<String> calls = new ArrayList<>();

  /** Does what its fields say, and notes each call. */
  private final class Door extends Parking<String> {
    boolean isFree;
    boolean isOpen;
    boolean arrives = true;
    Exception failure;

    Door() {}

    Door(Object kept) {
      super(kept);
    }

    @Override
    protected boolean isFree() {
      return isFree;
    }

    @Override
    protected boolean begin(Loop loop) throws Exception {
      assertSame(stepped.loop, loop);
      calls.add("begin");
      throwFailure();
      if (isOpen) {
        give("open");
      }
      return isOpen;
    }

    @Override
    protected boolean arrive() throws Exception {
      calls.add("arrive");
      throwFailure();
      return arrives;
    }

    private void throwFailure() throws Exception {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    protected void abandon() {
      calls.add("abandon");
    }

    @Override
    protected void giveBack() {
      calls.add("giveBack");
    }

    @Override
    public String toString() {
      return "door";
    }
  }

  private final Door door = new Door();

  @AfterEach
  void close() {
    stepped.close();
  }

  // NEW -> PASSED

  @Test
  void aFreeWaitPassesAndArrives() throws Exception {
    door.isFree = true;
    assertTrue(door.passes());
    door.give("free");
    assertEquals("free", door.passed());
    assertEquals(List.of("arrive"), calls);
  }

  @Test
  void aWaitThatIsNotFreeDoesNotPass() throws Exception {
    assertFalse(door.passes());
    assertEquals(List.of(), calls);
  }

  @Test
  void aWaitPassesOnce() throws Exception {
    door.isFree = true;
    assertTrue(door.passes());
    assertFalse(door.passes());
    assertEquals(List.of("arrive"), calls);
  }

  @Test
  void aFreeWaitThatDoesNotArriveDoesNotPass() throws Exception {
    door.isFree = true;
    door.arrives = false;
    assertFalse(door.passes());
  }

  @Test
  void aWaitIsOverIfItsBeginningSaysSo() throws Exception {
    door.isOpen = true;
    LoopTask<String> task = stepped.start(door);
    stepped.round();
    assertEquals("open", task.result());
    assertEquals(List.of("begin"), calls);
  }

  @Test
  void whatABeginningThrowsTheAwaitThrows() {
    door.failure = new IOException("broken");
    LoopTask<String> task = stepped.started(door);
    assertSame(door.failure, task.exception());
    assertFalse(door.isWaiting());
  }

  @Test
  void aSecondAwaitIsRefused() throws Exception {
    stepped.started(door);
    LoopTask<String> second = stepped.started(door);
    assertEquals(
        "cannot await twice: door; an Async runs once: call the method that made it again",
        second.exception().getMessage());
    door.give("first");
    stepped.settle();
    assertEquals(List.of("begin", "arrive"), calls);
  }

  @Test
  void anAwaitAfterAPassIsRefused() throws Exception {
    door.isFree = true;
    assertTrue(door.passes());
    assertTrue(stepped.started(door).exception() instanceof IllegalStateException);
  }

  @Test
  void aBeginningThatFailsLetsTheAwaitThrow() {
    IOException failure = new IOException("broken");
    Parking<String> failing =
        new Parking<>() {
          @Override
          protected boolean begin(Loop loop) {
            fail(failure);
            return true;
          }

          @Override
          protected void abandon() {}
        };
    LoopTask<String> task = stepped.start(failing);
    stepped.round();
    assertSame(failure, task.exception());
  }

  @Test
  void aWaitDoesNotPassUnlessItSaysSo() throws Exception {
    Parking<String> plain =
        new Parking<>() {
          @Override
          protected boolean begin(Loop loop) {
            return true;
          }

          @Override
          protected void abandon() {}
        };
    assertFalse(plain.passes());
  }

  @Test
  void aWaitBelongsToTheLoopInWhichItWasOpened() {
    door.checkHome(stepped.loop, stepped.loop);
    stepped.leave();
    try (SteppedLoop other = new SteppedLoop()) {
      var refused =
          assertThrows(IllegalStateException.class, () -> door.checkHome(stepped.loop, other.loop));
      assertTrue(refused.getMessage().startsWith("cannot await: door belongs to another loop"));
    }
  }

  // NEW -> WAITING -> READY

  @Test
  void aTaskWaitsUntilItIsGivenAValue() throws Exception {
    assertFalse(door.isWaiting());
    LoopTask<String> task = stepped.started(door);
    assertTrue(door.isWaiting());
    assertFalse(task.done());
    door.give("value");
    assertFalse(door.isWaiting());
    assertFalse(task.done());
    stepped.round();
    assertEquals("value", task.result());
    assertEquals(List.of("begin", "arrive"), calls);
  }

  @Test
  void aTaskThatIsWokenGetsNull() throws Exception {
    LoopTask<String> task = stepped.started(door);
    door.wake();
    stepped.settle();
    assertNull(task.result());
  }

  @Test
  void aFailedWaitThrowsAndDoesNotArrive() {
    LoopTask<String> task = stepped.started(door);
    IOException failure = new IOException("broken");
    door.fail(failure);
    stepped.settle();
    assertSame(failure, task.exception());
    assertEquals(List.of("begin"), calls);
  }

  @Test
  void aWaitThatNobodyWaitsForWakesNobody() {
    door.give("value");
    door.wake();
    assertTrue(stepped.loop.kernel.isIdle());
  }

  @Test
  void aWaitResumesItsTaskOnce() {
    LoopTask<String> task = stepped.started(door);
    door.give("value");
    door.give("again");
    door.wake();
    int[] ready = new int[1];
    stepped.loop.kernel.forEachReady(job -> ready[0] += job == task ? 1 : 0);
    assertEquals(1, ready[0]);
  }

  @Test
  void aSubclassDecidesHowTheTaskIsWoken() throws Exception {
    Parking<String> quick =
        new Parking<>() {
          @Override
          protected boolean begin(Loop loop) {
            return false;
          }

          @Override
          protected void abandon() {}

          @Override
          public void wake(LoopTask<?> task) {
            task.run();
          }
        };
    LoopTask<String> task = stepped.started(quick);
    quick.give("at once");
    assertEquals("at once", task.result());
  }

  @Test
  void aFailureStaysWhateverIsGivenAfterwards() {
    LoopTask<String> task = stepped.started(door);
    IOException failure = new IOException("broken");
    door.fail(failure);
    door.give("late");
    stepped.settle();
    assertSame(failure, task.exception());
  }

  @Test
  void anArrivalThatFailsLetsTheAwaitThrow() {
    IOException failure = new IOException("broken");
    Parking<String> failing =
        new Parking<>() {
          @Override
          protected boolean begin(Loop loop) {
            return false;
          }

          @Override
          protected boolean arrive() {
            fail(failure);
            return true;
          }

          @Override
          protected void abandon() {}
        };
    LoopTask<String> task = stepped.started(failing);
    failing.wake();
    stepped.settle();
    assertSame(failure, task.exception());
  }

  // READY -> WAITING

  @Test
  void aTaskWhoseItemIsGoneWaitsAgain() throws Exception {
    LoopTask<String> task = stepped.started(door);
    door.arrives = false;
    door.wake();
    stepped.settle();
    assertTrue(door.isWaiting());
    assertFalse(task.done());
    door.arrives = true;
    door.give("value");
    stepped.settle();
    assertEquals("value", task.result());
    assertEquals(List.of("begin", "arrive", "arrive"), calls);
  }

  @Test
  void whatAnArrivalThrowsTheAwaitThrows() {
    LoopTask<String> task = stepped.started(door);
    door.failure = new IOException("broken");
    door.wake();
    stepped.settle();
    assertSame(door.failure, task.exception());
  }

  // WAITING -> FAILED

  @Test
  void aCancelledWaitIsAbandoned() {
    LoopTask<String> task = stepped.started(door);
    assertTrue(task.cancel("enough"));
    assertEquals(List.of("begin", "abandon"), calls);
    assertFalse(door.isWaiting());
    stepped.settle();
    assertTrue(task.cancelled());
    assertEquals("enough", assertThrows(Cancelled.class, task::result).reason());
    assertEquals(List.of("begin", "abandon"), calls);
  }

  @Test
  void aTaskThatWaitsAgainCanBeCancelled() {
    LoopTask<String> task = stepped.started(door);
    door.arrives = false;
    door.wake();
    stepped.settle();
    task.cancel(null);
    stepped.settle();
    assertTrue(task.cancelled());
    assertEquals(List.of("begin", "arrive", "abandon"), calls);
  }

  @Test
  void aWaitIsUndoneOnce() {
    LoopTask<String> task = stepped.started(door);
    Cancelled why = new Cancelled("enough");
    assertTrue(door.undo(task, why));
    assertFalse(door.undo(task, new Cancelled("again")));
    stepped.settle();
    assertSame(why, task.failure());
  }

  @Test
  void aWaitThatHasEndedCannotBeUndone() {
    LoopTask<String> task = stepped.started(door);
    door.give("value");
    assertFalse(door.undo(task, new Cancelled(null)));
    assertEquals(List.of("begin"), calls);
  }

  // READY -> REFUSED

  @Test
  void aRefusedValueIsGivenBack() {
    LoopTask<String> task = stepped.started(door);
    door.give("value");
    task.cancel(null);
    stepped.settle();
    assertTrue(task.cancelled());
    assertEquals(List.of("begin", "giveBack"), calls);
  }

  @Test
  void aRefusedFailureIsNotGivenBack() {
    LoopTask<String> task = stepped.started(door);
    door.fail(new IOException("broken"));
    task.cancel(null);
    stepped.settle();
    assertTrue(task.cancelled());
    assertEquals(List.of("begin"), calls);
  }

  // What it keeps

  @Test
  void whatItKeepsIsTakenOnce() {
    Door keeping = new Door("kept");
    assertEquals("kept", keeping.takeKept());
    assertNull(keeping.takeKept());
  }

  @Test
  void itIsItsOwnAsync() {
    assertSame(door, door.toAsync());
  }

  @Test
  void parkedIsWhatParkReturns() throws Throwable {
    LoopTask<String> task = stepped.start(new Door());
    assertSame(Waitable.PARKED, door.park(task));
    door.wake(); // or the task would wait for it
  }

  // Debug mode

  @Test
  void debugModeTracksItUntilItIsAwaited() {
    stepped.loop.setDebug(true);
    Door tracked = new Door();
    assertTrue(AwaitTracking.hasSomeOf(stepped.loop));
    stepped.started(tracked);
    assertFalse(AwaitTracking.hasSomeOf(stepped.loop));
    tracked.give("value");
  }

  @Test
  void debugModeTracksItUntilItPasses() throws Exception {
    stepped.loop.setDebug(true);
    Door tracked = new Door("kept");
    tracked.isFree = true;
    assertTrue(AwaitTracking.hasSomeOf(stepped.loop));
    assertTrue(tracked.passes());
    assertFalse(AwaitTracking.hasSomeOf(stepped.loop));
  }
}
