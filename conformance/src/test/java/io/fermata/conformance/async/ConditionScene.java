package io.fermata.conformance.async;

import io.fermata.async.Async;
import io.fermata.async.AsyncCondition;
import io.fermata.async.AsyncLock;
import io.fermata.async.Cancelled;
import io.fermata.async.Permit;
import io.fermata.async.Task;

/** A condition, and tasks that wait for it. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
abstract class ConditionScene extends AsyncTest {
  final AsyncCondition condition = AsyncCondition.open(AsyncLock.open());

  /** Waits for a signal, and logs with the lock held. */
  final Task<Void> waiter(String name) {
    return Task.start(
        Async.action(
            co -> {
              try (Permit held = co.await(condition.acquire())) {
                co.await(condition.signalled());
                log.add(name);
              }
            }));
  }

  /** Logs how a wait ends, and whether the lock is held then. */
  final Task<Void> watched(String name) {
    return Task.start(
        Async.action(
            co -> {
              try (Permit held = co.await(condition.acquire())) {
                co.await(condition.signalled());
                log.add(name);
              } catch (Cancelled c) {
                log.add(name + ": " + c.reason());
                throw c;
              }
            }));
  }

  final Async<Void> signal(int count) {
    return Async.action(
        co -> {
          try (Permit held = co.await(condition.acquire())) {
            condition.signal(count);
          }
        });
  }
}
