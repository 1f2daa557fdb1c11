package io.fermata.async;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a loop does before it is closed: its tasks are cancelled, and when they have ended its
 * asynchronous generators are closed. It goes on between rounds.
 */
final class Closing {
  private final EventLoop loop;

  /** Null once they have ended. */
  private @Nullable List<LoopTask<?>> leftovers;

  private @Nullable Task<Void> generators;
  private boolean ended;

  Closing(EventLoop loop, String reason) {
    this.loop = loop;
    List<LoopTask<?>> tasks = loop.taskList.toList();
    leftovers = tasks;
    tasks.forEach(task -> task.cancel(reason));
  }

  /**
   * Goes on as far as possible.
   *
   * @return whether all has ended; else it has to go on after another round
   */
  boolean advance() {
    if (leftovers != null) {
      if (!leftovers.stream().allMatch(Deferred::done)) {
        return false;
      }
      tasksEnded(leftovers);
      leftovers = null;
    }
    if (generators != null && !generators.done()) {
      return false;
    }
    if (!ended) {
      ended = true;
      loop.failing.unretrieved.reportAll();
    }
    return true;
  }

  private void tasksEnded(List<LoopTask<?>> tasks) {
    if (!tasks.isEmpty()) {
      loop.kernel.round(false); // those who follow the last of them are told
    }
    tasks.forEach(loop.failing::reportLeftover);
    if (!loop.generators.isEmpty()) {
      generators = loop.start(loop.shutdownAsyncGenerators());
    }
  }
}
