package io.fermata.internal.guest;

import io.fermata.async.Handle;
import io.fermata.internal.loop.Droppable;
import io.fermata.runtime.door.Brief;
import org.jspecify.annotations.Nullable;

/**
 * A job that a {@link LoopExecutor} has accepted. If the loop runs it before its time, it schedules
 * itself for that time.
 */
final class LoopJob implements Droppable {
  private final LoopExecutor executor;
  final Runnable command;

  /** The command as a future; null if it is a plain command. */
  private final @Nullable LoopFuture<?> future;

  /** The timer of the next run. Belongs to the loop's thread. */
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
      } finally { // a plain command may throw, which the loop reports
        goOn(executor.ended(this, again));
      }
    }
  }

  /** Runs the command; returns whether it goes on. */
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
      executor.withdraw(this); // cancelled since it was accepted again
    } else {
      timer = executor.loop.callAt(timed.when, this);
    }
  }

  /** Withdraws the job after its future was cancelled. On any thread. */
  void cancelled() {
    if (executor.withdraw(this)) {
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

  /** Withdraws the job, and leaves its future open for the caller of {@code shutdownNow()}. */
  boolean withdrawForCaller() {
    if (!executor.withdraw(this)) {
      return false;
    }
    executor.loop.postIfOpen(this::cancelTimer);
    return true;
  }

  @Override
  public void drop(RuntimeException why) {
    if (executor.withdraw(this) && command instanceof LoopFuture<?> waited) {
      waited.fail(why);
    }
  }

  @Override
  public String toString() {
    return "job " + Brief.of(command);
  }
}
