package io.fermata.internal.waiting;

import io.fermata.internal.loop.LoopTask;
import org.jspecify.annotations.Nullable;

/** A wait for something that one task holds. Dumps and the search for deadlocks follow it. */
public interface OwnedWait {
  /** The task that holds it; null while it goes to a waiting task. */
  @Nullable LoopTask<?> owner();
}
