package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.AwaitFrame;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limit behind a {@code Timeout} or a {@code waitFor}: a deadline that cancels a scope, and can
 * be moved as long as it has not passed. Belongs to the loop's thread.
 *
 * <pre>
 * NEW      -&gt; ACTIVE    enter(): the timer runs, if there is a limit
 * ACTIVE   -&gt; ACTIVE    reschedule(): another deadline
 * ACTIVE   -&gt; EXPIRED   the deadline passes: the scope is cancelled
 * ACTIVE   -&gt; FINISHED  leave()
 * EXPIRED  -&gt; FINISHED  leave(); expired() stays true
 * </pre>
 */
public final class TimeLimit {
  /** Nanoseconds of the loop's clock; {@link Long#MAX_VALUE} for never. */
  private long deadline = Long.MAX_VALUE;

  /** What was asked for before it was entered: a delay, or a deadline. */
  private final @Nullable Duration initial;

  private final boolean isDelay;

  /** Whether it is that of {@code waitFor}, which has no body of its own. */
  private final boolean isWaitFor;

  private boolean moved;
  private @Nullable TimeoutFrame<?> frame;
  private @Nullable Scope scope;
  private boolean finished;
  private @Nullable Expiry timer;

  /** Cancels the scope when its time has come. */
  private static final class Expiry extends Timer {
    private final TimeLimit limit;

    Expiry(TimeLimit limit) {
      this.limit = limit;
    }

    @Override
    public void run() {
      if (limit.timer == this) {
        limit.expire();
      }
    }
  }

  /** The part of a task that it cancels. */
  private static final class Deadline extends Scope {
    private final TimeLimit limit;

    Deadline(LoopTask<?> host, TimeLimit limit) {
      super(host);
      this.limit = limit;
    }

    @Override
    public long deadline() {
      return cancelled == null ? limit.deadline : Long.MAX_VALUE;
    }
  }

  private TimeLimit(@Nullable Duration initial, boolean isDelay, boolean isWaitFor) {
    this.initial = initial;
    this.isDelay = isDelay;
    this.isWaitFor = isWaitFor;
  }

  /** A limit from the moment that it is entered; null for none. */
  public static TimeLimit in(@Nullable Duration delay) {
    return new TimeLimit(delay, true, false);
  }

  /** A limit at a time of the loop; null for none. */
  public static TimeLimit at(@Nullable Duration deadline) {
    return new TimeLimit(deadline, false, false);
  }

  /** A limit on something that does not know of it. */
  static <T extends @Nullable Object> Async<T> around(
      @Nullable Duration delay, Awaitable<T> awaitable) {
    return new TimeoutFrame<>(new TimeLimit(delay, true, true), new AwaitFrame<>(awaitable));
  }

  Scope enter(TimeoutFrame<?> entering) {
    frame = entering;
    Scope entered = new Deadline(LoopTask.entering("a timeout"), this);
    scope = entered;
    if (initial != null) {
      long nanos = Durations.nanos(initial);
      schedule(isDelay ? kernelTime(entered) + nanos : nanos);
    }
    return entered;
  }

  private static long kernelTime(Scope scope) {
    return scope.host.loop.kernel.now();
  }

  private void schedule(long when) {
    Scope entered = Objects.requireNonNull(scope);
    unschedule(entered);
    deadline = when;
    if (when == Long.MAX_VALUE) {
      return;
    }
    if (when <= kernelTime(entered)) {
      expire();
    } else {
      timer = new Expiry(this);
      entered.host.loop.kernel.schedule(timer, when);
    }
  }

  private void unschedule(Scope entered) {
    if (timer != null) {
      entered.host.loop.kernel.cancel(timer);
      timer = null;
    }
  }

  private void expire() {
    timer = null;
    Objects.requireNonNull(scope).cancel(new Cancelled(message()));
  }

  /** What has happened, for people. */
  private String message() {
    TimeoutFrame<?> entered = Objects.requireNonNull(frame);
    String limit = isDelay && initial != null && !moved ? "; its limit was " + text(initial) : "";
    return "the deadline of "
        + (isWaitFor ? "" : "the ")
        + entered.description()
        + at(entered)
        + " has passed"
        + limit;
  }

  private static String text(Duration limit) {
    long nanos = Durations.nanos(limit);
    return nanos % 1_000_000 == 0 ? limit.toMillis() + " ms" : nanos + " ns";
  }

  /** Where a {@code waitFor} is awaited; a timeout has its body, which says where it is. */
  private String at(TimeoutFrame<?> entered) {
    StackTraceElement line =
        isWaitFor ? Objects.requireNonNull(scope).host.lineAround(entered) : null;
    return line == null ? "" : " at " + line.getFileName() + ":" + line.getLineNumber();
  }

  /** What it has thrown in its body. */
  @Nullable String reason() {
    Cancelled thrown = Objects.requireNonNull(scope).cancelled;
    return thrown == null ? null : thrown.reason();
  }

  boolean isWaitFor() {
    return isWaitFor;
  }

  /** How much time is left, for a dump. */
  String left() {
    Scope entered = scope;
    if (entered == null || deadline == Long.MAX_VALUE) {
      return "";
    }
    return expired()
        ? ", expired"
        : ", " + Durations.text(deadline - kernelTime(entered)) + " left";
  }

  void leave(Scope entered) {
    finished = true;
    unschedule(entered);
    entered.leave();
  }

  /** A time of the loop's clock; null if there is none, or it was not entered. */
  public @Nullable Duration when() {
    return deadline == Long.MAX_VALUE ? null : Duration.ofNanos(deadline);
  }

  /** Whether the deadline has passed while the body ran. */
  public boolean expired() {
    return scope != null && scope.cancelled != null;
  }

  /** Moves the deadline to a delay from now; null for none. */
  public void rescheduleIn(@Nullable Duration delay) {
    Scope active = active();
    moved = true;
    schedule(delay == null ? Long.MAX_VALUE : kernelTime(active) + Durations.nanos(delay));
  }

  /** Moves the deadline to a time of the loop; null for none. */
  public void rescheduleAt(@Nullable Duration time) {
    active();
    moved = true;
    schedule(time == null ? Long.MAX_VALUE : Durations.nanos(time));
  }

  private Scope active() {
    if (scope == null || finished || scope.cancelled != null) {
      throw new IllegalStateException(
          "cannot move the deadline: " + this + "; only that of an active timeout can be moved");
    }
    return scope;
  }

  @Override
  public String toString() {
    String state =
        scope == null
            ? "not entered"
            : finished
                ? (expired() ? "expired" : "finished")
                : expired() ? "expiring" : "active, until " + when();
    return "timeout (" + state + ")";
  }
}
