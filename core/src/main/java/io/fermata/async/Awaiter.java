package io.fermata.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The object that an asynchronous body waits through, by convention named {@code co}.
 *
 * <p>It belongs to one run of one body. The body may pass it to helper methods and to lambdas that
 * it calls. In a nested body of the same task it acts like the {@code co} of that body. After its
 * body has ended, and in another task or thread, every method throws an {@link
 * IllegalStateException}.
 *
 * <p><b>Suspension.</b> If the result is there, an await returns at once, and the task keeps its
 * turn. Otherwise the task is parked, and other tasks run until the awaited operation completes.
 *
 * <p><b>Cancellation.</b> A parked await throws a {@link Cancelled} when its task is cancelled, or
 * a {@link Timeout} or {@link TaskGroup} around it is cancelled. The documentation of each
 * operation says what a cancellation loses.
 *
 * <p><b>Failures</b> come out unchanged: an await throws the instance that the awaited body threw,
 * checked exceptions included. Its stack trace contains the lines of its awaiters.
 */
public interface Awaiter {
  /**
   * Waits for an {@link Async}, which runs now, as a part of this task; or for a {@link Task}, a
   * {@link Promise} or an object of your own type.
   *
   * @param awaitable the operation; an {@code Async} can be awaited only once
   * @param <T> the type of the result
   * @return the result
   * @throws Exception its failure
   * @throws IllegalStateException if it is an {@code Async} that was awaited or started before, the
   *     task itself, or belongs to another loop
   */
  <T extends @Nullable Object> T await(Awaitable<T> awaitable) throws Exception;

  /**
   * Waits for a stage, which may complete on any thread. Cancelling the await {@linkplain
   * CompletableFuture#cancel cancels} its future.
   *
   * @param stage the stage
   * @param <T> the type of the result
   * @return the result
   * @throws Exception its failure, not wrapped in a {@code CompletionException}; a {@link
   *     Cancelled} if it was cancelled
   */
  <T extends @Nullable Object> T await(CompletionStage<T> stage) throws Exception;

  /**
   * Waits for a future. If it is not a {@link CompletionStage}, a worker thread waits for it.
   * Cancelling the await cancels the future, without an interrupt.
   *
   * @param future the future
   * @param <T> the type of the result
   * @return the result
   * @throws Exception its failure, not wrapped in an {@code ExecutionException}; a {@link
   *     Cancelled} if it was cancelled
   */
  <T extends @Nullable Object> T await(Future<T> future) throws Exception;

  /**
   * As {@link #await(CompletionStage)}.
   *
   * @param future the future
   * @param <T> the type of the result
   * @return the result
   * @throws Exception its failure, not wrapped; a {@link Cancelled} if it was cancelled
   */
  <T extends @Nullable Object> T await(CompletableFuture<T> future) throws Exception;
}
