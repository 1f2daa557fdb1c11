package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * A failure that nobody catches.
 *
 * @param message the event that failed, in words
 * @param exception the failure
 * @param source the task, promise, callback or asynchronous generator that failed; null if there is
 *     none
 */
public record LoopFailure(String message, Throwable exception, @Nullable Object source) {}
