package io.fermata.benchmarks;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** The same as state machines written by hand. */
final class HandWritten {
  private HandWritten() {}

  static Iterator<Integer> range(int n) {
    return new Range(n);
  }

  static PrimitiveIterator.OfInt intRange(int n) {
    return new IntRange(n);
  }

  static IntMachine intMachine(int n) {
    return new IntMachine(n);
  }

  static PrimitiveIterator.OfInt filter(int n) {
    return new Filter(n);
  }

  private static final class Range implements Iterator<Integer> {
    private final int n;
    private int i;

    Range(int n) {
      this.n = n;
    }

    @Override
    public boolean hasNext() {
      return i < n;
    }

    @Override
    public Integer next() {
      if (i >= n) {
        throw new NoSuchElementException();
      }
      return i++;
    }
  }

  private static final class IntRange implements PrimitiveIterator.OfInt {
    private final int n;
    private int i;

    IntRange(int n) {
      this.n = n;
    }

    @Override
    public boolean hasNext() {
      return i < n;
    }

    @Override
    public int nextInt() {
      if (i >= n) {
        throw new NoSuchElementException();
      }
      return i++;
    }
  }

  /**
   * What an {@code IntGenerator} promises, and no more: created, suspended, ended; no delegates.
   */
  static final class IntMachine {
    private static final int CREATED = 0;
    private static final int SUSPENDED = 1;
    private static final int ENDED = 2;

    private final int n;
    private int state;
    private int i;
    private int current;

    private IntMachine(int n) {
      this.n = n;
    }

    boolean advance() {
      switch (state) {
        case CREATED -> i = 0;
        case SUSPENDED -> i++;
        default -> {
          return false;
        }
      }
      if (i < n) {
        current = i;
        state = SUSPENDED;
        return true;
      }
      state = ENDED;
      return false;
    }

    int current() {
      if (state == CREATED) {
        throw new IllegalStateException("not started");
      }
      return current;
    }
  }

  /** Looks ahead, as an iterator has to. */
  private static final class Filter implements PrimitiveIterator.OfInt {
    private final int n;
    private int i;
    private boolean ready;

    Filter(int n) {
      this.n = n;
    }

    @Override
    public boolean hasNext() {
      while (!ready && i < n) {
        if (Filters.passes(i)) {
          ready = true;
        } else {
          i++;
        }
      }
      return ready;
    }

    @Override
    public int nextInt() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ready = false;
      return i++;
    }
  }
}
