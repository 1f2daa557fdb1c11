package io.fermata.internal.waiting;

import io.fermata.async.Cancelled;
import io.fermata.async.Deferred;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.loop.CancelWalk;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.Listener;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.PassingWait;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A wait for several tasks and promises. It passes as soon as one of them has ended, and can be
 * awaited again for the others. If the wait is cancelled, it cancels the others and goes on
 * waiting. Its owner throws the {@link #interruption} when all have ended.
 *
 * <p>An owner that was woken, and is cancelled before its step, calls {@link #interrupt}, which
 * does the same.
 */
public final class ChildrenWait implements PassingWait, DependentWait {
  private final List<Child> children = new ArrayList<>();
  private final List<LoopDeferred<?>> ended = new ArrayList<>();
  private int left;

  /** The first so many of {@link #ended} have ended in the same round. */
  private int together;

  /** That round. */
  private int beat;

  /** Whether its owner limits its time. */
  public boolean hasLimit;

  private @Nullable Parked waiting;
  private @Nullable Cancelled interruption;

  /** What is being passed on. */
  private @Nullable Cancelled passing;

  /** Whether its owner passes a cancellation on in a step. */
  private boolean isInStep;

  /** Whether its owner was let go, as a child cannot end before the owner does. */
  private boolean isLeft;

  /** Hears of the end of one of them. */
  private final class Child extends Listener {
    final LoopDeferred<?> deferred;

    Child(LoopDeferred<?> deferred) {
      this.deferred = deferred;
    }

    @Override
    public void run() {
      deferred.markRetrieved();
      left--;
      int now = deferred.loop.kernel.beat();
      if (ended.isEmpty()) {
        together = 0;
        beat = now;
      }
      together += beat == now ? 1 : 0;
      ended.add(deferred);
      LoopTask<?> task = (LoopTask<?>) waiting;
      waiting = null;
      if (task != null) {
        task.follow();
      }
    }
  }

  /** Adds a task or promise to wait for. */
  public void add(Deferred<?> added) {
    Child child = new Child((LoopDeferred<?>) added);
    children.add(child);
    left++;
    child.deferred.listen(child);
  }

  /** Waits for none of them any more. What they fail with is nobody's concern. */
  public void leave() {
    for (Child child : children) {
      if (!child.deferred.done()) {
        child.deferred.forget(child);
        child.deferred.ignoreFailure();
      }
    }
  }

  /** Waits for none of them any more. Others are told of their failures, or these are reported. */
  public void letGo() {
    for (Child child : children) {
      if (!child.deferred.done()) {
        child.deferred.forget(child);
        left--;
      }
    }
    children.clear();
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

  /** Those of {@link #takeEnded} that have ended in the same round as the first of them. */
  public List<LoopDeferred<?>> endedTogether() {
    return List.copyOf(ended.subList(0, Math.min(together, ended.size())));
  }

  /** The number of those that have not ended. */
  public int left() {
    return left;
  }

  /** Whether a task or promise has not ended. */
  public boolean hasLeft() {
    return left > 0;
  }

  /** The cancellation of the wait; null if it was not cancelled. */
  public @Nullable Cancelled interruption() {
    return interruption;
  }

  /** Cancels the tasks and promises that have not ended. */
  public void cancelAll(@Nullable String reason) {
    for (Child child : children) {
      child.deferred.cancel(reason);
    }
  }

  /**
   * Cancels it in a step of its owner, which has to wait on until all have ended.
   *
   * @return false if the owner has to throw at once: one of them waits for it
   */
  public boolean interrupt(Cancelled why) {
    if (isLeft) {
      return false;
    }
    isInStep = true;
    CancelWalk.pass(LoopTask.entering("a wait"), this, why);
    isInStep = false;
    return !isLeft;
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
  public boolean pass(Parked task, Cancelled why, boolean isRequest, CancelWalk.Next on) {
    if (Cancellations.areSame(why, interruption) || (waiting == null && !isInStep)) {
      return false; // a scope that stays cancelled: they know already; or the wait was over
    }
    passing = why;
    for (Child child : children) {
      if (!child.deferred.done()) {
        boolean isTask = child.deferred instanceof LoopTask<?>;
        on.request(child.deferred, isTask ? why : new Cancelled(why.reason()));
      }
    }
    return true;
  }

  @Override
  public boolean passed(Parked task, CancelWalk.Told told) {
    Cancelled why = passing;
    passing = null;
    if (told == CancelWalk.Told.CIRCLE) {
      isLeft = true;
      if (waiting != null) {
        waiting = null;
        ((LoopTask<?>) task).leave();
      }
      return false;
    }
    if (told == CancelWalk.Told.NONE && !isInStep) {
      return false; // all have ended, and their listeners are about to be told
    }
    if (interruption == null) {
      interruption = why;
    }
    return true;
  }

  @Override
  public @Nullable Object outcome(Parked task) {
    if (isLeft) {
      throw Objects.requireNonNull(((LoopTask<?>) task).pending());
    }
    return null;
  }

  @Override
  public void forEachAwaited(Consumer<? super LoopDeferred<?>> action) {
    for (Child child : children) {
      if (!child.deferred.done()) {
        action.accept(child.deferred);
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
