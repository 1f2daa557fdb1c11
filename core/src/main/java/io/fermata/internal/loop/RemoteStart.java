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

  RemoteStart(Loop loop, Async<T> async) {
    this.loop = loop;
    this.async = async;
    this.future = new TaskFuture<>(loop);
    var unused =
        future.whenComplete(
            (value, failure) -> {
              if (future.isCancelled()) {
                loop.postIfOpen(this::cancel);
              }
            });
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public void run() {
    if (future.isCancelled()) {
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
      started.addDoneCallback(done -> Throwing.copy((LoopDeferred<T>) started, future));
    } catch (RuntimeException failure) {
      future.completeExceptionally(failure);
      loop.report(new LoopFailure("a task could not be started", failure, async));
    }
  }

  @Override
  public void drop(RuntimeException why) {
    if (async instanceof AsyncFrame<?> frame) {
      frame.discard();
    }
    future.completeExceptionally(why);
  }

  private void cancel() {
    if (task != null) {
      task.cancel("its CompletableFuture was cancelled");
    }
  }
}
