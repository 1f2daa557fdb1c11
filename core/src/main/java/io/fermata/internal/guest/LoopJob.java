package io.fermata.internal.guest;

import io.fermata.async.Handle;
import io.fermata.internal.loop.Droppable;
import org.jspecify.annotations.Nullable;

/**
 * A job that a {@link LoopExecutor} has accepted. If its time has not come when the loop runs it,
 * it has itself run again then.
 */
final class LoopJob implements Droppable {
  private final LoopExecutor executor;
  final Runnable command;

  /** The command, if it has a future. */
  private final @Nullable LoopFuture<?> future;

  /** Of the loop's thread. */
  private @Nullable Handle timer;

  LoopJob(LoopExecutor executor, Runnable command) {
    this.executor = executor;
    this.command = command;
    future = command instanceof LoopFuture<?> made && made.isOf(executor) ? made : null;
    if (future != null) {
      future.job = this;
    }
  }

  @Override
  public void run() {
    if (future != null && future.when - executor.now() > 0) {
      waitForItsTime(future);
    } else if (executor.begin(this)) {
      boolean again = false;
      try {
        again = runNow();
      } finally {
        goOn(executor.ended(this, again));
      }
    }
  }

  /** Tells whether it wants to run again. */
  private boolean runNow() {
    if (future == null || !future.isPeriodic()) {
      command.run();
      return false;
    }
    return future.runOnce();
  }

  private void goOn(boolean again) {
    if (future == null || !future.isPeriodic()) {
      return;
    }
    if (again) {
      waitForItsTime(future);
    } else {
      future.cancel(false); // does nothing if it has failed
    }
  }

  private void waitForItsTime(LoopFuture<?> timed) {
    if (timed.isDone()) {
      executor.giveUp(this);
    } else {
      timer = executor.loop.callAt(timed.when, this);
    }
  }

  /** The future was cancelled; on any thread. */
  void cancelled() {
    if (executor.giveUp(this)) {
      executor.loop.postIfOpen(this::cancelTimer);
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
    }
  }

  void cancelIfPeriodic() {
    if (future != null && future.isPeriodic()) {
      future.cancel(false);
    }
  }

  /** Has it not run, but keeps its future for whoever asked for this. */
  boolean take() {
    if (!executor.giveUp(this)) {
      return false;
    }
    executor.loop.postIfOpen(this::cancelTimer);
    return true;
  }

  @Override
  public void drop(RuntimeException why) {
    if (executor.giveUp(this) && command instanceof LoopFuture<?> waited) {
      waited.fail(why);
    }
  }

  @Override
  public String toString() {
    return "job " + command;
  }
}
