package io.fermata.conformance.async;

import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.testing.TestLoop;
import java.time.Duration;

/** Loops whose time passes only when they have nothing else to do, and then at once. */
final class VirtualTime {
  /** How long a loop waits for other threads; the tests of the tests are less patient. */
  private static final Duration PATIENCE =
      Duration.ofMillis(Long.getLong("conformance.patience.millis", 20_000));

  /** The thread that has called {@link #run} last. */
  private static volatile Thread runner;

  private VirtualTime() {}

  /** Runs something on a loop of its own whose time is virtual. */
  static <T> T run(Awaitable<T> main) throws Exception {
    runner = Thread.currentThread();
    try (TestLoop loop = TestLoop.virtual().patience(PATIENCE)) {
      return loop.run(main);
    }
  }

  /** Whether this is the thread of the loop that runs, and not that of a body. */
  static boolean runsHere() {
    return Thread.currentThread() == runner;
  }

  /** A loop whose time is virtual. */
  static EventLoop open() {
    return TestLoop.virtual().patience(PATIENCE).loop();
  }

  static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
