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
 * An event loop with virtual time, for tests: an hour's sleep takes no time, and every run is the
 * same.
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
 * callSoonThreadSafe}). Time does not jump while the loop has work. But the loop does not wait for
 * those threads: if no task is ready, the next timer is due at once.
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
   * A loop whose clock jumps to the next timer when no task is ready.
   *
   * @return a new loop, at time zero
   */
  public static TestLoop virtual() {
    return new TestLoop(true, null);
  }

  /**
   * A loop whose clock moves by {@link #advance} only.
   *
   * @return a new loop, at time zero
   */
  public static TestLoop manual() {
    return new TestLoop(false, null);
  }

  /**
   * As {@link #virtual}, but a seed chooses the order of the tasks that are ready in a round. Every
   * such order is possible if tasks take a little longer or shorter. A test that passes with a
   * thousand seeds does not depend on the schedule.
   *
   * @param seed the same seed gives the same order
   * @return a new loop, at time zero
   */
  public static TestLoop seeded(long seed) {
    return new TestLoop(true, new SplittableRandom(seed)::nextInt);
  }

  /**
   * Runs a test once for each seed from 0 on. A failure names the seed.
   *
   * @param count the number of seeds
   * @param test gets a new loop, which is closed after the test
   * @throws AssertionError if the test fails; the failure is the cause
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
     * Runs the test once.
     *
     * @param loop a new loop
     * @throws Exception if the test fails
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
   * Runs an awaitable to its end.
   *
   * @param main what to run
   * @param <T> its result
   * @return its result
   * @throws Exception the failure of {@code main}, as it is
   * @throws AssertionError if nothing can happen any more, and {@code main} has no result
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
   * @return the time since the loop was opened
   */
  public Duration time() {
    return loop.time();
  }

  /** Runs one round: the ready tasks, and the due timers. Does not move the clock. */
  public void step() {
    loop.stop();
    loop.runForever();
  }

  /** Runs rounds until no task is ready. Does not move the clock. */
  public void settle() {
    advance(Duration.ZERO);
  }

  /**
   * Moves the clock on from timer to timer, and runs the ready tasks at each, until the time has
   * passed and no task is ready.
   *
   * @param duration the time to pass; not negative
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
   * Sets how long the loop may wait for other threads before the test fails.
   *
   * @param limit in real time; the default is 20 seconds
   * @return this
   */
  public TestLoop patience(Duration limit) {
    time.setPatience(limit);
    return this;
  }

  /** Cancels the tasks that are left, and closes the loop. */
  @Override
  public void close() {
    loop.close();
  }

  @Override
  public String toString() {
    return loop + " at virtual time " + time();
  }
}
