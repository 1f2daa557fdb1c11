package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.async.LoopFailure;
import io.fermata.async.Task;
import io.fermata.runtime.AsyncFrame;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A job of another thread that starts a task. */
final class RemoteStart<T extends @Nullable Object> implements Droppable {
  private final Loop loop;
  private final Async<T> async;
  private final CompletableFuture<T> future;

  /** A copy of the starter's. */
  private final ContextState context = ContextState.copy();

  /** Of the loop's thread. */
  private @Nullable Task<T> task;

  /** Whether the future is completed with the outcome of the task, and by nobody else. */
  private volatile boolean isOver;

  RemoteStart(Loop loop, Async<T> async) {
    this.loop = loop;
    this.async = async;
    this.future = new TaskFuture<>(loop);
    var unused =
        future.whenComplete(
            (value, failure) -> {
              if (!isOver) {
                loop.postIfOpen(this::cancel);
              }
            });
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public void run() {
    if (future.isDone()) { // by somebody else, so nobody can get the result
      discard();
      return;
    }
    // A loop that closes ends its tasks; a new one would outlive it.
    if (loop.isClosing()) {
      drop(Loop.closedBefore());
      return;
    }
    try {
      Task<T> started = loop.starting().in(context).start(async);
      task = started;
      started.addDoneCallback(
          done -> {
            isOver = true;
            Throwing.copy((LoopDeferred<T>) started, future);
          });
    } catch (RuntimeException failure) {
      isOver = true;
      future.completeExceptionally(failure);
      loop.report(new LoopFailure("a task could not be started", failure, async));
    }
  }

  @Override
  public void drop(RuntimeException why) {
    discard();
    isOver = true;
    future.completeExceptionally(why);
  }

  private void discard() {
    if (async instanceof AsyncFrame<?> frame) {
      frame.discard();
    }
  }

  private void cancel() {
    if (task != null) {
      task.cancel(
          future.isCancelled()
              ? "its CompletableFuture was cancelled"
              : "its CompletableFuture was completed by other code");
    }
  }
}
