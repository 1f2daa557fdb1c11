package io.fermata.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Deferred} whose result is set by hand: the bridge from callbacks to await. Python:
 * {@code asyncio.Future}.
 *
 * <pre>{@code
 * Promise<String> reply = Promise.open();
 * client.ask(question, text -> reply.loop().callSoonThreadSafe(() -> reply.setResult(text)));
 * String text = co.await(reply);
 * }</pre>
 *
 * @param <T> the type of the result
 */
public interface Promise<T extends @Nullable Object> extends Deferred<T> {
  /**
   * A promise of the current loop.
   *
   * @param <T> the type of the result
   * @return a new promise, pending
   * @throws IllegalStateException if no loop runs here
   */
  static <T extends @Nullable Object> Promise<T> open() {
    return Tasks.promise();
  }

  /**
   * A promise of a given loop, which need not be running.
   *
   * @param loop the loop
   * @param <T> the type of the result
   * @return a new promise, pending
   */
  static <T extends @Nullable Object> Promise<T> open(EventLoop loop) {
    return Tasks.promise(loop);
  }

  /**
   * A promise of the current loop that follows a stage. Cancelling the promise cancels the stage's
   * future.
   *
   * @param stage may complete on any thread
   * @param <T> the type of the result
   * @return a new promise; done if the stage is a future that is
   * @throws IllegalStateException if no loop runs here
   */
  static <T extends @Nullable Object> Promise<T> from(CompletionStage<T> stage) {
    return Tasks.promise(stage);
  }

  /**
   * A promise of the current loop that follows a {@code CompletableFuture}, which is both a stage
   * and a future. Cancelling the promise cancels the future.
   *
   * @param future may complete on any thread
   * @param <T> the type of the result
   * @return a new promise; done if the future is
   * @throws IllegalStateException if no loop runs here
   */
  static <T extends @Nullable Object> Promise<T> from(CompletableFuture<T> future) {
    return Tasks.promise((CompletionStage<T>) future);
  }

  /**
   * A promise of the current loop that follows a future. If the future is not a {@link
   * CompletionStage}, a worker thread waits for it. Cancelling the promise cancels the future,
   * without an interrupt.
   *
   * @param future may complete on any thread
   * @param <T> the type of the result
   * @return a new promise; done if the future is
   * @throws IllegalStateException if no loop runs here
   */
  static <T extends @Nullable Object> Promise<T> from(Future<T> future) {
    return Tasks.promise(future);
  }

  /**
   * Completes the promise with a value.
   *
   * @param value the result
   * @throws IllegalStateException if it is done
   */
  void setResult(T value);

  /**
   * Completes the promise with a failure.
   *
   * @param failure the failure; every await throws it. A {@link Cancelled} cancels the promise
   * @throws IllegalStateException if it is done
   */
  void setException(Throwable failure);
}
