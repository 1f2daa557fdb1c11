package io.fermata.internal.flow;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.waiting.Parking;
import org.jspecify.annotations.Nullable;

/** A wait of a step until its generator may have something to take. It takes nothing itself. */
final class Signal extends Parking<@Nullable Void> implements Selectable {
  private final SignalledFrame<?> frame;

  Signal(SignalledFrame<?> frame) {
    this.frame = frame;
  }

  @Override
  protected boolean begin(Loop loop) {
    frame.wait(this);
    return false;
  }

  @Override
  protected void abandon() {
    frame.forget();
  }

  @Override
  public String toString() {
    return "the next value of " + frame;
  }
}
