package io.fermata.internal.loop;

import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.internal.kernel.Parked;
import org.jspecify.annotations.Nullable;

/**
 * A step of a generator as a case of a select: it waits until a step would not, and the task takes
 * the step when it is chosen. Until then the generator takes no other step.
 */
final class SelectedStep implements Selectable {
  private final GeneratorStep<?> step;
  private final SelectableSource source;

  /** What the stand-in waits for; null before. */
  private @Nullable Selectable signal;

  private boolean isReserved;

  SelectedStep(GeneratorStep<?> step, SelectableSource source) {
    this.step = step;
    this.source = source;
  }

  @Override
  public void enter(LoopTask<?> task) {
    step.claim();
    step.generator.reserve(task.loop, step);
    isReserved = true;
  }

  @Override
  public boolean isReady(LoopTask<?> task) {
    return step.generator.frame.state() == State.CLOSED || source.isReady(task);
  }

  @Override
  public @Nullable Object park(Parked task) throws Throwable {
    LoopTask<?> waiting = ((Waiter) task).task();
    if (isReady(waiting)) {
      return null;
    }
    Selectable next = source.untilReady(waiting);
    signal = next;
    return next.park(task);
  }

  @Override
  public void retract(Listener standIn) {
    if (signal != null) {
      signal.retract(standIn);
      signal = null;
    }
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    return signal != null && signal.undo(task, why);
  }

  @Override
  public @Nullable Object outcome(Parked task) throws Throwable {
    Selectable woken = signal;
    if (woken != null) {
      signal = null;
      woken.outcome(task);
    }
    return park(task) == PARKED ? AGAIN : null;
  }

  @Override
  public void exit() {
    if (isReserved) {
      isReserved = false;
      step.generator.release();
    }
  }

  @Override
  public Async<?> rest() {
    return step.again();
  }

  @Override
  public String toString() {
    return step.toString();
  }
}
