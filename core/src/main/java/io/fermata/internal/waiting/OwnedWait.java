package io.fermata.internal.waiting;

import io.fermata.internal.loop.LoopTask;
import org.jspecify.annotations.Nullable;

/** A wait for something that one task has: what dumps and the search for deadlocks go by. */
public interface OwnedWait {
  /** The task that has it; null if nobody has, and it is on its way to a waiting task. */
  @Nullable LoopTask<?> owner();
}
