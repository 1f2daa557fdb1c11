package io.fermata.internal.loop;

import io.fermata.async.Async;

/** The parts of a loop that the packages above provide. The loop knows none of their classes. */
public interface LoopParts {
  /**
   * Dumps, the watchdog and recordings of a loop.
   *
   * @param loop new, its kernel is there
   */
  LoopMonitor monitor(Loop loop);

  /**
   * An await that closes the asynchronous generators of a loop.
   *
   * @param loop whose generators are closed
   */
  Async<Void> shutdownOfGenerators(Loop loop);
}
