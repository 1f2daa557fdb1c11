package io.fermata.internal.watch;

import io.fermata.internal.loop.LoopTask;
import org.jspecify.annotations.Nullable;

/**
 * A step that two looks of {@link WatchThread} have seen.
 *
 * @param since the time of the first look that saw it
 * @param task the task of the step; null for a callback
 */
record HeldStep(long since, @Nullable LoopTask<?> task) {}
