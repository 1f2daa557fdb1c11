package io.fermata.internal.flow;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.MissedTicks;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.SteppedGenerator;
import io.fermata.internal.waiting.Sleep;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The frame of a ticker. Its only state is the time of the next tick. */
public final class TickerFrame extends SignalledFrame<Duration> {
  /** In nanoseconds. */
  private final long period;

  private final MissedTicks missed;

  /** Whether the first step has begun. */
  private boolean begun;

  /** When the next tick is due, in nanoseconds of the loop's clock. */
  private long due;

  /** Whether the step waits for its tick, so that it is not late. */
  private boolean hasWaited;

  private TickerFrame(long period, MissedTicks missed) {
    this.period = period;
    this.missed = missed;
  }

  public static AsyncGenerator<Duration> open(Duration period, MissedTicks missed) {
    long nanos = Durations.nanos(period);
    if (nanos <= 0) {
      throw new IllegalArgumentException(
          "a ticker of " + period + ": its period must be more than zero");
    }
    return new SteppedGenerator<>(
        new TickerFrame(nanos, Objects.requireNonNull(missed, "what to do with missed ticks?")));
  }

  @Override
  public boolean isReady(LoopTask<?> task) {
    long now = task.kernel().now();
    if (!begun) {
      begun = true;
      due = now + period;
    }
    return due - now <= 0;
  }

  @Override
  public Selectable untilReady(LoopTask<?> task) {
    hasWaited = true;
    return new Sleep<@Nullable Void>(due - task.kernel().now(), null);
  }

  @Override
  protected boolean isAtEnd() {
    return false;
  }

  @Override
  protected Duration take(LoopTask<?> task) {
    long tick = due;
    long late = task.kernel().now() - tick;
    due =
        switch (missed) {
          case BURST -> tick + period;
          case DELAY -> hasWaited ? tick + period : tick + late + period;
          case SKIP -> tick + period * (1 + late / period);
        };
    hasWaited = false;
    return Duration.ofNanos(tick);
  }

  @Override
  public String toString() {
    return "ticker of " + Duration.ofNanos(period);
  }
}
