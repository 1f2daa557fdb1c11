package io.fermata.internal.loop;

import java.util.function.Consumer;

/** A wait for tasks and promises. Dumps and the search for deadlocks read it. */
public interface DependentWait {
  /** Shows the tasks and promises that have not ended. */
  void forEachAwaited(Consumer<? super LoopDeferred<?>> action);

  /** Whether a limit in time ends it. */
  default boolean hasLimit() {
    return false;
  }
}
