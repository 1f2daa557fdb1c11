package io.fermata.internal.loop;

import java.util.function.Consumer;

/** A wait for others to end: what dumps and the search for deadlocks go by. */
public interface DependentWait {
  /** Shows those that it waits for. */
  void forEachAwaited(Consumer<? super LoopDeferred<?>> action);

  /** Whether it ends by itself at some time. */
  default boolean hasLimit() {
    return false;
  }
}
