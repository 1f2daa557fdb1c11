package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.LoopFailure;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.ChildrenWait;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The frame behind {@code race}: it runs several awaitables at the same time, and ends as the first
 * one does.
 *
 * <p><b>Guarantee.</b> It ends only when all have ended. A failure of one that has lost is
 * suppressed in the failure that comes out; if a value comes out, it is reported.
 */
public final class FirstFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private final List<Awaitable<? extends T>> awaitables = new ArrayList<>();

  /** In the order of the awaitables; one for a repeated awaitable. */
  private final List<LoopDeferred<?>> children = new ArrayList<>();

  private final List<Throwable> lost = new ArrayList<>(0);
  private final ChildrenWait wait = new ChildrenWait();
  private @Nullable LoopDeferred<?> first;

  /** Why one could not be started. */
  private @Nullable RuntimeException refusal;

  public FirstFrame(Iterable<? extends Awaitable<? extends T>> awaitables) {
    Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Awaitable<? extends T> each : Objects.requireNonNull(awaitables, "nothing to race")) {
      if (known.add(Objects.requireNonNull(each, "an awaitable of the race is null"))) {
        this.awaitables.add(each);
      }
    }
    if (this.awaitables.isEmpty()) {
      throw new IllegalArgumentException("nothing to race: none would ever be the first");
    }
  }

  @Override
  protected Collection<?> held() {
    return awaitables;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      start();
    } else if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
      throw raised;
    }
    Cancelled interruption = wait.interruption();
    List<LoopDeferred<?>> together = wait.endedTogether();
    List<LoopDeferred<?>> ended = wait.takeEnded();
    if (first == null && !ended.isEmpty() && refusal == null) {
      first = Collections.min(together, (a, b) -> children.indexOf(a) - children.indexOf(b));
      wait.cancelAll("another one of the race has ended first");
    }
    for (LoopDeferred<?> each : ended) {
      if (each != first) {
        lost.addAll(Cancellations.failuresIn(each.failure()));
      }
    }
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    Throwable failure = refusal != null ? refusal : Objects.requireNonNull(first).failure();
    if (interruption != null) {
      if (failure != null) {
        Cancellations.replace(failure, interruption);
      }
      lost.forEach(each -> Throwing.suppress(interruption, each));
      throw interruption;
    }
    if (failure != null) {
      lost.forEach(each -> Throwing.note(failure, each));
      throw failure;
    }
    LoopDeferred<?> winner = Objects.requireNonNull(first);
    for (Throwable each : lost) {
      winner.loop.report(new LoopFailure("one that has lost a race failed", each, this));
    }
    return done(winner.result());
  }

  private void start() {
    List<LoopDeferred<?>> own = new ArrayList<>();
    try {
      for (Awaitable<? extends T> awaitable : awaitables) {
        LoopDeferred<?> child = (LoopDeferred<?>) TaskStarter.ensure(awaitable);
        children.add(child);
        if (awaitable != child) {
          own.add(child);
        }
      }
    } catch (RuntimeException refused) {
      refusal = refused;
      // Tasks and promises of the caller go on.
      for (LoopDeferred<?> each : own) {
        each.cancel("another awaitable of the race cannot be started");
      }
      own.forEach(wait::add);
      return;
    }
    children.forEach(wait::add);
  }

  @Override
  protected String description() {
    return "race of " + awaitables.size();
  }
}
