package io.fermata.internal.loop;

/**
 * The frame of a generator of the library's own, whose step waits for one thing and then takes it.
 * A select waits for that thing, and takes the step only when it is chosen.
 */
public interface SelectableSource {
  /** Whether a step would not wait: it yields, ends or throws. Begins what a first step begins. */
  boolean isReady(LoopTask<?> task);

  /** A new wait until a step may be ready, for a task. Takes nothing. */
  Selectable untilReady(LoopTask<?> task);
}
