package io.fermata.testing;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.internal.kernel.LoopEnvironment;
import io.fermata.internal.kernel.Order;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
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
 * <p>Belongs to the thread that opened it. Other threads may take part. Time does not pass while
 * the loop has work, and while a task waits for a call that the library makes on another thread:
 * {@code toThread}, {@code runInExecutor}, files, the lookup of a host, the start of a process, the
 * end of one that was killed. So a limit does not end a call that is short. A call takes no virtual
 * time. {@link #jumpingOverCalls} takes that back.
 *
 * <p><b>Repeating.</b> The end of a call comes when no task is ready; several ends come one by one,
 * in the order of the calls' begin, or in one that the seed chooses. So a run with calls repeats,
 * however long they take in real time. This does not hold for
 *
 * <ul>
 *   <li>a call that waits for what comes of a later call: after 250 ms it is passed over, as is a
 *       call that takes longer while others have ended;
 *   <li>a task that polls without a pause: every thousand rounds the loop waits for a call, for 250
 *       ms at most;
 *   <li>what else other threads and processes do: {@code callSoonThreadSafe}, an await of a future,
 *       pipes, a process that ends by itself, files that are watched. The loop hears of it when it
 *       happens, and does not wait for it if there is a timer.
 * </ul>
 */
public final class TestLoop implements AutoCloseable {
  private final VirtualTime time;
  private final EventLoop loop;

  /** Null without one. */
  private final @Nullable Long seed;

  private final RandomGenerator random;

  private TestLoop(boolean jumps, @Nullable Long seed) {
    this.seed = seed;
    random = new SplittableRandom(seed == null ? 0 : ~seed);
    Order order = seed == null ? null : new SplittableRandom(seed)::nextInt;
    time = new VirtualTime(jumps, order);
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
    return new TestLoop(true, seed);
  }

  /**
   * Runs a test once for each seed from 0 on. A failure names the seed. {@link Seeds} has ranges,
   * and goes on after a failure.
   *
   * @param count the number of seeds
   * @param test gets a new loop, which is closed after the test
   * @throws AssertionError if the test fails; the failure is the cause
   */
  public static void forEachSeed(int count, SeededTest test) {
    Seeds.first(count).forEach(test);
  }

  /**
   * Runs a test once for each seed of a range, as {@link #forEachSeed(int, SeededTest)}.
   *
   * @param from the first seed
   * @param to the seed after the last one
   * @param test gets a new loop, which is closed after the test
   * @throws AssertionError if the test fails; the failure is the cause
   */
  public static void forEachSeed(long from, long to, SeededTest test) {
    Seeds.between(from, to).forEach(test);
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
   * The seed that chooses the order.
   *
   * @return what {@link #seeded} was given
   * @throws IllegalStateException if the loop is not seeded
   */
  public long seed() {
    if (seed == null) {
      throw new IllegalStateException(
          "this loop has no seed; open it with TestLoop.seeded(), or use forEachSeed()");
    }
    return seed;
  }

  /**
   * A source of random numbers for the test itself. What is drawn here does not change the order of
   * the tasks.
   *
   * @return the same one each time; its numbers depend on the seed only, and are always the same
   *     without one
   */
  public RandomGenerator random() {
    return random;
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

  /**
   * Runs one round: the ready tasks, the due timers, and the calls on other threads that have
   * ended. Does not move the clock.
   */
  public void step() {
    time.takeEndedCalls();
    loop.stop();
    loop.runForever();
  }

  /**
   * Runs rounds until no task is ready. Does not move the clock, and does not wait for calls on
   * other threads that have not ended.
   */
  public void settle() {
    advance(Duration.ZERO);
  }

  /**
   * Moves the clock on from timer to timer, and runs the ready tasks at each, until the time has
   * passed and no task is ready. Before the clock moves, tasks get the results of their calls on
   * other threads.
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
   * Lets time pass while tasks wait for calls on other threads, from now on. For calls that wait
   * for something that happens later in virtual time, and for limits that are to end a call. Then
   * it depends on the threads what comes first.
   *
   * @return this
   */
  public TestLoop jumpingOverCalls() {
    time.jumpOverCalls();
    return this;
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
    return loop + " at virtual time " + time() + (seed == null ? "" : " with seed " + seed);
  }
}
