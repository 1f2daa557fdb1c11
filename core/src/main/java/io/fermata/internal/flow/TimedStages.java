package io.fermata.internal.flow;

import io.fermata.async.AsyncGenerator;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operators that have tasks of their own and go by the loop's clock.
 *
 * <p>A span of time includes its beginning and not its end: a value that comes at a deadline counts
 * as after it, also if its task runs before the timer in that round. So the order of a round makes
 * no difference.
 */
public final class TimedStages {
  /** So many values wait for a step; then the source does. */
  private static final int MOST_AHEAD = 64;

  private TimedStages() {}

  /** A stage with one deadline, at which the values kept back come out. */
  abstract static class Timed<Y extends @Nullable Object, R extends @Nullable Object>
      extends StageFrame<Y, R> {
    final long nanos;

    private final Timer deadline =
        new Timer() {
          @Override
          public void run() {
            flush();
          }
        };

    Timed(String name, AsyncGenerator<Y> source, Duration span, boolean mayBeZero) {
      super(name, List.of(source));
      nanos = Durations.nanos(span);
      if (nanos < 0 || (nanos == 0 && !mayBeZero)) {
        throw new IllegalArgumentException(name + "(" + span + "): the span is too short");
      }
    }

    /** Takes a value that comes now, after all deadlines that have passed. */
    abstract void came(Y value, long now);

    /** Gives out what was kept back. */
    @Override
    abstract void flush();

    final long now() {
      return loop().kernel.now();
    }

    final void setDeadline(long when) {
      stopTimers();
      loop().kernel.schedule(deadline, when);
    }

    @Override
    final boolean hasTimer() {
      return deadline.isScheduled();
    }

    @Override
    final void stopTimers() {
      loop().kernel.cancel(deadline);
    }

    @Override
    boolean hasRoom(int source) {
      return slots.size() < MOST_AHEAD;
    }

    @Override
    final void arrived(int source, Y value) {
      long now = now();
      if (hasTimer() && now - deadline.whenDue() >= 0) {
        stopTimers();
        flush();
      }
      came(value, now);
    }
  }

  /** The newest value, kept back until a deadline. */
  abstract static class Newest<Y extends @Nullable Object> extends Timed<Y, Y> {
    private @Nullable Y newest;
    private boolean hasNewest;

    Newest(String name, AsyncGenerator<Y> source, Duration span, boolean mayBeZero) {
      super(name, source, span, mayBeZero);
    }

    final void keep(Y value) {
      newest = value;
      hasNewest = true;
    }

    @Override
    @SuppressWarnings("NullAway") // null only where Y may be
    final void flush() {
      stopTimers();
      if (hasNewest) {
        Y value = newest;
        newest = null;
        hasNewest = false;
        give(0, value);
      }
    }
  }

  /** {@code debounce}. */
  public static final class Debouncing<Y extends @Nullable Object> extends Newest<Y> {
    public Debouncing(AsyncGenerator<Y> source, Duration quiet) {
      super("debounce", source, quiet, true);
    }

    @Override
    void came(Y value, long now) {
      keep(value);
      setDeadline(now + nanos);
    }
  }

  /** {@code sample}. */
  public static final class Sampling<Y extends @Nullable Object> extends Newest<Y> {
    private long origin;

    public Sampling(AsyncGenerator<Y> source, Duration period) {
      super("sample", source, period, false);
    }

    @Override
    void started() {
      origin = now();
    }

    @Override
    void came(Y value, long now) {
      keep(value);
      if (!hasTimer()) { // the end of the period: no timer runs in a period without values
        setDeadline(origin + ((now - origin) / nanos + 1) * nanos);
      }
    }
  }

  /** {@code throttle}. */
  public static final class Throttling<Y extends @Nullable Object> extends Timed<Y, Y> {
    private boolean hasGiven;
    private long next;

    public Throttling(AsyncGenerator<Y> source, Duration span) {
      super("throttle", source, span, true);
    }

    @Override
    void came(Y value, long now) {
      if (!hasGiven || now - next >= 0) {
        hasGiven = true;
        next = now + nanos;
        give(0, value);
      }
    }

    @Override
    void flush() {}
  }

  /** {@code chunked}, by number and time. */
  public static final class Chunking<Y extends @Nullable Object> extends Timed<Y, List<Y>> {
    private final int size;
    private List<Y> chunk = new ArrayList<>();

    /** The values that came and were not taken, in chunks that are whole or not. */
    private int ahead;

    public Chunking(AsyncGenerator<Y> source, int size, Duration span) {
      super("chunked", source, span, true);
      this.size = StepOperators.Chunking.checkedSize(size);
    }

    @Override
    boolean hasRoom(int source) {
      return ahead < size;
    }

    @Override
    void came(Y value, long now) {
      if (chunk.isEmpty()) {
        setDeadline(now + nanos);
      }
      chunk.add(value);
      ahead++;
      if (chunk.size() == size) {
        flush();
      }
    }

    @Override
    void flush() {
      stopTimers();
      if (!chunk.isEmpty()) {
        List<Y> whole = chunk;
        chunk = new ArrayList<>();
        give(0, whole);
      }
    }

    @Override
    void taken(Slot slot) {
      if (slot.content instanceof List<?> whole) {
        ahead -= whole.size();
      }
    }
  }
}
