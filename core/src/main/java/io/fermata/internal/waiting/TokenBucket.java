package io.fermata.internal.waiting;

import java.math.BigInteger;

/**
 * A bucket that fills with tokens at a constant rate, up to its size, and is full at first. Times
 * are nanoseconds of one clock.
 *
 * <p>It counts whole tokens and a rest, so that no rounding adds up: after {@code per} it has got
 * exactly {@code permits} tokens.
 */
public final class TokenBucket {
  private final int permits;
  private final long per;
  private final int size;

  private long tokens;

  /** The part of the next token, from 0 to {@code per - 1}; a token has {@code per} parts. */
  private long parts;

  private long filledAt;

  public TokenBucket(int permits, long per, int size) {
    this.permits = permits;
    this.per = per;
    this.size = size;
    this.tokens = size;
  }

  /** A clock begins, for a bucket that is full. */
  public void startAt(long now) {
    filledAt = now;
  }

  /** Adds what has come since the last time. */
  public void fill(long now) {
    long elapsed = now - filledAt;
    if (elapsed <= 0) {
      return;
    }
    filledAt = now;
    if (tokens >= size) {
      return;
    }
    long product = elapsed * permits;
    long sum = product + parts;
    if (Math.multiplyHigh(elapsed, permits) == 0 && product >= 0 && sum >= 0) {
      tokens += Math.min(sum / per, size - tokens);
      parts = sum % per;
    } else {
      BigInteger[] split =
          BigInteger.valueOf(elapsed)
              .multiply(BigInteger.valueOf(permits))
              .add(BigInteger.valueOf(parts))
              .divideAndRemainder(BigInteger.valueOf(per));
      tokens += split[0].min(BigInteger.valueOf(size - tokens)).longValueExact();
      parts = split[1].longValueExact();
    }
    dropWhatIsOver();
  }

  private void dropWhatIsOver() {
    if (tokens >= size) {
      tokens = size;
      parts = 0;
    }
  }

  public boolean has(int n) {
    return tokens >= n;
  }

  public void take(int n) {
    tokens -= n;
  }

  public void putBack(int n) {
    tokens += n;
    dropWhatIsOver();
  }

  public long tokens() {
    return tokens;
  }

  /** The first time at which it has so many; it has fewer now, as of the last {@link #fill}. */
  public long timeOf(int n) {
    long missing = n - tokens;
    long product = missing * per;
    if (Math.multiplyHigh(missing, per) == 0 && product >= 0) {
      long needed = product - parts;
      return later(needed / permits + (needed % permits == 0 ? 0 : 1));
    }
    BigInteger[] split =
        BigInteger.valueOf(missing)
            .multiply(BigInteger.valueOf(per))
            .subtract(BigInteger.valueOf(parts))
            .divideAndRemainder(BigInteger.valueOf(permits));
    BigInteger nanos = split[0].add(BigInteger.valueOf(split[1].signum()));
    return later(nanos.bitLength() > 62 ? Long.MAX_VALUE / 2 : nanos.longValueExact());
  }

  private long later(long nanos) {
    long time = filledAt + nanos;
    return time < filledAt ? Long.MAX_VALUE - 1 : time;
  }
}
