package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Calls something on the thread that runs the loop, which is that of its channels; never waits. A
 * body itself may run on another one, if its engine is the thread engine, and what it does to a
 * channel there would happen later.
 */
final class OnLoopThread<T extends @Nullable Object> implements Async<T>, Waitable {
  private final Callable<T> call;

  OnLoopThread(Callable<T> call) {
    this.call = call;
  }

  @Override
  public @Nullable Object park(Parked task) throws Exception {
    return call.call();
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    return false;
  }

  @Override
  public @Nullable Object outcome(Parked task) {
    throw new IllegalStateException("it never waits");
  }

  @Override
  public Async<T> toAsync() {
    return this;
  }

  @Override
  public String toString() {
    return "a call on the thread of the loop";
  }
}
