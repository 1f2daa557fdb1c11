package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Workers;
import io.fermata.internal.waiting.ThreadCall;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Threads for blocking calls, with a limit of their own: {@link Async#toThread} with other threads.
 * Ideas: trio's {@code CapacityLimiter}, kotlinx's {@code limitedParallelism}.
 *
 * <pre>{@code
 * try (AsyncThreads database = AsyncThreads.of(4)) {    // as many as there are connections
 *   co.await(database.call(() -> Thread.sleep(100)));   // a slow query
 * }
 * }</pre>
 *
 * <p>Calls begin in the order of their awaits. Slow calls of one kind so leave the threads of
 * {@code toThread} to others.
 *
 * <p><b>Cancellation.</b> A cancelled await does not stop a call that has begun; its result is
 * dropped. A call that has not begun is never made.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first call binds it to its loop, and a call in
 * another loop fails. The calls run in a copy of the context of their task.
 *
 * <p><b>Cost.</b> Threads are made when calls need them, and end after ten seconds without a call.
 * The end of the loop ends them; it waits for calls that are under way as for those of {@code
 * toThread}.
 */
public final class AsyncThreads implements AutoCloseable {
  private final int most;

  /** Null before the first call. */
  private @Nullable Loop loop;

  private Workers.@Nullable Calls calls;
  private boolean closed;

  private AsyncThreads(int most) {
    if (most < 1) {
      throw new IllegalArgumentException(most + " threads: at least 1 is needed");
    }
    this.most = most;
  }

  /**
   * Threads. No loop needs to run here.
   *
   * @param most the most calls that run at the same time, at least 1
   * @return new ones; none has been made
   * @throws IllegalArgumentException if {@code most} is less than 1
   */
  public static AsyncThreads of(int most) {
    return new AsyncThreads(most);
  }

  /**
   * Runs a blocking call on one of the threads, in a copy of the current context.
   *
   * @param call the call; it runs once, when this is awaited and a thread is free
   * @param <T> the type of the result
   * @return an {@code Async} that gives its result
   * @throws IllegalStateException from the await, if the threads are closed before the call begins,
   *     or belong to another loop
   */
  @CheckReturnValue
  public <T extends @Nullable Object> Async<T> call(Callable<T> call) {
    return ThreadCall.on(this::threads, Objects.requireNonNull(call, "the call is null"));
  }

  /**
   * As {@link #call(Callable)}, for a block without a result.
   *
   * @param call the call; it runs once, when this is awaited and a thread is free
   * @return an {@code Async} that gives null
   */
  @CheckReturnValue
  public Async<@Nullable Void> call(ThreadAction call) {
    Objects.requireNonNull(call, "the call is null");
    return ThreadCall.on(
        this::threads,
        () -> {
          call.run();
          return null;
        });
  }

  private Workers.Calls threads(Loop here) {
    if (closed) {
      throw new IllegalStateException("cannot begin a call: " + this);
    }
    if (loop == null) {
      loop = here;
      calls = here.workers().open(most);
    } else if (loop != here) {
      throw new IllegalStateException(
          "cannot begin a call: " + this + " belong to another loop; make some for each loop");
    }
    return Objects.requireNonNull(calls);
  }

  /**
   * Lets no more calls begin; awaits of those that have not begun throw an {@code
   * IllegalStateException}. Calls that are under way go on, and give their results. Does nothing if
   * it was called before, or the loop has ended.
   *
   * @throws IllegalStateException if it is called on another thread than that of the running loop
   */
  @Override
  public void close() {
    Loop bound = loop;
    if (bound != null && !bound.isClosed()) {
      bound.check(this, "close()");
    }
    if (!closed) {
      closed = true;
      if (bound != null && calls != null && !bound.isClosed()) {
        calls.close();
      }
    }
  }

  @Override
  public String toString() {
    return "threads for calls (at most " + most + (closed ? ", closed)" : ")");
  }
}
