package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.AwaitFrame;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limit behind a {@code Timeout} or a {@code waitFor}: a deadline that cancels a scope. It can
 * be moved as long as it has not passed. Belongs to the loop's thread.
 *
 * <p><b>Guarantee.</b> The scope is cancelled at most once, only while the body runs, and never
 * before the deadline of that moment. A deadline that has passed on entry, or at a move, cancels at
 * once.
 *
 * <p><b>Structure.</b> {@link TimeoutFrame} enters and leaves the scope and interprets the
 * exceptions of the body; this class owns the deadline and its timer.
 *
 * <p><b>Rejected.</b> Cancelling in the next round when the deadline has passed on entry. The
 * suspension that throws would depend on what else is ready.
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
  /** In nanoseconds of the loop's clock; {@link Long#MAX_VALUE} for never. */
  private long deadline = Long.MAX_VALUE;

  /** The argument of the factory: a delay or a deadline. Null for no limit. */
  private final @Nullable Duration initial;

  private final boolean isDelay;

  /** Whether it is the limit of a {@code waitFor}, which has no body of its own. */
  private final boolean isWaitFor;

  /** Whether the deadline was moved, so {@link #initial} no longer describes it. */
  private boolean moved;

  // The state: NEW while scope is null; EXPIRED while scope.cancelled is set; FINISHED by finished.

  private @Nullable TimeoutFrame<?> frame;
  private @Nullable Scope scope;
  private boolean finished;

  /** The timer of the current deadline; null if none is scheduled. */
  private @Nullable Expiry timer;

  /** The timer that cancels the scope. */
  private static final class Expiry extends Timer {
    private final TimeLimit limit;

    Expiry(TimeLimit limit) {
      this.limit = limit;
    }

    @Override
    public void run() {
      if (limit.timer == this) { // a moved deadline has another timer
        limit.expire();
      }
    }
  }

  /** The scope that the deadline cancels. */
  private static final class Deadline extends Scope {
    private final TimeLimit limit;

    Deadline(LoopTask<?> host, TimeLimit limit) {
      super(host);
      this.limit = limit;
    }

    @Override
    public long deadline() {
      return cancelled == null ? limit.deadline : Long.MAX_VALUE; // once passed, there is none
    }
  }

  private TimeLimit(@Nullable Duration initial, boolean isDelay, boolean isWaitFor) {
    this.initial = initial;
    this.isDelay = isDelay;
    this.isWaitFor = isWaitFor;
  }

  /** A limit from the entry on; null for none. */
  public static TimeLimit in(@Nullable Duration delay) {
    return new TimeLimit(delay, true, false);
  }

  /** A limit at a time of the loop; null for none. */
  public static TimeLimit at(@Nullable Duration deadline) {
    return new TimeLimit(deadline, false, false);
  }

  /** The frame of a {@code waitFor}. */
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
      expire(); // at once: a timer would run in the next round only
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
    Objects.requireNonNull(scope).cancel(Cancellations.because(message()));
  }

  /** The reason of the cancellation, for people. */
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

  /**
   * The line of the await of a {@code waitFor}; empty for a timeout, whose body shows its place.
   */
  private String at(TimeoutFrame<?> entered) {
    StackTraceElement line =
        isWaitFor ? Objects.requireNonNull(scope).host.lineAround(entered) : null;
    return line == null ? "" : " at " + line.getFileName() + ":" + line.getLineNumber();
  }

  /** The reason of the cancellation; null if the scope is not cancelled. */
  @Nullable String reason() {
    Cancelled thrown = Objects.requireNonNull(scope).cancelled;
    return thrown == null ? null : thrown.reason();
  }

  boolean isWaitFor() {
    return isWaitFor;
  }

  /** The remaining time, for a dump. */
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

  /**
   * The deadline, a time of the loop's clock; null if there is none, or the limit was not entered.
   */
  public @Nullable Duration when() {
    return deadline == Long.MAX_VALUE ? null : Duration.ofNanos(deadline);
  }

  /** Whether the deadline has passed while the body ran. */
  public boolean expired() {
    return scope != null && scope.cancelled != null;
  }

  /** Moves the deadline to a delay from now; null for none. */
  public void rescheduleIn(@Nullable Duration delay) {
    Scope active = active("rescheduleIn()");
    moved = true;
    schedule(delay == null ? Long.MAX_VALUE : kernelTime(active) + Durations.nanos(delay));
  }

  /** Moves the deadline to a time of the loop; null for none. */
  public void rescheduleAt(@Nullable Duration time) {
    active("rescheduleAt()");
    moved = true;
    schedule(time == null ? Long.MAX_VALUE : Durations.nanos(time));
  }

  private Scope active(String call) {
    if (scope != null) {
      scope.host.loop.check(this, call);
    }
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
