package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.Admission;
import io.fermata.internal.waiting.TokenBucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit on how often tasks do something: a token bucket on the loop's clock. Ideas: {@code
 * aiolimiter}, Guava's {@code RateLimiter}.
 *
 * <pre>{@code
 * AsyncRateLimiter limiter = AsyncRateLimiter.of(10, Duration.ofSeconds(1));
 * co.await(limiter.acquire());                          // ten at once, then one each 100 ms
 * page = co.await(fetch(url));
 * }</pre>
 *
 * <p>The bucket is full at first. It gets its tokens one by one, in equal distances, and holds no
 * more than {@code burst}. Use an {@link AsyncSemaphore} to limit how many run at the same time.
 *
 * <p><b>Order.</b> Tasks get permits in the order in which they asked. A task that asks for fewer
 * does not overtake one that asks for more.
 *
 * <p><b>Cancellation.</b> A cancelled {@code acquire()} has taken no permit, and those behind it
 * move up.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first use binds the limiter to its loop, and its
 * use in another loop fails.
 *
 * <p><b>Cost.</b> An {@code acquire()} allocates one small object. However many tasks wait, there
 * is one timer; if none waits, there is none.
 */
public final class AsyncRateLimiter {
  private final Tokens admission = new Tokens();
  private final TokenBucket bucket;
  private final int permits;
  private final Duration per;
  private final int burst;

  private AsyncRateLimiter(int permits, Duration per, int burst) {
    long nanos = Durations.nanos(per);
    if (permits < 1 || nanos <= 0 || burst < 1) {
      throw new IllegalArgumentException(
          "a rate of "
              + permits
              + " per "
              + per
              + " with a burst of "
              + burst
              + ": each of them needs to be positive");
    }
    this.permits = permits;
    this.per = per;
    this.burst = burst;
    this.bucket = new TokenBucket(permits, nanos, burst);
  }

  /**
   * A limiter whose burst is one period's permits.
   *
   * @param permits the number of permits in a period, at least 1
   * @param per the period, more than zero
   * @return a new limiter, full
   * @throws IllegalArgumentException if one of them is not positive
   */
  public static AsyncRateLimiter of(int permits, Duration per) {
    return new AsyncRateLimiter(permits, per, permits);
  }

  /**
   * A limiter with a burst of its own.
   *
   * @param permits the number of permits in a period, at least 1
   * @param per the period, more than zero
   * @param burst the most permits that are kept for later, at least 1
   * @return a new limiter, full
   * @throws IllegalArgumentException if one of them is not positive
   */
  public static AsyncRateLimiter of(int permits, Duration per, int burst) {
    return new AsyncRateLimiter(permits, per, burst);
  }

  /**
   * Waits until a permit is there and no earlier task waits, and takes it. A cancelled await has
   * taken none.
   *
   * @return an {@code Async} that gives null
   * @throws IllegalStateException from the await, if the limiter belongs to another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> acquire() {
    return new Acquire(this, 1);
  }

  /**
   * Waits until several permits are there and no earlier task waits, and takes them all. A
   * cancelled await has taken none.
   *
   * @param n the number of permits, from 1 to the burst
   * @return an {@code Async} that gives null
   * @throws IllegalArgumentException if {@code n} is less than 1 or more than the burst
   * @throws IllegalStateException from the await, if the limiter belongs to another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> acquire(int n) {
    check(n);
    return new Acquire(this, n);
  }

  /**
   * Takes a permit if one is there and no earlier task waits. It never waits.
   *
   * @return whether it has taken the permit
   * @throws IllegalStateException if no loop runs here, or the limiter belongs to another one
   */
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Takes several permits if all are there and no earlier task waits. It never waits.
   *
   * @param n the number of permits, from 1 to the burst
   * @return whether it has taken them; else it has taken none
   * @throws IllegalArgumentException if {@code n} is less than 1 or more than the burst
   * @throws IllegalStateException if no loop runs here, or the limiter belongs to another one
   */
  public boolean tryAcquire(int n) {
    check(n);
    admission.check("tryAcquire()");
    admission.entering();
    boolean isOpen = admission.isOpen(n);
    if (isOpen) {
      bucket.take(n);
    }
    return isOpen;
  }

  private void check(int n) {
    if (n < 1 || n > burst) {
      throw new IllegalArgumentException(
          "cannot acquire " + n + " permits: the limiter gives 1 to " + burst + " at a time");
    }
  }

  @Override
  public String toString() {
    return "rate limiter (" + permits + " per " + per + admission.waiting() + ")";
  }

  /** The tokens as what is scarce; and the timer of the first task in the line. */
  private final class Tokens extends Admission {
    private @Nullable Loop loop;

    /** The timer of the time at which there is enough for the first; null if none waits. */
    private @Nullable Refill refill;

    Tokens() {
      super(AsyncRateLimiter.this);
    }

    @Override
    protected void entering() {
      Loop here = Loop.current();
      bind(here);
      if (loop == null) {
        loop = here;
        bucket.startAt(here.kernel.now());
      }
    }

    @Override
    protected boolean has(int amount) {
      Loop here = loop;
      if (here != null) {
        bucket.fill(here.kernel.now());
      }
      return bucket.has(amount);
    }

    @Override
    protected void take(int amount) {
      bucket.take(amount);
    }

    @Override
    protected void putBack(int amount) {
      bucket.putBack(amount);
    }

    @Override
    protected void firstWaits(@Nullable Entry<?> first) {
      Loop here = loop;
      if (here == null) {
        return;
      }
      long when = first == null || bucket.has(first.amount) ? 0 : bucket.timeOf(first.amount);
      Refill before = refill;
      if (before != null && before.when == when) {
        return;
      }
      if (before != null) {
        here.kernel.cancel(before);
        refill = null;
      }
      if (when != 0) { // else nobody waits, or the one that was granted runs first
        Refill next = new Refill(when);
        refill = next;
        here.kernel.schedule(next, when);
      }
    }

    private final class Refill extends Timer {
      private final long when;

      Refill(long when) {
        this.when = when;
      }

      @Override
      public void run() {
        if (refill == this) {
          refill = null;
          admit();
        }
      }
    }
  }

  private static final class Acquire extends Admission.Entry<@Nullable Void> {
    private final AsyncRateLimiter limiter;

    Acquire(AsyncRateLimiter limiter, int amount) {
      super(limiter.admission, amount);
      this.limiter = limiter;
    }

    @Override
    protected @Nullable Void admitted() {
      return null;
    }

    @Override
    public String toString() {
      return "acquire(" + (amount == 1 ? "" : amount) + ") of " + limiter;
    }
  }
}
