/**
 * Asynchronous functions, tasks and the event loop.
 *
 * <p>An {@link io.fermata.async.Async} is an asynchronous function that was called: it is cold, and
 * runs when it is awaited, started as a {@link io.fermata.async.Task}, or given to {@link
 * io.fermata.async.EventLoop#run}. In its body, {@code co.await(x)} waits for another one, a task,
 * a {@link io.fermata.async.Promise} or a {@code CompletionStage}, while the loop runs others.
 *
 * <p>Everything here belongs to one loop and to its thread, except where it says otherwise.
 */
@NullMarked
package io.fermata.async;

import org.jspecify.annotations.NullMarked;
