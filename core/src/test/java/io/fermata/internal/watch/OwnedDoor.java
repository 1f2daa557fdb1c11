package io.fermata.internal.watch;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.waiting.OwnedWait;
import io.fermata.internal.waiting.QueuedParking;
import java.util.function.Supplier;

/** A wait of a test for what some task has. */
final class OwnedDoor extends QueuedParking<String> implements OwnedWait {
  private final Supplier<LoopTask<?>> owner;

  OwnedDoor(Supplier<LoopTask<?>> owner) {
    this.owner = owner;
  }

  @Override
  public LoopTask<?> owner() {
    return owner.get();
  }

  @Override
  protected boolean begin(Loop loop) {
    return false;
  }

  @Override
  protected void abandon() {}

  @Override
  public String toString() {
    return "door";
  }
}
