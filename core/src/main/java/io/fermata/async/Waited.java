package io.fermata.async;

import java.util.Set;

/**
 * What {@link Async#wait} gives: the tasks and promises that it was given, sorted.
 *
 * @param done those that have ended, in the order in which they were given
 * @param pending those that have not
 * @param <D> {@code Task<...>} or {@code Promise<...>}
 */
public record Waited<D extends Deferred<?>>(Set<D> done, Set<D> pending) {}
