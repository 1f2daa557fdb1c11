package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.Pause;
import io.fermata.internal.waiting.Sleep;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The frame behind {@code Async.retry}: attempts one after the other, with pauses between them. */
public final class RetryFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private static final int ATTEMPT_ENDED = 1;
  private static final int PAUSED = 2;

  /** So many failures are kept for the last one. */
  private static final int KEPT = 10;

  /** The fineness of random parts. */
  private static final int STEPS = 1 << 20;

  /** What a policy says. */
  public interface Rules {
    int attempts();

    boolean takes(Exception failure);

    /**
     * The pause after some failed attempts, in nanoseconds.
     *
     * @param random gives numbers from 0 to 1
     */
    long pauseAfter(int failed, DoubleSupplier random);

    OptionalLong seed();
  }

  private final Rules rules;
  private final Supplier<? extends Awaitable<T>> attempts;

  /** The failures so far, without the last. */
  private final Deque<Throwable> failures = new ArrayDeque<>(0);

  private int begun;
  private @Nullable IntUnaryOperator random;

  public RetryFrame(Rules rules, Supplier<? extends Awaitable<T>> attempts) {
    this.rules = rules;
    this.attempts = attempts;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == ATTEMPT_ENDED) {
      return raised == null ? done(sent) : failed(raised);
    }
    if (raised != null) {
      throw raised; // cancelled in the pause
    }
    begun++;
    Awaitable<T> attempt;
    try {
      attempt = attempts.get();
    } catch (Throwable failure) {
      return failed(failure);
    }
    return awaiting(
        Objects.requireNonNull(attempt, "the supplier of attempts gave null"), ATTEMPT_ENDED);
  }

  private int failed(Throwable failure) throws Throwable {
    if (begun >= rules.attempts() || !(failure instanceof Exception again) || !isTaken(again)) {
      throw withEarlier(failure);
    }
    if (failures.size() == KEPT) {
      failures.remove();
    }
    failures.add(failure);
    long pause = rules.pauseAfter(begun, () -> random().applyAsInt(STEPS) / (double) STEPS);
    return awaiting(
        pause > 0 ? new Sleep<@Nullable Void>(pause, null) : new Pause<@Nullable Void>(null),
        PAUSED);
  }

  private boolean isTaken(Exception failure) {
    try {
      return rules.takes(failure);
    } catch (Throwable thrown) {
      Throwing.note(thrown, failure);
      throw withEarlierUnchecked(thrown);
    }
  }

  private RuntimeException withEarlierUnchecked(Throwable thrown) {
    throw Throwing.sneaky(withEarlier(thrown));
  }

  /** A failure that comes out; a cancellation carries nothing, as nobody failed. */
  private Throwable withEarlier(Throwable failure) {
    if (failure instanceof Exception) {
      failures.forEach(earlier -> Throwing.note(failure, earlier));
    }
    return failure;
  }

  private IntUnaryOperator random() {
    IntUnaryOperator known = random;
    if (known == null) {
      known =
          rules.seed().isPresent()
              ? new SplittableRandom(rules.seed().getAsLong())::nextInt
              : LoopTask.entering("Async.retry").kernel()::choose;
      random = known;
    }
    return known;
  }

  @Override
  protected String description() {
    return "retry of " + rules.attempts() + " attempts";
  }

  @Override
  public String inDump() {
    Throwable last = failures.peekLast();
    return "retry, attempt "
        + begun
        + " of "
        + rules.attempts()
        + (last == null ? "" : ", after " + last.getClass().getName());
  }
}
