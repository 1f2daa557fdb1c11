package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * A failure that nobody is there to catch.
 *
 * @param message what was going on
 * @param exception the failure
 * @param source the task, promise, callback or asynchronous generator that it comes from, null if
 *     there is none
 */
public record LoopFailure(String message, Throwable exception, @Nullable Object source) {}
