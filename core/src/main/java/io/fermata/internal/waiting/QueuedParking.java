package io.fermata.internal.waiting;

import org.jspecify.annotations.Nullable;

/**
 * An await that stands in a {@link WaitLine}: it is its own entry there, so that to wait allocates
 * nothing more, and to leave takes the same time from anywhere in the line.
 */
public abstract class QueuedParking<T extends @Nullable Object> extends Parking<T> {
  // Neighbours, kept by the line
  @Nullable QueuedParking<?> before;
  @Nullable QueuedParking<?> after;

  public QueuedParking() {}

  public QueuedParking(@Nullable Object kept) {
    super(kept);
  }
}
