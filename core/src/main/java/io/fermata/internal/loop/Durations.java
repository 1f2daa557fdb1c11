package io.fermata.internal.loop;

import java.time.Duration;
import java.util.Objects;

/** Durations as nanoseconds. */
public final class Durations {
  /** More than a century. Longer durations count as this, so that sums do not overflow. */
  public static final long LONGEST = Long.MAX_VALUE / 2;

  private Durations() {}

  /** For people: {@code 1.2 s}, {@code 40 ms}. */
  public static String text(long nanos) {
    long millis = Math.max(nanos, 0) / 1_000_000;
    if (millis < 1000) {
      return millis + " ms";
    }
    return millis / 1000 + "." + millis / 100 % 10 + " s";
  }

  public static long nanos(Duration duration) {
    Objects.requireNonNull(duration, "the duration is null; Duration.ZERO is none");
    if (duration.isZero()) {
      return 0;
    }
    long seconds = duration.toSeconds();
    if (seconds >= LONGEST / 1_000_000_000) {
      return LONGEST;
    }
    return seconds <= -LONGEST / 1_000_000_000 ? -LONGEST : duration.toNanos();
  }
}
