package io.fermata.net;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.Parking;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * An await of a call on the loop's thread, which is that of its channels. It never waits.
 *
 * <p>A body on the thread engine runs on a thread of its own. What it did to a channel there would
 * happen later.
 */
final class LoopThreadCall<T extends @Nullable Object> extends Parking<T> {
  private final Callable<T> call;

  LoopThreadCall(Callable<T> call) {
    this.call = call;
  }

  @Override
  protected boolean begin(Loop loop) throws Exception {
    give(call.call());
    return true;
  }

  @Override
  protected void abandon() {
    throw new IllegalStateException("it never waits");
  }

  @Override
  public String toString() {
    return "a call on the loop's thread";
  }
}
