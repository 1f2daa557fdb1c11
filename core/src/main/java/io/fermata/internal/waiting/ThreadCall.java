package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.async.ThreadContext;
import io.fermata.internal.context.ThreadContexts;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.loop.ContextState;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Workers;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An await of a call on another thread. If the await is cancelled, a call that has not begun is
 * never made, and the result of one that has is dropped.
 */
public final class ThreadCall<T extends @Nullable Object> extends Parking<T> {
  // WAITS -> BEGUN    a thread makes the call
  // WAITS -> DROPPED  the await was cancelled
  private static final int WAITS = 0;
  private static final int BEGUN = 1;
  private static final int DROPPED = 2;

  /** Null for the threads of the loop. */
  private final @Nullable Executor executor;

  private final Callable<T> call;
  private final boolean inContext;
  private final AtomicInteger progress = new AtomicInteger(WAITS);

  /** Its place among the calls of the loop; null if an executor makes it. */
  private Workers.@Nullable Call queued;

  private @Nullable Workers workers;

  /** Where the task waits; null before it does. */
  private @Nullable Host host;

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
    Runnable job =
        () -> {
          if (progress.compareAndSet(WAITS, BEGUN)) {
            execute(loop, carried);
          }
        };
    host = loop.kernel.host();
    host.callBegins(this);
    try {
      if (executor == null) {
        workers = loop.workers();
        queued = workers.call(job);
      } else {
        executor.execute(job);
      }
    } catch (Throwable refused) {
      host.callIsLeft(this);
      throw refused;
    }
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
    Runnable handOver;
    try {
      T result = carried.call();
      handOver = () -> give(result);
    } catch (Throwable failure) {
      handOver = () -> fail(failure);
    }
    Runnable told = handOver;
    loop.kernel.host().callEnds(this, () -> loop.postIfOpen(() -> ifWaiting(told)));
  }

  private void ifWaiting(Runnable handOver) {
    if (isWaiting()) {
      handOver.run();
    }
  }

  @Override
  protected void abandon() {
    Objects.requireNonNull(host).callIsLeft(this);
    // An executor of the user's may have no way to take it out: there it does nothing.
    if (progress.compareAndSet(WAITS, DROPPED) && queued != null) {
      Objects.requireNonNull(workers).drop(queued);
    }
  }

  @Override
  public String toString() {
    return "call on another thread";
  }
}
