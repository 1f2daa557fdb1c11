package io.fermata.internal.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future of a loop's task or promise, for other threads. It refuses to block the loop's own
 * thread, which would wait for itself.
 */
final class TaskFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final Loop loop;

  TaskFuture(Loop loop) {
    this.loop = loop;
    loop.noteOutside();
  }

  private void checkMayBlock(String call) {
    if (!isDone() && Loop.running() == loop) {
      throw new IllegalStateException(
          call
              + " would wait for ever: what the loop runs has called it, and the loop has to complete"
              + " this future; await it instead: co.await(future)");
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    checkMayBlock("get()");
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (timeout > 0) {
      checkMayBlock("get()");
    }
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    checkMayBlock("join()");
    return super.join();
  }
}
