package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.loop.ContextState;
import io.fermata.internal.loop.Loop;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An await of a call on another thread. If the await is cancelled, the result is dropped. */
public final class ThreadCall<T extends @Nullable Object> extends Parking<T> {
  /** Null for the threads of the loop. */
  private final @Nullable Executor executor;

  private final Callable<T> call;
  private final boolean inContext;

  public ThreadCall(@Nullable Executor executor, Callable<T> call, boolean inContext) {
    this.executor = executor;
    this.call = call;
    this.inContext = inContext;
  }

  public static <T extends @Nullable Object> Async<T> withContext(Callable<T> call) {
    return new ThreadCall<>(null, call, true);
  }

  @Override
  protected boolean begin(Loop loop) {
    ContextState context = inContext ? ContextState.copy() : null;
    Executor threads = executor == null ? loop.workers().forCalls() : executor;
    threads.execute(() -> execute(loop, context));
    return false;
  }

  /** Runs on the other thread. */
  private void execute(Loop loop, @Nullable ContextState context) {
    try {
      T result = context == null ? call.call() : context.call(call);
      loop.postIfOpen(() -> ifWaiting(() -> give(result)));
    } catch (Throwable failure) {
      loop.postIfOpen(() -> ifWaiting(() -> fail(failure)));
    }
  }

  private void ifWaiting(Runnable handOver) {
    if (isWaiting()) {
      handOver.run();
    }
  }

  @Override
  protected void abandon() {}

  @Override
  public String toString() {
    return "call on another thread";
  }
}
