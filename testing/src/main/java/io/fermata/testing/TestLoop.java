package io.fermata.testing;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.internal.kernel.LoopEnvironment;
import io.fermata.internal.kernel.Order;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An event loop whose time is virtual, for tests: an hour's sleep takes no time, and two runs do
 * the same.
 *
 * <pre>{@code
 * try (TestLoop loop = TestLoop.virtual()) {            // time jumps to the next timer
 *   assertEquals("hello", loop.run(greetAfter(Duration.ofHours(1))));
 *   assertEquals(Duration.ofHours(1), loop.time());
 * }
 *
 * try (TestLoop loop = TestLoop.manual()) {             // time is moved by the test
 *   Task<String> task = loop.start(greetAfter(Duration.ofHours(1)));
 *   loop.advance(Duration.ofMinutes(59));
 *   assertFalse(task.done());
 *   loop.advance(Duration.ofMinutes(1));
 *   assertTrue(task.done());
 * }
 * }</pre>
 *
 * <p>Belongs to the thread that opened it. Other threads may take part ({@code toThread}, {@code
 * callSoonThreadSafe}); time does not jump as long as the loop has work, but it does not know what
 * those threads are about: a timer that is scheduled is due at once when nothing else is ready.
 */
public final class TestLoop implements AutoCloseable {
  private final VirtualTime time;
  private final EventLoop loop;

  private TestLoop(boolean jumps, @Nullable Order order) {
    time = new VirtualTime(jumps);
    LoopEnvironment.use(new LoopEnvironment(time, time, order));
    try {
      loop = EventLoop.open();
    } finally {
      LoopEnvironment.use(null);
    }
  }

  /**
   * A loop whose clock jumps to the next timer when nothing is ready.
   *
   * @return a new loop, at time zero
   */
  public static TestLoop virtual() {
    return new TestLoop(true, null);
  }

  /**
   * A loop whose clock only {@link #advance} moves.
   *
   * @return a new loop, at time zero
   */
  public static TestLoop manual() {
    return new TestLoop(false, null);
  }

  /**
   * As {@link #virtual}, but what is ready in a round runs in an order that a seed chooses: any
   * order in which it could be if tasks took a little longer or shorter. What holds on a thousand
   * seeds does not depend on the schedule.
   *
   * @param seed the same seed gives the same order
   * @return a new loop, at time zero
   */
  public static TestLoop seeded(long seed) {
    return new TestLoop(true, new SplittableRandom(seed)::nextInt);
  }

  /**
   * Runs a test on a loop of each seed from 0 on. A failure says which one it was.
   *
   * @param count how many
   * @param test gets a new loop, which is closed after it
   * @throws AssertionError if the test fails on a seed; the failure is its cause
   */
  public static void forEachSeed(int count, SeededTest test) {
    Objects.requireNonNull(test, "the test is null");
    for (long seed = 0; seed < count; seed++) {
      try (TestLoop loop = seeded(seed)) {
        test.run(loop);
      } catch (Exception | AssertionError failure) {
        throw new AssertionError(
            "fails with seed "
                + seed
                + " of "
                + count
                + ", again with TestLoop.seeded("
                + seed
                + "): "
                + failure,
            failure);
      }
    }
  }

  /** A test that runs on many schedules. */
  @FunctionalInterface
  public interface SeededTest {
    /**
     * Runs it once.
     *
     * @param loop a new one
     * @throws Exception if it fails
     */
    void run(TestLoop loop) throws Exception;
  }

  /**
   * The loop itself.
   *
   * @return the same one each time
   */
  public EventLoop loop() {
    return loop;
  }

  /**
   * Runs something to its end.
   *
   * @param main what to run
   * @param <T> its result
   * @return its result
   * @throws Exception what it failed with, as it is
   * @throws AssertionError if the loop has nothing to do any more, and {@code main} no result
   */
  public <T extends @Nullable Object> T run(Awaitable<T> main) throws Exception {
    return loop.runUntilComplete(main);
  }

  /**
   * Starts a task; it runs in the next step.
   *
   * @param async what to run
   * @param <T> its result
   * @return the task
   */
  public <T extends @Nullable Object> Task<T> start(Async<T> async) {
    return loop.start(async);
  }

  /**
   * The virtual time.
   *
   * @return how long the loop lives, zero at first
   */
  public Duration time() {
    return loop.time();
  }

  /** Runs one round: what is ready now, and the timers that are due. Does not move the clock. */
  public void step() {
    loop.stop();
    loop.runForever();
  }

  /** Runs rounds until nothing is ready. Does not move the clock. */
  public void settle() {
    advance(Duration.ZERO);
  }

  /**
   * Runs all that is ready, and moves the clock on from timer to timer, each at its time, until it
   * has come so far and nothing is ready.
   *
   * @param duration how far; not negative
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "cannot advance by " + duration + ": the clock of a loop never goes back");
    }
    time.goOn(duration.toNanos(), loop::stop);
    try {
      loop.runForever();
    } finally {
      time.hold();
    }
  }

  /**
   * How long the loop may wait for other threads, in real time, before the test fails.
   *
   * @param limit 20 seconds if it is not set
   * @return this
   */
  public TestLoop patience(Duration limit) {
    time.setPatience(limit);
    return this;
  }

  /** Cancels what is left, and closes the loop. */
  @Override
  public void close() {
    loop.close();
  }

  @Override
  public String toString() {
    return loop + " at virtual time " + time();
  }
}
