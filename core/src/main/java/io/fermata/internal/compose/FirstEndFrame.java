package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.LoopFailure;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.ChildrenWait;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame behind {@code Async.race}: it runs several awaitables at the same time, and ends as the
 * first of them does.
 *
 * <p><b>Guarantee.</b> All have ended when the frame ends. What a loser fails with is suppressed in
 * the failure that comes out; if none does, the exception handler hears of it.
 *
 * <p><b>Structure.</b> As that of {@link GatherFrame}.
 */
public final class FirstEndFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private final List<Awaitable<? extends T>> awaitables;
  private final OwnChildren<T> children = new OwnChildren<>("the race");
  private final ChildrenWait wait = children.wait;

  /** Null until one has ended. */
  private @Nullable LoopDeferred<? extends T> winner;

  private final List<Throwable> failures = new ArrayList<>(0);

  public FirstEndFrame(Iterable<? extends Awaitable<? extends T>> awaitables) {
    this.awaitables = OwnChildren.copy(awaitables, "the race");
    if (this.awaitables.isEmpty()) {
      throw new IllegalArgumentException("a race of none has no end: it needs an awaitable");
    }
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      start();
    } else if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
      throw raised;
    }
    lookAtEnded();
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    Cancelled interruption = wait.interruption();
    LoopDeferred<? extends T> first = winner;
    Throwable failure = first == null ? null : first.failure();
    if (interruption != null) {
      failures.addAll(0, Cancellations.failuresIn(failure));
      failures.forEach(each -> Throwing.note(interruption, each));
      throw interruption;
    }
    if (failure != null) {
      failures.forEach(each -> Throwing.note(failure, each));
      throw failure;
    }
    report();
    return done(first == null ? null : first.result());
  }

  private void start() {
    try {
      awaitables.forEach(children::start);
    } catch (RuntimeException | Error refused) {
      children.abandon("another awaitable of the race cannot be started");
      throw refused;
    }
  }

  private void lookAtEnded() {
    if (winner == null && wait.interruption() == null) {
      List<LoopDeferred<?>> firsts = wait.endedTogether();
      for (LoopDeferred<? extends T> child : children.all) { // in the order of the list
        if (winner == null && firsts.contains(child)) {
          winner = child;
          wait.cancelAll("another of the race has ended first");
        }
      }
    }
    for (LoopDeferred<?> ended : wait.takeEnded()) {
      if (ended != winner) {
        failures.addAll(Cancellations.failuresIn(ended.failure()));
      }
    }
  }

  /** Nobody gets what the losers have failed with. */
  private void report() {
    LoopTask<?> task = failures.isEmpty() ? null : LoopTask.entering("a race");
    for (Throwable failure : failures) {
      task.loop.report(new LoopFailure("one that was late in a race has failed", failure, task));
    }
  }

  @Override
  protected String description() {
    return "race of " + awaitables.size();
  }
}
