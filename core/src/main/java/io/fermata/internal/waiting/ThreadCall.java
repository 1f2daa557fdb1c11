package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.async.ThreadContext;
import io.fermata.internal.context.ThreadContexts;
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
    Callable<T> carried = inContext ? inContext(loop) : withThreadValues(loop);
    Executor threads = executor == null ? loop.workers().forCalls() : executor;
    threads.execute(() -> execute(loop, carried));
    return false;
  }

  /** The call in a copy of the task's context. */
  private Callable<T> inContext(Loop loop) {
    ContextState context = ContextState.copy();
    return () -> context.call(call, loop.postedContextFailures());
  }

  /** The call in the context of the thread, with nothing but the task's thread-bound values. */
  private Callable<T> withThreadValues(Loop loop) {
    if (!ThreadContexts.PRESENT) {
      return call;
    }
    ThreadContext.Failures failures = loop.postedContextFailures();
    Object values = ThreadContexts.capture(failures);
    return () -> {
      Object before = ThreadContexts.install(values, failures);
      try {
        return call.call();
      } finally {
        ThreadContexts.restore(before, failures);
      }
    };
  }

  /** Runs on the other thread. */
  private void execute(Loop loop, Callable<T> carried) {
    try {
      T result = carried.call();
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
