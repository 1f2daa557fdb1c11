package io.fermata.async;

import java.util.Set;

/**
 * The result of {@link Async#wait}: the given tasks and promises, divided into done and pending
 * ones.
 *
 * @param done the ones that have ended, in the given order
 * @param pending the ones that have not ended, in the given order
 * @param <D> {@code Task<...>} or {@code Promise<...>}
 */
public record Waited<D extends Deferred<?>>(Set<D> done, Set<D> pending) {}
