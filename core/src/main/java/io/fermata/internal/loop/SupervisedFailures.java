package io.fermata.internal.loop;

import io.fermata.async.LoopFailure;

/**
 * Reports failures of a supervisor's members, in the round after, unless somebody has got them. If
 * somebody waits for the member, it has that round to get the failure.
 */
final class SupervisedFailures {
  private SupervisedFailures() {}

  static void ended(LoopTask<?> member, boolean isAwaited) {
    Runnable report = () -> report(member);
    member.loop.kernel.ready(isAwaited ? () -> member.loop.kernel.ready(report) : report);
  }

  private static void report(LoopTask<?> member) {
    if (!member.isUnretrieved()) {
      return;
    }
    member.markRetrieved();
    for (Throwable failure : Cancellations.failuresIn(member.failure())) {
      member.loop.report(
          new LoopFailure(member.name() + " of a supervisor failed", failure, member));
    }
  }
}
