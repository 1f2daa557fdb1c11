package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.Yielder;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Body and caller behave like one thread: one of them runs, and interrupts go with the control. */
class HandOffTest extends OnThreads {
  private static final int STEPS = 20_000;

  /** Not synchronized, on purpose: only the hand-off orders the accesses. */
  private int count;

  private int overlaps;
  private boolean inside;

  @Test
  void bodyAndCallerNeverRunAtTheSameTime() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              while (true) {
                countAlone();
                co.yield(count);
              }
            });
    for (int step = 0; step < STEPS; step++) {
      countAlone();
      g.advance();
      assertEquals(count, g.current());
    }
    g.close();
    assertEquals(2 * STEPS, count);
    assertEquals(0, overlaps);
  }

  private void countAlone() {
    if (inside) {
      overlaps++;
    }
    inside = true;
    count++;
    inside = false;
  }

  @Test
  void theBodyRunsOnOneThreadThatIsNotItsCallers() {
    Generator<Thread> g = Generator.of(HandOffTest::yieldThread);
    Thread first = g.next();
    assertNotSame(Thread.currentThread(), first);
    assertSame(first, g.next());
  }

  @Test
  void threadsMayStepAGeneratorOneAfterTheOther() throws Exception {
    Generator<Thread> g = Generator.of(HandOffTest::yieldThread);
    Thread first = g.next();
    FutureTask<Thread> elsewhere = new FutureTask<>(g::next);
    new Thread(elsewhere).start();
    assertSame(first, elsewhere.get());
    assertSame(first, g.next());
  }

  private static void yieldThread(Yielder<?, Thread> co) {
    while (true) {
      co.yield(Thread.currentThread());
    }
  }

  // Interrupts that are there before the step

  @Test
  void anInterruptBeforeTheStepIsSeenByTheBodyAndKeptByTheCaller() {
    Generator<Boolean> g = Generator.of(HandOffTest::yieldWhetherInterrupted);
    Thread.currentThread().interrupt();
    assertTrue(g.next());
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptBeforeALaterStepIsSeenByTheBodyAndKeptByTheCaller() {
    Generator<Boolean> g = Generator.of(HandOffTest::yieldWhetherInterrupted);
    assertFalse(g.next());
    Thread.currentThread().interrupt();
    assertTrue(g.next());
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptThatTheCallerHasConsumedIsGoneForTheBodyToo() {
    Generator<Boolean> g = Generator.of(HandOffTest::yieldWhetherInterrupted);
    Thread.currentThread().interrupt();
    assertTrue(g.next());
    assertTrue(Thread.interrupted());
    assertFalse(g.next());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptThatTheBodyHasConsumedIsGoneForTheCaller() {
    Generator<Boolean> g = Generator.of(co -> co.yield(Thread.interrupted()));
    Thread.currentThread().interrupt();
    assertTrue(g.next());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptIsKeptWhereTheStepEndsTheBody() {
    Generator<Boolean> g = Generator.of(co -> co.yield(true));
    g.next();
    Thread.currentThread().interrupt();
    assertFalse(g.advance());
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptIsKeptWhereTheStepFails() {
    Generator<Boolean> g =
        Generator.of(
            co -> {
              throw new IllegalArgumentException("from the body");
            });
    Thread.currentThread().interrupt();
    assertThrows(IllegalArgumentException.class, g::next);
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptReachesTheInnermostBodyOfADelegation() {
    Generator<Boolean> inner = Generator.of(HandOffTest::yieldWhetherInterrupted);
    Generator<Boolean> outer = Generator.of(co -> co.yieldFrom(inner));
    assertFalse(outer.next());
    Thread.currentThread().interrupt();
    assertTrue(outer.next());
    assertTrue(Thread.currentThread().isInterrupted());
  }

  private static void yieldWhetherInterrupted(Yielder<?, Boolean> co) {
    while (true) {
      co.yield(Thread.currentThread().isInterrupted());
    }
  }

  // Interrupts that come from the body's side

  @Test
  void anInterruptThatTheBodyMakesIsTheCallersAfterwards() {
    Generator<Boolean> g =
        Generator.of(
            co -> {
              Thread.currentThread().interrupt();
              co.yield(true);
            });
    g.next();
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptOfASuspendedBodysThreadIsSeenAtTheNextStep() {
    Generator<Thread> g =
        Generator.of(
            co -> {
              co.yield(Thread.currentThread());
              assertTrue(Thread.interrupted());
              co.yield(Thread.currentThread());
            });
    Thread body = g.next();
    Eventually.waiting(body);
    body.interrupt();
    assertSame(body, g.next());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aSuspendedBodyIsNotWokenByAnInterrupt() {
    Generator<Thread> g =
        Generator.of(
            co -> {
              co.yield(Thread.currentThread());
              count++;
              co.yield(Thread.currentThread());
            });
    Thread body = g.next();
    for (int i = 0; i < 100; i++) {
      Eventually.waiting(body);
      body.interrupt();
    }
    Eventually.waiting(body);
    assertEquals(0, count);
    g.next();
    assertEquals(1, count);
  }

  // Interrupts that come while the caller waits for the body

  @Test
  void anInterruptOfTheWaitingCallerComesOutOfABlockedBody() {
    AtomicReference<Thread> body = new AtomicReference<>();
    Generator<Integer> g = Generator.of(co -> block(body));
    interruptOnceBlocked(body);
    assertThrows(InterruptedException.class, g::next);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aBodyThatCatchesTheInterruptLeavesTheCallerWithout() {
    AtomicReference<Thread> body = new AtomicReference<>();
    Generator<String> g =
        Generator.of(
            co -> {
              try {
                block(body);
              } catch (InterruptedException caught) {
                co.yield("caught");
              }
            });
    interruptOnceBlocked(body);
    assertEquals("caught", g.next());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aBodyThatSetsTheInterruptAgainLeavesItToTheCaller() {
    AtomicReference<Thread> body = new AtomicReference<>();
    Generator<String> g =
        Generator.of(
            co -> {
              try {
                block(body);
              } catch (InterruptedException caught) {
                Thread.currentThread().interrupt();
                co.yield("set again");
              }
            });
    interruptOnceBlocked(body);
    assertEquals("set again", g.next());
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptOfTheWaitingCallerIsSeenByABusyBodyAndKept() {
    Thread caller = Thread.currentThread();
    CountDownLatch busy = new CountDownLatch(1);
    Generator<Boolean> g =
        Generator.of(
            co -> {
              busy.countDown();
              while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
              co.yield(true);
            });
    start(
        () -> {
          busy.await();
          Eventually.waiting(caller);
          caller.interrupt();
          return null;
        });
    assertTrue(g.next());
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptOfTheWaitingCallerReachesABodyThroughAnothers() {
    AtomicReference<Thread> body = new AtomicReference<>();
    Generator<Integer> inner = Generator.of(co -> block(body));
    Generator<Integer> outer = Generator.of(co -> co.yield(inner.next()));
    interruptOnceBlocked(body);
    assertThrows(InterruptedException.class, outer::next);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void anInterruptOfTheWaitingCallerReachesADelegate() {
    AtomicReference<Thread> body = new AtomicReference<>();
    Generator<String> inner = Generator.of(co -> block(body));
    Generator<String> outer =
        Generator.of(
            co -> {
              try {
                co.mayThrow(InterruptedException.class);
                co.yieldFrom(inner);
              } catch (InterruptedException caught) {
                co.yield("caught by the delegator");
              }
            });
    interruptOnceBlocked(body);
    assertEquals("caught by the delegator", outer.next());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private static void block(AtomicReference<Thread> body) throws InterruptedException {
    body.set(Thread.currentThread());
    new CountDownLatch(1).await();
  }

  /** Interrupts the thread of the test once the body, and so its caller, waits. */
  private static void interruptOnceBlocked(AtomicReference<Thread> body) {
    Thread caller = Thread.currentThread();
    start(
        () -> {
          Eventually.until(() -> body.get() != null, () -> "the body has not begun");
          Eventually.waiting(body.get());
          Eventually.waiting(caller);
          caller.interrupt();
          return null;
        });
  }

  private static void start(Callable<?> code) {
    Thread thread = new Thread(new FutureTask<>(code), "interrupter");
    thread.setDaemon(true);
    thread.start();
  }
}
