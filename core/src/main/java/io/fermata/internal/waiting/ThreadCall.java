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
import java.util.function.Function;
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

  /** Null if the library's own threads make it. */
  private final @Nullable Executor executor;

  /** Chooses these, in the loop in which it is awaited. */
  private final Function<Loop, Workers.Calls> threads;

  private final Callable<T> call;
  private final boolean inContext;
  private final AtomicInteger progress = new AtomicInteger(WAITS);

  /** Its place among the calls of the loop; null if an executor makes it. */
  private Workers.@Nullable Call queued;

  private Workers.@Nullable Calls calls;

  /** Where the task waits; null before it does. */
  private @Nullable Host host;

  private ThreadCall(
      @Nullable Executor executor,
      Function<Loop, Workers.Calls> threads,
      Callable<T> call,
      boolean inContext) {
    this.executor = executor;
    this.threads = threads;
    this.call = call;
    this.inContext = inContext;
  }

  /** A call that an executor makes, without the context. */
  public ThreadCall(@Nullable Executor executor, Callable<T> call, boolean inContext) {
    this(executor, ThreadCall::ofLoop, call, inContext);
  }

  public static <T extends @Nullable Object> Async<T> withContext(Callable<T> call) {
    return new ThreadCall<>(null, call, true);
  }

  /** A call on other threads than those of the loop. */
  public static <T extends @Nullable Object> Async<T> on(
      Function<Loop, Workers.Calls> threads, Callable<T> call) {
    return new ThreadCall<>(null, threads, call, true);
  }

  private static Workers.Calls ofLoop(Loop loop) {
    return loop.workers().calls();
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
        Workers.Calls chosen = threads.apply(loop);
        calls = chosen;
        queued = chosen.call(job, this::refuse);
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

  /** It is never made. */
  private void refuse() {
    if (progress.compareAndSet(WAITS, DROPPED) && isWaiting()) {
      Objects.requireNonNull(host).callIsLeft(this);
      fail(new IllegalStateException("the call did not begin: its threads were closed before"));
    }
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
      Objects.requireNonNull(calls).drop(queued);
    }
  }

  @Override
  public String toString() {
    return "call on another thread";
  }
}
