package io.fermata.internal.waiting;

import io.fermata.async.Cancelled;
import io.fermata.async.Deferred;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.LoopTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A wait for several tasks and promises. It passes as soon as one of them has ended, and can be
 * awaited again for the others. If the wait is cancelled, it cancels the others and goes on
 * waiting. Its owner throws the {@link #interruption} when all have ended.
 */
public final class ChildrenWait implements Waitable, DependentWait, Consumer<Deferred<?>> {
  private final List<LoopDeferred<?>> children = new ArrayList<>();
  private final List<LoopDeferred<?>> ended = new ArrayList<>();
  private int left;

  /** Whether its owner limits its time. */
  public boolean hasLimit;

  private @Nullable Parked waiting;
  private @Nullable Cancelled interruption;

  /** Whether its owner was let go, as a child cannot end before the owner does. */
  private boolean isLeft;

  /** Adds a task or promise to wait for. */
  public void add(Deferred<?> child) {
    children.add((LoopDeferred<?>) child);
    left++;
    child.addDoneCallback(this);
  }

  /** A task or promise has ended. */
  @Override
  public void accept(Deferred<?> child) {
    LoopDeferred<?> done = (LoopDeferred<?>) child;
    done.markRetrieved();
    left--;
    ended.add(done);
    LoopTask<?> task = (LoopTask<?>) waiting;
    waiting = null;
    if (task != null) {
      task.follow();
    }
  }

  /** Ends the wait, if a task waits. */
  public void wake() {
    Parked task = waiting;
    waiting = null;
    if (task != null) {
      task.wake();
    }
  }

  /** The tasks and promises that have ended since the last call, in order of their end. */
  public List<LoopDeferred<?>> takeEnded() {
    List<LoopDeferred<?>> taken = List.copyOf(ended);
    ended.clear();
    return taken;
  }

  /** Whether a task or promise has not ended. */
  public boolean hasLeft() {
    return left > 0;
  }

  /** The cancellation of the wait; null if it was not cancelled. */
  public @Nullable Cancelled interruption() {
    return interruption;
  }

  /**
   * Cancels the tasks and promises that have not ended.
   *
   * @return whether there were any
   */
  public boolean cancelAll(@Nullable String reason) {
    boolean any = false;
    for (LoopDeferred<?> child : children) {
      any |= child.cancel(reason);
    }
    return any;
  }

  @Override
  public @Nullable Object park(Parked task) {
    if (!ended.isEmpty()) {
      return null;
    }
    waiting = task;
    return PARKED;
  }

  @Override
  public boolean undo(Parked task, Throwable why) {
    Cancelled cancelled = (Cancelled) why;
    if (waiting != null && Cancellations.areSame(cancelled, interruption)) {
      return true; // a scope that stays cancelled: they know already
    }
    if (waiting == null) {
      return false;
    }
    boolean any = cancelAll(cancelled.reason());
    if (waitsInCircle()) {
      waiting = null;
      isLeft = true;
      ((LoopTask<?>) task).leave();
      return false;
    }
    if (!any) {
      return false; // all have ended, and their callbacks are on their way
    }
    if (interruption == null) {
      interruption = cancelled;
    }
    return true;
  }

  /** Whether a child passes this very cancellation on, so that it awaits the owner in the end. */
  private boolean waitsInCircle() {
    for (LoopDeferred<?> child : children) {
      if (child instanceof LoopTask<?> task && task.isPassing()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Object outcome(Parked task) {
    if (isLeft) {
      isLeft = false;
      throw Objects.requireNonNull(((LoopTask<?>) task).pending());
    }
    return null;
  }

  @Override
  public void forEachAwaited(Consumer<? super LoopDeferred<?>> action) {
    for (LoopDeferred<?> child : children) {
      if (!child.done()) {
        action.accept(child);
      }
    }
  }

  @Override
  public boolean hasLimit() {
    return hasLimit;
  }

  @Override
  public String toString() {
    return left + " of " + children.size();
  }
}
