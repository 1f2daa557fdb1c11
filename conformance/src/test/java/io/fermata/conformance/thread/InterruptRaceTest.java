package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.Generator;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Interrupts at random moments of a hand-off: each is seen exactly once, by the body or by the
 * caller, and none of them stops the stepping.
 *
 * <p>The next interrupt is sent when the last one has been seen, so that no two merge into one.
 * Each test ends after a number of interrupts, or after a time, whichever comes first.
 */
class InterruptRaceTest extends OnThreads {
  private static final int MOST_INTERRUPTS = 20_000;
  private static final long MOST_TIME = TimeUnit.MILLISECONDS.toNanos(1_500);
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicReference<Thread> body = new AtomicReference<>();

  /** Written by the caller, read by the interrupter to meet the beginning of a step. */
  private volatile int steps;

  private volatile boolean done;

  @Test
  void noInterruptIsLostWhileTheCallerStepsAtOnce() {
    race(0, false, 2_000);
  }

  @Test
  void noInterruptIsLostWhileTheBodyIsAboutToPark() {
    race(300, false, 2_000);
  }

  @Test
  void noInterruptIsLostWhileAParkedBodyWakes() {
    race(1_000, true, 100);
  }

  @Test
  void noInterruptIsLostWhileAParkedBodyWakesAndTheProcessorsAreBusy() {
    Thread busy =
        new Thread(
            () -> {
              while (!done) {
                spin(1_000);
                Thread.yield();
              }
            });
    busy.setDaemon(true);
    busy.start();
    race(1_000, true, 500);
  }

  /**
   * Steps and interrupts.
   *
   * @param pause how often the caller spins between two steps
   * @param aimed whether to wait for the beginning of a step before an interrupt
   * @param delay how often to spin, at most, before an interrupt
   */
  private void race(int pause, boolean aimed, int delay) {
    long seed = System.nanoTime();
    String race = "seed " + seed + ", pause " + pause + ", delay " + delay;
    System.out.println("InterruptRaceTest: " + race);
    Random random = new Random(seed);
    Thread caller = new Thread(() -> step(pause), "caller");
    caller.setDaemon(true); // if it hangs it must not keep the JVM
    caller.start();
    try {
      Eventually.until(() -> body.get() != null, () -> "the body has not begun");
      long start = System.nanoTime();
      int sent = 0;
      while (sent < MOST_INTERRUPTS && System.nanoTime() - start < MOST_TIME) {
        if (aimed) {
          awaitStep();
        }
        spin(random.nextInt(delay));
        (random.nextInt(4) == 0 ? body.get() : caller).interrupt();
        sent++;
        awaitSeen(sent, caller, race);
      }
      assertEquals(sent, seen.get(), race);
    } finally {
      done = true;
    }
  }

  private void step(int pause) {
    Generator<Integer> g =
        Generator.of(
            co -> {
              body.set(Thread.currentThread());
              while (true) {
                look();
                co.yield(1);
              }
            });
    int taken = 0;
    while (!done) {
      steps = ++taken;
      g.advance();
      look();
      spin(pause);
    }
  }

  private void look() {
    if (Thread.interrupted()) {
      seen.incrementAndGet();
    }
  }

  private void awaitStep() {
    int before = steps;
    long start = System.nanoTime();
    while (steps == before && System.nanoTime() - start < PATIENCE) {
      Thread.onSpinWait();
    }
  }

  private void awaitSeen(int sent, Thread caller, String race) {
    long start = System.nanoTime();
    while (seen.get() < sent) {
      if (System.nanoTime() - start > PATIENCE) {
        fail(
            race
                + ": interrupt "
                + sent
                + " was not seen; after "
                + steps
                + " steps the body is at "
                + Arrays.toString(body.get().getStackTrace())
                + ", the caller at "
                + Arrays.toString(caller.getStackTrace()));
      }
      Thread.onSpinWait();
    }
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }
}
