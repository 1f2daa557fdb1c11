package io.fermata.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A range of seeds for tests that run on many schedules.
 *
 * <pre>{@code
 * Seeds.first(1000).goingOn().forEach(
 *     loop -> {
 *       int workers = loop.random().nextInt(1, 10);
 *       assertEquals(workers, loop.run(countOf(workers)), "with seed " + loop.seed());
 *     });
 * }</pre>
 *
 * <p>With {@code -Dfermata.seed=N} each range has the seed N only, also that of {@link
 * TestLoop#forEachSeed}: this repeats a failure under a debugger.
 *
 * <p>Immutable; any thread may use it.
 */
public final class Seeds {
  private static final String REPLAYED = "fermata.seed";

  /** So many failures are kept, beside the first one. */
  private static final int KEPT = 10;

  /** So many seeds are named. */
  private static final int NAMED = 50;

  private final long from;
  private final long to;
  private final boolean goesOn;

  private Seeds(long from, long to, boolean goesOn) {
    this.from = from;
    this.to = to;
    this.goesOn = goesOn;
  }

  /**
   * The seeds from 0 on.
   *
   * @param count how many; not negative
   * @return the range
   */
  public static Seeds first(int count) {
    return between(0, count);
  }

  /**
   * The seeds from one to another.
   *
   * @param from the first one
   * @param to the one after the last one; not less than {@code from}
   * @return the range
   */
  public static Seeds between(long from, long to) {
    if (to < from) {
      throw new IllegalArgumentException("no range of seeds: from " + from + " to " + to);
    }
    return new Seeds(from, to, false);
  }

  /**
   * The same seeds, all of them run whatever fails. The error at the end names each seed that
   * fails.
   *
   * @return another object
   */
  public Seeds goingOn() {
    return new Seeds(from, to, true);
  }

  /**
   * Runs a test once for each seed.
   *
   * @param test gets a new loop, which is closed after the test
   * @throws AssertionError if the test fails; the first failure is the cause, ten others are
   *     suppressed
   */
  public void forEach(TestLoop.SeededTest test) {
    Objects.requireNonNull(test, "the test is null");
    Long replayed = Long.getLong(REPLAYED);
    if (replayed != null) {
      new Failures("-D" + REPLAYED).run(replayed, test).throwIfAny();
      return;
    }
    Failures failures = new Failures(to - from + (from == 0 ? "" : " from " + from + " on"));
    for (long seed = from; seed < to && (goesOn || failures.seeds.isEmpty()); seed++) {
      failures.run(seed, test);
    }
    failures.throwIfAny();
  }

  /** The failures of some seeds. */
  private static final class Failures {
    private final String range;
    private final List<Long> seeds = new ArrayList<>();
    private final List<Throwable> kept = new ArrayList<>();

    Failures(String range) {
      this.range = range;
    }

    Failures run(long seed, TestLoop.SeededTest test) {
      try (TestLoop loop = TestLoop.seeded(seed)) {
        test.run(loop);
      } catch (Throwable failure) {
        seeds.add(seed);
        if (kept.size() <= KEPT) {
          kept.add(failure);
        }
      }
      return this;
    }

    void throwIfAny() {
      if (seeds.isEmpty()) {
        return;
      }
      long first = seeds.get(0);
      AssertionError error =
          new AssertionError(
              (seeds.size() == 1 ? "fails with seed " + first : "fails with seeds " + named())
                  + " of "
                  + range
                  + ", again with TestLoop.seeded("
                  + first
                  + ") or -D"
                  + REPLAYED
                  + "="
                  + first
                  + ": "
                  + kept.get(0),
              kept.get(0));
      kept.stream().skip(1).forEach(error::addSuppressed);
      throw error;
    }

    private String named() {
      String some =
          seeds.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
      int others = seeds.size() - NAMED;
      return others > 0 ? some + " and " + others + " others" : some;
    }
  }

  @Override
  public String toString() {
    return "seeds from " + from + " to " + (to - 1);
  }
}
