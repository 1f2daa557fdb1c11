package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Race;
import io.fermata.async.Task;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.waiting.ChildrenWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame behind {@code staggeredRace}: it starts attempts one after the other until one
 * succeeds, and ends when all of them have ended.
 */
public final class RaceFrame<T extends @Nullable Object> extends LibraryFrame<Race<T>> {
  private final List<Async<? extends T>> attempts = new ArrayList<>();

  /** In nanoseconds; null if only a failure starts the next attempt. */
  private final @Nullable Long delay;

  private final List<Task<? extends T>> started = new ArrayList<>();
  private final List<@Nullable Throwable> failures = new ArrayList<>();
  private final ChildrenWait wait = new ChildrenWait();
  private final Timer timer =
      new Timer() {
        @Override
        public void run() {
          isNextDue = true;
          wait.wake();
        }
      };

  /**
   * Whether the next attempt may start: at first, after a failure of the last one, after the delay.
   */
  private boolean isNextDue = true;

  private int winner = -1;
  private @Nullable T result;

  public RaceFrame(Iterable<? extends Async<? extends T>> attempts, @Nullable Duration delay) {
    attempts.forEach(each -> this.attempts.add(Objects.requireNonNull(each, "an attempt is null")));
    this.delay = delay == null ? null : Durations.nanos(delay);
  }

  @Override
  protected Collection<?> held() {
    return attempts;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
      throw raised;
    }
    Cancelled interruption = wait.interruption();
    for (LoopDeferred<?> each : wait.takeEnded()) {
      noteEnd(started.indexOf(each));
      Throwable failure = each.failure();
      if (failure != null && interruption != null) {
        Cancellations.replace(failure, interruption); // nobody gets the race's list of failures
      }
    }
    if (isNextDue && winner < 0 && interruption == null && started.size() < attempts.size()) {
      startNext();
    }
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    stopTimer();
    // Attempts that were not needed must not be reported as never awaited.
    AwaitTracking.spare(attempts.subList(started.size(), attempts.size()));
    if (interruption != null) {
      throw interruption;
    }
    return done(new Race<>(result, winner, Collections.unmodifiableList(failures)));
  }

  /** Notes the outcome of an attempt that has ended. */
  private void noteEnd(int index) throws Exception {
    Task<? extends T> attempt = started.get(index);
    Throwable failure = ((LoopDeferred<?>) attempt).failure();
    if (failure != null) {
      failures.set(index, failure);
      isNextDue |= index == started.size() - 1; // only the last one holds the next back
      return;
    }
    if (winner < 0 || index < winner) {
      // Several may have succeeded in one round; the first in order of preference wins.
      if (winner >= 0) {
        failures.set(winner, lostTo(index));
      }
      winner = index;
      result = attempt.result();
      // The frame still waits: a cancelled attempt may take its time to end.
      wait.cancelAll("attempt " + index + " of the race has succeeded");
    } else {
      failures.set(index, lostTo(winner));
    }
  }

  private static Cancelled lostTo(int other) {
    return Cancellations.because(
        "attempt " + other + " of the race has succeeded at the same moment");
  }

  private void startNext() {
    Task<? extends T> next = TaskStarter.INHERITING.start(attempts.get(started.size()));
    started.add(next);
    failures.add(null);
    wait.add(next);
    isNextDue = false;
    stopTimer();
    if (delay != null && started.size() < attempts.size()) {
      Loop loop = ((LoopDeferred<?>) next).loop;
      wait.hasLimit = true; // the timer ends the wait, so it is no deadlock
      loop.kernel.schedule(timer, loop.kernel.now() + Math.max(delay, 0));
    }
  }

  private void stopTimer() {
    wait.hasLimit = false;
    if (!started.isEmpty()) {
      ((LoopDeferred<?>) started.get(0)).loop.kernel.cancel(timer);
    }
  }

  @Override
  protected String description() {
    return "race of " + attempts.size() + " attempts";
  }
}
