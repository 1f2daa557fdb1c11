package io.fermata.internal.loop;

import io.fermata.async.Awaitable;
import org.jspecify.annotations.Nullable;

/** The way from an awaitable to a wait that a select can choose or leave. */
public final class Selectables {
  private Selectables() {}

  /**
   * The wait of an awaitable.
   *
   * @throws IllegalArgumentException if leaving it would lose something, or stop it half-way
   */
  public static Selectable of(Awaitable<?> awaitable) {
    Selectable wait = waitOf(awaitable);
    if (wait == null) {
      wait = waitOf(awaitable.toAsync());
    }
    if (wait == null) {
      throw new IllegalArgumentException(
          "cannot select "
              + awaitable
              + ": once begun it cannot be left without effect; start it as a task, and select the"
              + " task");
    }
    return wait;
  }

  private static @Nullable Selectable waitOf(@Nullable Object awaitable) {
    if (awaitable instanceof Selectable wait) {
      return wait;
    }
    if (awaitable instanceof GeneratorStep<?> step) {
      return step.selectable();
    }
    if (awaitable instanceof AwaitFrame<?> frame && frame.awaited() instanceof Selectable wait) {
      frame.claim();
      return wait;
    }
    return null;
  }
}
