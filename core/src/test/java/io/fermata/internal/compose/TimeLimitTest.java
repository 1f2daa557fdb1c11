package io.fermata.internal.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.loop.LoopPromise;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scripted;
import io.fermata.internal.loop.SteppedLoop;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
  private static final long MILLIS = 1_000_000;

  private final SteppedLoop stepped = new SteppedLoop();
  private final LoopPromise<String> promise = stepped.promise();

  @AfterEach
  void close() {
    stepped.close();
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  /** A task that awaits the promise within a limit. */
  private LoopTask<String> within(TimeLimit limit) {
    return stepped.started(new TimeoutFrame<>(limit, Scripted.awaitingOnly(promise)));
  }

  private void passMillis(long millis) {
    stepped.pass(millis * MILLIS);
  }

  // NEW

  @Test
  void aNewLimitHasNoDeadline() {
    TimeLimit limit = TimeLimit.in(ms(5));
    assertNull(limit.when());
    assertFalse(limit.expired());
    assertEquals("", limit.left());
    assertEquals("timeout (not entered)", limit.toString());
    var refused = assertThrows(IllegalStateException.class, () -> limit.rescheduleIn(ms(1)));
    assertEquals(
        "cannot move the deadline: timeout (not entered); only that of an active timeout can be"
            + " moved",
        refused.getMessage());
    assertThrows(IllegalStateException.class, () -> limit.rescheduleAt(ms(1)));
  }

  // NEW -> ACTIVE

  @Test
  void aDelayBeginsWhenItIsEntered() {
    stepped.host.now = 10 * MILLIS;
    TimeLimit limit = TimeLimit.in(ms(5));
    LoopTask<String> task = within(limit);
    assertEquals(ms(15), limit.when());
    assertEquals(", 5 ms left", limit.left());
    assertEquals("timeout (active, until PT0.015S)", limit.toString());
    assertEquals(15 * MILLIS, task.scope.deadline());
    promise.setResult("value");
  }

  @Test
  void aDeadlineIsATimeOfTheLoop() {
    stepped.host.now = 10 * MILLIS;
    TimeLimit limit = TimeLimit.at(ms(15));
    LoopTask<String> task = within(limit);
    assertEquals(ms(15), limit.when());
    passMillis(5);
    assertEquals("the deadline of the timeout at script has passed", task.exception().getMessage());
  }

  @Test
  void withoutALimitThereIsNoDeadline() throws Exception {
    TimeLimit limit = TimeLimit.in(null);
    LoopTask<String> task = within(limit);
    assertNull(limit.when());
    assertEquals("", limit.left());
    assertTrue(stepped.loop.kernel.isQuiet());
    promise.setResult("value");
    stepped.settle();
    assertEquals("value", task.result());
  }

  @Test
  void aDeadlineThatHasPassedExpiresAtOnce() {
    stepped.host.now = 10 * MILLIS;
    TimeLimit limit = TimeLimit.at(ms(10));
    LoopTask<String> task = within(limit);
    assertTrue(limit.expired());
    assertTrue(task.exception() instanceof TimeoutException);
  }

  // ACTIVE -> EXPIRED -> FINISHED

  @Test
  void anExpiredLimitCancelsItsBody() {
    TimeLimit limit = TimeLimit.in(ms(5));
    LoopTask<String> task = within(limit);
    passMillis(4);
    assertFalse(promise.done());
    stepped.host.now += MILLIS;
    stepped.round();
    assertTrue(promise.cancelled());
    assertTrue(limit.expired());
    assertEquals("timeout (expiring)", limit.toString());
    assertEquals(", expired", limit.left());
    assertEquals(Long.MAX_VALUE, task.scope.deadline());
    assertThrows(IllegalStateException.class, () -> limit.rescheduleIn(ms(1)));
    stepped.settle();
    assertEquals("timeout (expired)", limit.toString());
    assertTrue(limit.expired());
    assertTrue(task.exception() instanceof TimeoutException);
    assertEquals(
        "the deadline of the timeout at script has passed; its limit was 5 ms",
        task.exception().getMessage());
    assertSame(promise.failure(), task.exception().getCause());
  }

  @Test
  void aLimitOfLessThanAMilliIsToldInNanos() {
    TimeLimit limit = TimeLimit.in(Duration.ofNanos(1_500_000));
    LoopTask<String> task = within(limit);
    passMillis(2);
    assertTrue(task.exception().getMessage().endsWith("; its limit was 1500000 ns"));
  }

  // ACTIVE -> FINISHED

  @Test
  void aBodyInTimeLeavesNoTimer() throws Exception {
    TimeLimit limit = TimeLimit.in(ms(5));
    LoopTask<String> task = within(limit);
    promise.setResult("value");
    stepped.settle();
    assertEquals("value", task.result());
    assertTrue(stepped.loop.kernel.isQuiet());
    assertFalse(limit.expired());
    assertEquals("timeout (finished)", limit.toString());
    assertThrows(IllegalStateException.class, () -> limit.rescheduleIn(ms(1)));
  }

  @Test
  void aBodyThatEndsInTheRoundOfTheTimerIsInTime() throws Exception {
    TimeLimit limit = TimeLimit.in(ms(5));
    LoopTask<String> task = within(limit);
    promise.setResult("value");
    passMillis(5); // the task is ready before the timer
    assertEquals("value", task.result());
    assertFalse(limit.expired());
  }

  // ACTIVE -> ACTIVE

  @Test
  void aDeadlineCanBeMovedAway() {
    TimeLimit limit = TimeLimit.in(ms(5));
    LoopTask<String> task = within(limit);
    passMillis(4);
    limit.rescheduleIn(ms(5));
    assertEquals(ms(9), limit.when());
    passMillis(4);
    assertFalse(task.done());
    passMillis(1);
    assertEquals("the deadline of the timeout at script has passed", task.exception().getMessage());
  }

  @Test
  void aDeadlineCanBeMovedNearer() {
    TimeLimit limit = TimeLimit.in(ms(50));
    LoopTask<String> task = within(limit);
    limit.rescheduleAt(ms(2));
    passMillis(2);
    assertTrue(task.done());
    assertTrue(stepped.loop.kernel.isQuiet());
  }

  @Test
  void aDeadlineCanBeTakenAway() {
    TimeLimit limit = TimeLimit.in(ms(5));
    LoopTask<String> task = within(limit);
    limit.rescheduleIn(null);
    assertNull(limit.when());
    assertTrue(stepped.loop.kernel.isQuiet());
    limit.rescheduleAt(ms(7));
    limit.rescheduleAt(null);
    passMillis(10);
    assertFalse(task.done());
    promise.setResult("value");
  }

  @Test
  void aDeadlineMovedIntoThePastExpiresAtOnce() {
    TimeLimit limit = TimeLimit.in(ms(5));
    within(limit);
    limit.rescheduleIn(Duration.ZERO);
    assertTrue(limit.expired());
    assertTrue(promise.cancelled());
    assertTrue(stepped.loop.kernel.deadline() == Long.MAX_VALUE);
  }

  @Test
  void aDeadlineMovedInTheRoundOfItsTimerCounts() {
    TimeLimit limit = TimeLimit.in(ms(5));
    within(limit);
    stepped.loop.kernel.ready(() -> limit.rescheduleIn(ms(5)));
    passMillis(5); // the timer is ready, and runs behind that
    assertFalse(limit.expired());
    promise.setResult("value");
  }

  // waitFor

  @Test
  void aWaitForSaysWhatItWaitedFor() {
    LoopTask<String> task = stepped.started(TimeLimit.around(ms(5), promise));
    passMillis(5);
    assertEquals(
        "the deadline of waitFor(promise) has passed; its limit was 5 ms",
        task.exception().getMessage());
    assertTrue(promise.cancelled());
  }
}
