package io.fermata.async;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of {@link Async#retry}: how often, after which pauses, and after which failures. It is
 * immutable; each method gives a new policy. Any thread may use it.
 *
 * <pre>{@code
 * RetryPolicy patient = RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5))
 *     .times(8)
 *     .on(IOException.class);
 * }</pre>
 *
 * <p>A limit on the time of all attempts together is a {@link Timeout} around them.
 *
 * <p>The idea is that of tenacity and of AWS's "Exponential Backoff And Jitter"; asyncio has none.
 */
public final class RetryPolicy {
  private record Pauses(
      Duration first, Duration most, double factor, double jitter, OptionalLong seed) {}

  /** The failures after which there is a new attempt; of every class if there is no type. */
  private record Taken(
      List<Class<? extends Exception>> types, Predicate<? super Exception> condition) {}

  private final int attempts;
  private final Pauses pauses;
  private final Taken taken;

  private RetryPolicy(int attempts, Pauses pauses, Taken taken) {
    this.attempts = attempts;
    this.pauses = pauses;
    this.taken = taken;
  }

  private static RetryPolicy of(Duration first, Duration most, double factor, double jitter) {
    if (first.isNegative()) {
      throw new IllegalArgumentException("a pause is not negative: " + first);
    }
    return new RetryPolicy(
        5,
        new Pauses(first, most, factor, jitter, OptionalLong.empty()),
        new Taken(List.of(), failure -> true));
  }

  private RetryPolicy with(Pauses other) {
    return new RetryPolicy(attempts, other, taken);
  }

  int attempts() {
    return attempts;
  }

  OptionalLong seed() {
    return pauses.seed;
  }

  /** Whether a failure leads to a new attempt, if there is one left. */
  boolean takes(Exception failure) {
    return (taken.types.isEmpty() || taken.types.stream().anyMatch(t -> t.isInstance(failure)))
        && taken.condition.test(failure);
  }

  /**
   * The pause after some attempts, in seconds.
   *
   * @param failed how many attempts have failed, at least 1
   * @param random gives a number from 0 to 1; asked if a part of the pause is random
   */
  double pauseAfter(int failed, DoubleSupplier random) {
    double grown = seconds(pauses.first) * Math.pow(pauses.factor, failed - 1.0);
    double longest = Math.min(grown, seconds(pauses.most));
    double share = pauses.jitter == 0 ? 0 : pauses.jitter * random.getAsDouble();
    return longest - longest * share;
  }

  private static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() * 1e-9;
  }

  /**
   * Pauses that grow, each to twice the one before: {@code first}, {@code 2 first}, {@code 4
   * first}, up to {@code most}. Each is shortened at random by up to a half. Five attempts in all,
   * after every exception.
   *
   * @param first the first pause
   * @param most the longest pause
   * @return the policy
   * @throws IllegalArgumentException if a pause is negative, or {@code most} is less than {@code
   *     first}
   */
  public static RetryPolicy exponential(Duration first, Duration most) {
    if (most.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "the longest pause, " + most + ", is shorter than the first, " + first);
    }
    return of(first, most, 2, 0.5);
  }

  /**
   * Equal pauses. Five attempts in all, after every exception.
   *
   * @param pause the pause between two attempts; zero gives up one round
   * @return the policy
   * @throws IllegalArgumentException if the pause is negative
   */
  public static RetryPolicy fixed(Duration pause) {
    return of(pause, pause, 1, 0);
  }

  /**
   * Sets how many attempts there are.
   *
   * @param attempts all attempts, the first one too; at least 1
   * @return a new policy
   */
  public RetryPolicy times(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("there is at least one attempt, not " + attempts);
    }
    return new RetryPolicy(attempts, pauses, taken);
  }

  /**
   * Sets by what each pause is multiplied to give the next.
   *
   * @param factor at least 1
   * @return a new policy
   */
  public RetryPolicy factor(double factor) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(
          "pauses do not get shorter: a factor is at least 1, not " + factor);
    }
    return with(new Pauses(pauses.first, pauses.most, factor, pauses.jitter, pauses.seed));
  }

  /**
   * Sets by how much a pause is shortened at random, so that many clients do not come back at the
   * same time.
   *
   * @param share the greatest part that is taken off, from 0 (none) to 1 (all)
   * @return a new policy
   */
  public RetryPolicy jitter(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is a number from 0 to 1, not " + share);
    }
    return with(new Pauses(pauses.first, pauses.most, pauses.factor, share, pauses.seed));
  }

  /**
   * Sets the seed of the random parts. Without one they come from the loop: from its seed in a
   * {@code TestLoop}, else from a new one.
   *
   * @param seed the seed; each call of {@link Async#retry} begins with it
   * @return a new policy
   */
  public RetryPolicy seed(long seed) {
    return with(
        new Pauses(pauses.first, pauses.most, pauses.factor, pauses.jitter, OptionalLong.of(seed)));
  }

  /**
   * Has only failures of some classes lead to a new attempt. Called again, it adds a class.
   *
   * @param type the class; its subclasses count too
   * @return a new policy
   */
  public RetryPolicy on(Class<? extends Exception> type) {
    Objects.requireNonNull(type, "the class is null");
    List<Class<? extends Exception>> types =
        Stream.concat(taken.types.stream(), Stream.of(type)).toList();
    return new RetryPolicy(attempts, pauses, new Taken(types, taken.condition));
  }

  /**
   * Has only failures that a condition holds for lead to a new attempt. Called again, all
   * conditions have to hold, and the failure has to be of a class of {@link #on} as well.
   *
   * @param condition called on the loop's thread; what it throws comes out of the await, with the
   *     failure suppressed in it
   * @return a new policy
   */
  public RetryPolicy when(Predicate<? super Exception> condition) {
    Objects.requireNonNull(condition, "the condition is null");
    Predicate<? super Exception> before = taken.condition;
    Predicate<Exception> both = failure -> before.test(failure) && condition.test(failure);
    return new RetryPolicy(attempts, pauses, new Taken(taken.types, both));
  }

  @Override
  public String toString() {
    Object between =
        pauses.first.equals(pauses.most) ? pauses.first : pauses.first + " to " + pauses.most;
    return "retry policy ("
        + (attempts == 1 ? "1 attempt" : attempts + " attempts, pauses of " + between)
        + ")";
  }
}
