package io.fermata.async;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that will be there later: what a {@link Promise} and a {@link Task} have in common.
 * Python: {@code asyncio.Future}.
 *
 * <p>It ends once, with a value, a failure or a cancellation, and can be awaited any number of
 * times: each await gives the same value, or throws the same instance. Tasks that wait for it go on
 * in the order in which they began to wait. If an await of it is cancelled, this is cancelled;
 * {@link Async#shield} prevents that.
 *
 * <p>It belongs to one loop, and is used on its thread only.
 *
 * @param <T> the result
 */
public interface Deferred<T extends @Nullable Object> extends Awaitable<T> {
  /**
   * Whether it has ended.
   *
   * @return true after a result, a failure or a cancellation
   */
  boolean done();

  /**
   * Whether it has ended by being cancelled.
   *
   * @return false while a cancellation is on its way
   */
  boolean cancelled();

  /**
   * The result.
   *
   * @return the value
   * @throws Exception what it failed with, the same instance each time
   * @throws Cancelled if it was cancelled, the same instance each time
   * @throws IllegalStateException if it is not done
   */
  T result() throws Exception;

  /**
   * The failure.
   *
   * @return what it failed with, null if it has a result
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
   * Asks it to end. A promise is cancelled at once; a task gets a {@link Cancelled} at its next
   * suspension, see {@link Task}.
   *
   * @param reason why, for people
   * @return false if it is done, in which case nothing happens
   */
  boolean cancel(@Nullable String reason);

  /**
   * Has a callback run when it is done, or in the next round if it is. Callbacks run in the order
   * in which they were added, in the context of the one who added them, never from within the call
   * that ends it.
   *
   * @param callback gets this
   */
  void addDoneCallback(Consumer<? super Deferred<T>> callback);

  /**
   * As {@link #addDoneCallback(Consumer)}, in a context of your choice.
   *
   * @param callback gets this
   * @param context in which it runs
   */
  void addDoneCallback(Consumer<? super Deferred<T>> callback, Context context);

  /**
   * Takes callbacks back.
   *
   * @param callback all that are equal to it are removed
   * @return how many there were
   */
  int removeDoneCallback(Consumer<? super Deferred<T>> callback);

  /**
   * The loop it belongs to.
   *
   * @return the loop
   */
  EventLoop loop();

  /**
   * A future that follows this, for other threads to wait on. Cancelling it cancels this.
   *
   * @return a new future
   */
  CompletableFuture<T> toCompletableFuture();
}
