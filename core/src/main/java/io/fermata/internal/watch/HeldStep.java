package io.fermata.internal.watch;

import io.fermata.internal.loop.LoopTask;
import org.jspecify.annotations.Nullable;

/**
 * A step that two looks of {@link WatchThread} have seen.
 *
 * @param since when it was seen first
 * @param task that it is a step of; null for a callback
 */
record HeldStep(long since, @Nullable LoopTask<?> task) {}
