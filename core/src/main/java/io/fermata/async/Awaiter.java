package io.fermata.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The object that an asynchronous body waits through, by convention named {@code co}.
 *
 * <p>It belongs to one run of one body. The body may pass it to helper methods, and to lambdas that
 * it calls. In a body nested in this one, of the same task, it does what the nested body's own
 * does. Used after its body has ended, or by another task or thread, every method throws an {@link
 * IllegalStateException}.
 *
 * <p><b>Suspension.</b> An await that need not wait goes on at once, and the task keeps its turn.
 * Else the task is parked: others run until what it waits for is there.
 *
 * <p><b>Cancellation.</b> A parked await throws a {@link Cancelled} when its task is asked to end,
 * or a {@link Timeout} or {@link TaskGroup} around it is cancelled. See the item that is awaited
 * for what is lost then.
 *
 * <p><b>Failures</b> are thrown as they are: the instance that the awaited body threw, checked
 * exceptions too, with the lines of those who awaited it in its stack trace.
 */
public interface Awaiter {
  /**
   * Waits for an {@link Async}, which runs now, as a part of this task; or for a {@link Task}, a
   * {@link Promise} or a type of yours.
   *
   * @param awaitable what to wait for; an {@code Async} only once
   * @param <T> what it gives
   * @return its result
   * @throws Exception what it failed with
   * @throws IllegalStateException if it is an {@code Async} that was awaited or started before, the
   *     task itself, or belongs to another loop
   */
  <T extends @Nullable Object> T await(Awaitable<T> awaitable) throws Exception;

  /**
   * Waits for a stage, which may complete on any thread. If the await is cancelled, its future is
   * {@linkplain CompletableFuture#cancel cancelled}.
   *
   * @param stage what to wait for
   * @param <T> what it gives
   * @return its result
   * @throws Exception what it failed with, not wrapped in a {@code CompletionException}; a {@link
   *     Cancelled} if it was cancelled
   */
  <T extends @Nullable Object> T await(CompletionStage<T> stage) throws Exception;

  /**
   * Waits for a future. One that is no {@link CompletionStage} takes a thread that waits for it. If
   * the await is cancelled, so is the future, without an interrupt.
   *
   * @param future what to wait for
   * @param <T> what it gives
   * @return its result
   * @throws Exception what it failed with, not wrapped in an {@code ExecutionException}; a {@link
   *     Cancelled} if it was cancelled
   */
  <T extends @Nullable Object> T await(Future<T> future) throws Exception;

  /**
   * As {@link #await(CompletionStage)}.
   *
   * @param future what to wait for
   * @param <T> what it gives
   * @return its result
   * @throws Exception what it failed with, not wrapped; a {@link Cancelled} if it was cancelled
   */
  <T extends @Nullable Object> T await(CompletableFuture<T> future) throws Exception;
}
