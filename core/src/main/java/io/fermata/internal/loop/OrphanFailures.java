package io.fermata.internal.loop;

import io.fermata.async.LoopFailure;

/**
 * Reports failures of tasks and promises that went on when the awaiter of their shield had left.
 */
final class OrphanFailures {
  private OrphanFailures() {}

  /** Called behind those whom the end was told. */
  static void ended(LoopDeferred<?> orphan) {
    if (orphan.isUnretrieved()) {
      // Behind the tasks that this end has woken: one of them may retrieve the failure.
      orphan.loop.kernel.ready(() -> report(orphan));
    }
  }

  private static void report(LoopDeferred<?> orphan) {
    Throwable failure = orphan.failure();
    if (failure != null && orphan.isUnretrieved()) {
      orphan.markRetrieved();
      orphan.loop.report(
          new LoopFailure(
              orphan.noun() + " failed after the awaiter of its shield was cancelled",
              failure,
              orphan));
    }
  }
}
