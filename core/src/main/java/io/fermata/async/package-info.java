/**
 * Asynchronous functions, tasks and the event loop.
 *
 * <p>An {@link io.fermata.async.Async} is a call of an asynchronous function. It is cold: it runs
 * when it is awaited, started as a {@link io.fermata.async.Task}, or given to {@link
 * io.fermata.async.EventLoop#run}. In its body, {@code co.await(x)} waits for another one, a task,
 * a {@link io.fermata.async.Promise} or a {@code CompletionStage}, while the loop runs other tasks.
 *
 * <p>Objects of this package belong to one loop and its thread, unless their documentation says
 * otherwise.
 */
@NullMarked
package io.fermata.async;

import org.jspecify.annotations.NullMarked;
