package io.fermata.async;

import io.fermata.internal.kernel.Timer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A limit on the time that a piece of code takes. Python: {@code asyncio.timeout}.
 *
 * <pre>{@code
 * co.await(Timeout.action(ms(500), (in, t) -> {
 *   in.await(connect());
 *   t.rescheduleIn(ms(2000));
 *   in.await(login());
 * }));                                                  // or a TimeoutException
 * }</pre>
 *
 * <p>When the deadline passes, the scope is cancelled for good: the await in it throws {@link
 * Cancelled}, and so does every later one. When the body has let that out, the timeout throws a
 * {@link java.util.concurrent.TimeoutException} whose cause it is. A body that swallows it and
 * returns has its result, and {@link #expired} is true; if it throws something else, that comes
 * out, with the {@code TimeoutException} as suppressed. A body that does not suspend is not
 * interrupted.
 *
 * <p><b>Being cancelled</b> from outside is a cancellation, not a timeout; it also wins over one
 * that happens meanwhile.
 */
public final class Timeout {
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
    private final Timeout timeout;

    Expiry(Timeout timeout) {
      this.timeout = timeout;
    }

    @Override
    public void run() {
      if (timeout.timer == this) {
        timeout.expire();
      }
    }
  }

  /** The part of a task that it cancels. */
  private static final class Deadline extends Scope {
    private final Timeout timeout;

    Deadline(LoopTask<?> host, Timeout timeout) {
      super(host);
      this.timeout = timeout;
    }

    @Override
    long deadline() {
      return cancelled == null ? timeout.deadline : Long.MAX_VALUE;
    }
  }

  private Timeout(@Nullable Duration initial, boolean isDelay) {
    this(initial, isDelay, false);
  }

  private Timeout(@Nullable Duration initial, boolean isDelay, boolean isWaitFor) {
    this.initial = initial;
    this.isDelay = isDelay;
    this.isWaitFor = isWaitFor;
  }

  /**
   * Limits a body that has a result.
   *
   * @param limit from the moment that it is entered; none or less: the first suspension throws;
   *     null for no limit
   * @param body gets a {@code co} of its own, and the timeout
   * @param <T> the result
   * @return the timeout, cold
   */
  public static <T extends @Nullable Object> Async<T> of(
      @Nullable Duration limit, ScopeBody<Timeout, T> body) {
    return new Timeout(limit, true).limit(null, body);
  }

  /**
   * As {@link #of(Duration, ScopeBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit as in {@link #of(Duration, ScopeBody)}
   * @param body gets a {@code co} of its own, and the timeout
   * @param <T> the result
   * @return the timeout, cold
   */
  public static <T extends @Nullable Object> Async<T> of(
      MethodHandles.Lookup lookup, @Nullable Duration limit, ScopeBody<Timeout, T> body) {
    return new Timeout(limit, true).limit(Bodies.given(lookup), body);
  }

  /**
   * Limits a body without a result.
   *
   * @param limit as in {@link #of}
   * @param body gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  public static Async<Void> action(@Nullable Duration limit, ScopeAction<Timeout> body) {
    return new Timeout(limit, true).limitAction(null, body);
  }

  /**
   * As {@link #action(Duration, ScopeAction)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param limit as in {@link #of(Duration, ScopeBody)}
   * @param body gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  public static Async<Void> action(
      MethodHandles.Lookup lookup, @Nullable Duration limit, ScopeAction<Timeout> body) {
    return new Timeout(limit, true).limitAction(Bodies.given(lookup), body);
  }

  /**
   * As {@link #of}, up to a time. Python: {@code timeout_at}.
   *
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body gets a {@code co} of its own, and the timeout
   * @param <T> the result
   * @return the timeout, cold
   */
  public static <T extends @Nullable Object> Async<T> at(
      @Nullable Duration deadline, ScopeBody<Timeout, T> body) {
    return new Timeout(deadline, false).limit(null, body);
  }

  /**
   * As {@link #at(Duration, ScopeBody)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body gets a {@code co} of its own, and the timeout
   * @param <T> the result
   * @return the timeout, cold
   */
  public static <T extends @Nullable Object> Async<T> at(
      MethodHandles.Lookup lookup, @Nullable Duration deadline, ScopeBody<Timeout, T> body) {
    return new Timeout(deadline, false).limit(Bodies.given(lookup), body);
  }

  /**
   * As {@link #action}, up to a time. Python: {@code timeout_at}.
   *
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  public static Async<Void> actionAt(@Nullable Duration deadline, ScopeAction<Timeout> body) {
    return new Timeout(deadline, false).limitAction(null, body);
  }

  /**
   * As {@link #actionAt(Duration, ScopeAction)}, for a body in a named module that does not open
   * its package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param deadline a {@link EventLoop#time} of the loop; null for no limit
   * @param body gets a {@code co} of its own, and the timeout
   * @return the timeout, cold
   */
  public static Async<Void> actionAt(
      MethodHandles.Lookup lookup, @Nullable Duration deadline, ScopeAction<Timeout> body) {
    return new Timeout(deadline, false).limitAction(Bodies.given(lookup), body);
  }

  private <T extends @Nullable Object> Async<T> limit(
      MethodHandles.@Nullable Lookup lookup, ScopeBody<Timeout, T> body) {
    return new TimeoutFrame<>(this, Bodies.scope(lookup, body, this));
  }

  private Async<Void> limitAction(
      MethodHandles.@Nullable Lookup lookup, ScopeAction<Timeout> body) {
    return new TimeoutFrame<>(this, Bodies.scopeAction(lookup, body, this));
  }

  /** A limit on something that knows nothing of it. */
  static <T extends @Nullable Object> Async<T> around(
      @Nullable Duration limit, Awaitable<T> awaitable) {
    return new TimeoutFrame<>(new Timeout(limit, true, true), new AwaitFrame<>(awaitable));
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
        + entered.what()
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

  /**
   * The deadline.
   *
   * @return a time of the loop's clock; null if there is none, or it was not entered yet
   */
  public @Nullable Duration when() {
    return deadline == Long.MAX_VALUE ? null : Duration.ofNanos(deadline);
  }

  /**
   * Whether the deadline has passed while the body ran.
   *
   * @return true from the moment in which the scope is cancelled
   */
  public boolean expired() {
    return scope != null && scope.cancelled != null;
  }

  /**
   * Moves the deadline.
   *
   * @param delay how long from now; null for no deadline
   * @throws IllegalStateException if the body has ended, or the deadline has passed
   */
  public void rescheduleIn(@Nullable Duration delay) {
    Scope active = active();
    moved = true;
    schedule(delay == null ? Long.MAX_VALUE : kernelTime(active) + Durations.nanos(delay));
  }

  /**
   * Moves the deadline.
   *
   * @param deadline a {@link EventLoop#time} of the loop; null for none
   * @throws IllegalStateException if the body has ended, or the deadline has passed
   */
  public void rescheduleAt(@Nullable Duration deadline) {
    active();
    moved = true;
    schedule(deadline == null ? Long.MAX_VALUE : Durations.nanos(deadline));
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
