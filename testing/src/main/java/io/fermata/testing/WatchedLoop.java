package io.fermata.testing;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.LoopFailure;
import io.fermata.async.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The loop of one test, and the failures in it that nobody has looked at. */
final class WatchedLoop {
  final TestLoop loop = TestLoop.virtual();

  private final List<LoopFailure> unseen = new ArrayList<>();

  private boolean waitsForCancelledTasks;

  WatchedLoop() {
    loop.loop().setExceptionHandler((on, failure) -> unseen.add(failure));
  }

  /** Runs what is ready, and tasks that were asked to cancel to their end. */
  void letCancelledTasksEnd() throws Exception {
    if (loop.loop().isClosed()) {
      return;
    }
    waitsForCancelledTasks = true;
    loop.settle();
    Optional<Task<?>> asked = anyAskedToCancel();
    while (asked.isPresent()) {
      loop.run(endOf(asked.get()));
      asked = anyAskedToCancel();
    }
    waitsForCancelledTasks = false;
  }

  /** Whether a task has not ended although cancelled, so that a close would not end, either. */
  boolean isStuck() {
    return waitsForCancelledTasks;
  }

  private Optional<Task<?>> anyAskedToCancel() {
    return loop.loop().tasks().stream().filter(task -> task.cancelling() > 0).findFirst();
  }

  /** Waits for the end of a task, and does not look at its failure. */
  private static Async<Void> endOf(Task<?> task) {
    return Async.action(
        co -> {
          AsyncEvent ended = AsyncEvent.open();
          task.addDoneCallback(it -> ended.set());
          co.await(ended.whenSet());
        });
  }

  /** Closes the loop. Gives the failure of a test that left something behind; else null. */
  @Nullable AssertionError close() {
    String left = left();
    loop.close();
    if (left.isEmpty() && unseen.isEmpty()) {
      return null;
    }
    String failures =
        unseen.stream()
            .map(failure -> failure.message() + ": " + failure.exception())
            .collect(Collectors.joining("\n"));
    if (left.isEmpty()) {
      AssertionError error = new AssertionError(failures, unseen.get(0).exception());
      unseen.stream().skip(1).forEach(failure -> error.addSuppressed(failure.exception()));
      return error;
    }
    AssertionError error = new AssertionError(left);
    unseen.forEach(failure -> error.addSuppressed(failure.exception()));
    return error;
  }

  private String left() {
    Set<Task<?>> left = loop.loop().isClosed() ? Set.of() : loop.loop().tasks();
    return left.isEmpty()
        ? ""
        : "the test has left "
            + left.stream().map(Task::name).collect(Collectors.joining(", "))
            + " behind; await them, cancel them, or start them in a TaskGroup:\n"
            + loop.loop().dump();
  }
}
