package io.fermata.async;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that becomes available later: the common type of {@link Promise} and {@link Task}.
 * Python: {@code asyncio.Future}.
 *
 * <p>A deferred completes once, with a value, a failure or a cancellation. It can be awaited any
 * number of times: each await gives the same value, or throws the same instance. Waiting tasks
 * resume in the order in which they began to wait. Cancelling an await cancels the deferred; {@link
 * Async#shield} prevents that.
 *
 * <p>It belongs to one loop. Use it on that loop's thread only.
 *
 * @param <T> the type of the result
 */
public interface Deferred<T extends @Nullable Object> extends Awaitable<T> {
  /**
   * Whether it has completed.
   *
   * @return true after a result, a failure or a cancellation
   */
  boolean done();

  /**
   * Whether it has completed by a cancellation.
   *
   * @return true after that; false while the cancellation is only requested
   */
  boolean cancelled();

  /**
   * The result.
   *
   * @return the value
   * @throws Exception the failure, the same instance each time
   * @throws Cancelled if it was cancelled, the same instance each time
   * @throws IllegalStateException if it is not done
   */
  T result() throws Exception;

  /**
   * The failure.
   *
   * @return the failure; null if it has a value
   * @throws Cancelled if it was cancelled
   * @throws IllegalStateException if it is not done
   */
  @Nullable Throwable exception();

  /**
   * As {@link #cancel(String)}, without a reason.
   *
   * @return false if it is done
   */
  default boolean cancel() {
    return cancel(null);
  }

  /**
   * Requests its cancellation. A promise is cancelled at once; a task gets a {@link Cancelled} at
   * its next suspension, see {@link Task}.
   *
   * @param reason the reason, for people; null for none
   * @return false if it is done; nothing happens then
   */
  boolean cancel(@Nullable String reason);

  /**
   * Adds a callback that runs when this is done; in the next round if it is done already. Callbacks
   * run in the order of their addition, each in the context of its addition, and never inside the
   * call that completes this.
   *
   * @param callback called with this object
   */
  void addDoneCallback(Consumer<? super Deferred<T>> callback);

  /**
   * As {@link #addDoneCallback(Consumer)}, in a given context.
   *
   * @param callback called with this object
   * @param context the context of the callback
   */
  void addDoneCallback(Consumer<? super Deferred<T>> callback, Context context);

  /**
   * Removes callbacks.
   *
   * @param callback the callback; all equal ones are removed
   * @return the number of removed callbacks
   */
  int removeDoneCallback(Consumer<? super Deferred<T>> callback);

  /**
   * The loop it belongs to.
   *
   * @return the loop
   */
  EventLoop loop();

  /**
   * A future with the same outcome, for other threads. Cancelling the future cancels this.
   *
   * @return a new future
   */
  CompletableFuture<T> toCompletableFuture();
}
