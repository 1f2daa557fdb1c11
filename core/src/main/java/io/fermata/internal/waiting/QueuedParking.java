package io.fermata.internal.waiting;

import org.jspecify.annotations.Nullable;

/**
 * An await that is its own entry in a {@link WaitLine}: waiting allocates nothing more, and leaving
 * takes constant time.
 */
public abstract class QueuedParking<T extends @Nullable Object> extends Parking<T> {
  // Neighbours, written by the line
  @Nullable QueuedParking<?> before;
  @Nullable QueuedParking<?> after;

  public QueuedParking() {}

  public QueuedParking(@Nullable Object kept) {
    super(kept);
  }
}
