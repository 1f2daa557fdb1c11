package io.fermata.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ThreadHostTest {
  private long now;
  private int reads;
  private final ThreadHost host = new ThreadHost(this::read);

  private long read() {
    reads++;
    return now;
  }

  @Test
  void aSleepUntilNowIsOver() {
    now = 5;
    host.sleep(5);
    assertEquals(1, reads);
  }

  @Test
  void aSleepEndsWhenTheClockHasReachedTheDeadline() {
    ThreadHost ticking = new ThreadHost(() -> now++);
    ticking.sleep(10);
    assertEquals(11, now);
  }

  @Test
  void aWakeUpBeforeASleepEndsIt() {
    host.wake();
    host.sleep(Long.MAX_VALUE);
    assertEquals(0, reads);
  }

  @Test
  void aWakeUpCountsOnce() {
    host.wake();
    host.wake();
    host.sleep(Long.MAX_VALUE);
    host.sleep(0);
    assertEquals(1, reads);
  }

  @Test
  void anInterruptEndsASleepAndStaysSet() {
    Thread.currentThread().interrupt();
    host.sleep(Long.MAX_VALUE);
    assertTrue(Thread.interrupted());
  }

  @Test
  void aThreadThatUnparksForNothingDoesNotEndASleep() throws InterruptedException {
    assertEndedOnlyByWake(Long.MAX_VALUE);
  }

  @Test
  void aSleepWithADeadlineIsEndedByAWakeUp() throws InterruptedException {
    assertEndedOnlyByWake(TimeUnit.HOURS.toNanos(1));
  }

  private void assertEndedOnlyByWake(long deadline) throws InterruptedException {
    AtomicBoolean woken = new AtomicBoolean();
    AtomicBoolean sleptTillThen = new AtomicBoolean();
    Thread sleeper =
        new Thread(
            () -> {
              host.sleep(deadline);
              sleptTillThen.set(woken.get());
            });
    sleeper.start();
    awaitParked(sleeper);
    LockSupport.unpark(sleeper);
    awaitParked(sleeper);
    assertTrue(sleeper.isAlive());
    woken.set(true);
    host.wake();
    sleeper.join(TimeUnit.SECONDS.toMillis(10));
    assertFalse(sleeper.isAlive());
    assertTrue(sleptTillThen.get());
  }

  private void awaitParked(Thread sleeper) {
    while (LockSupport.getBlocker(sleeper) != host && sleeper.isAlive()) {
      Thread.onSpinWait();
    }
  }
}
