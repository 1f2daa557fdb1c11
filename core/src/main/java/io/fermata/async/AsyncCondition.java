package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock together with a line of tasks that wait, without holding it, for a change of the state
 * that it protects. Python: {@code asyncio.Condition}.
 *
 * <pre>{@code
 * AsyncCondition changed = AsyncCondition.open(AsyncLock.open());
 *
 * try (Permit held = co.await(changed.acquire())) {     // one task
 *   co.await(changed.until(() -> stock >= wanted));
 *   stock -= wanted;
 * }
 *
 * try (Permit held = co.await(changed.acquire())) {     // another
 *   stock += delivered;
 *   changed.signalAll();
 * }
 * }</pre>
 *
 * <p>A condition is a lock itself: {@code acquire}, {@code release} and {@code locked} act on the
 * lock that it was made with. Several conditions can share one lock. Use an {@link AsyncEvent} for
 * a plain flag, and an {@link AsyncQueue} to hand over items.
 *
 * <p><b>Order.</b> A signal wakes the tasks that have waited longest. They take the lock again one
 * after the other, once the signalling task has released it. A signal is lost if no task waits. A
 * wait may end for a signal that was meant for another wait, so test the state again; {@link
 * #until} does.
 *
 * <p><b>Cancellation.</b> Every wait ends with the lock held, so a block around it stays balanced.
 * Taking the lock again cannot be cancelled; a cancellation that comes meanwhile is thrown once the
 * lock is held. A signalled wait that ends by a cancellation passes its signal on to another wait;
 * no signal is lost.
 *
 * <p><b>Threading.</b> For tasks of one loop, like its lock.
 *
 * <p><b>Cost.</b> A wait allocates a few small objects, and takes one switch between tasks; it
 * takes two if other tasks want the lock.
 *
 * <p><b>Differences from Python.</b> {@code wait} and {@code notify} are final methods of {@code
 * Object}; their names here are {@link #signalled}, {@link #until}, {@link #signal} and {@link
 * #signalAll}. The waits give null instead of true. A wait that is cancelled before its signal
 * wakes no other task.
 */
public final class AsyncCondition implements AsyncLock {
  private final FairLock lock;
  private final WaitLine<SignalWait> line = new WaitLine<>(this);

  private AsyncCondition(FairLock lock) {
    this.lock = lock;
  }

  /**
   * A condition with a lock of its own.
   *
   * @return a new condition
   */
  public static AsyncCondition open() {
    return new AsyncCondition(new FairLock());
  }

  /**
   * A condition on a lock.
   *
   * @param lock the lock that protects the state; a condition stands for its lock
   * @return a new condition
   */
  public static AsyncCondition open(AsyncLock lock) {
    Objects.requireNonNull(lock, "the lock is null");
    return new AsyncCondition(
        lock instanceof AsyncCondition condition ? condition.lock : (FairLock) lock);
  }

  @Override
  @CheckReturnValue
  public Async<Permit> acquire() {
    return lock.acquire();
  }

  @Override
  public void release() {
    lock.release();
  }

  @Override
  public boolean locked() {
    return lock.locked();
  }

  /**
   * Releases the lock, waits for a signal, and takes the lock again. Python: {@code wait()}.
   *
   * @return an {@code Async} that gives null; the lock is held afterwards, also if the await throws
   * @throws IllegalStateException from the await, if the lock is not held, or if the condition
   *     belongs to another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> signalled() {
    return new ConditionWait(null);
  }

  /**
   * Waits like {@link #signalled} until a test returns true. If the test returns true at once, the
   * await does not wait, and needs no lock. Python: {@code wait_for}.
   *
   * @param test called first without waiting, then with the lock held after each signal; the await
   *     throws its failures
   * @return an {@code Async} that gives null; the lock is held afterwards, also if the await throws
   * @throws IllegalStateException from the await, if it has to wait and the lock is not held or the
   *     condition belongs to another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> until(BooleanSupplier test) {
    return new ConditionWait(Objects.requireNonNull(test, "nothing to test"));
  }

  /**
   * Wakes the task that has waited longest; does nothing if no task waits.
   *
   * @throws IllegalStateException if the lock is not held
   */
  public void signal() {
    signal(1);
  }

  /**
   * Wakes the tasks that have waited longest.
   *
   * @param count the number of tasks; all if fewer wait
   * @throws IllegalStateException if the lock is not held
   */
  public void signal(int count) {
    checkHeld("signal");
    for (int remaining = count; remaining > 0 && !line.isEmpty(); remaining--) {
      wakeFirst();
    }
  }

  /**
   * Wakes all waiting tasks.
   *
   * @throws IllegalStateException if the lock is not held
   */
  public void signalAll() {
    signal(Integer.MAX_VALUE);
  }

  private void wakeFirst() {
    SignalWait first = line.poll();
    if (first != null) {
      first.signalled = true;
      first.wake();
    }
  }

  private void checkHeld(String action) {
    line.check(action + "()");
    if (!lock.locked()) {
      throw new IllegalStateException(
          "cannot " + action + ": the lock of the condition is not held; acquire it first");
    }
  }

  @Override
  public String toString() {
    return "condition (" + (locked() ? "locked" : "unlocked") + line.waiting() + ")";
  }

  /** A wait for one signal, without the lock. */
  private final class SignalWait extends QueuedParking<@Nullable Void> {
    boolean signalled;

    @Override
    protected boolean begin(Loop loop) {
      line.add(this, loop);
      return false;
    }

    @Override
    protected void abandon() {
      line.remove(this);
    }

    @Override
    public String toString() {
      return "a signal of " + AsyncCondition.this;
    }
  }

  /**
   * An await of {@link #signalled} or {@link #until}: releases the lock, waits, takes the lock
   * again, and repeats that until the test returns true.
   */
  private final class ConditionWait extends LibraryFrame<@Nullable Void> {
    private static final int WOKEN = 1;
    private static final int HELD_AGAIN = 2;

    private final @Nullable BooleanSupplier test;
    private @Nullable SignalWait signalWait;
    private @Nullable Scope shield;

    /** The exception of the last wait for a signal. */
    private @Nullable Throwable thrown;

    ConditionWait(@Nullable BooleanSupplier test) {
      this.test = test;
    }

    @Override
    protected int go(int place, @Nullable Object sent, @Nullable Throwable raised)
        throws Throwable {
      if (place == WOKEN) {
        thrown = raised;
        shield = Scope.shield(LoopTask.entering("the wait for a condition"));
        return awaiting(lock.acquire(), HELD_AGAIN);
      }
      if (place == HELD_AGAIN) {
        holdAgain(Objects.requireNonNull(shield), Objects.requireNonNull(signalWait), raised);
      }
      boolean over = test == null ? place == HELD_AGAIN : test.getAsBoolean();
      return over ? done(null) : startWaiting();
    }

    private int startWaiting() {
      checkHeld("wait");
      line.bind(LoopTask.entering("the wait for a condition").loop);
      lock.release();
      SignalWait next = new SignalWait();
      signalWait = next;
      return awaiting(next, WOKEN);
    }

    private void holdAgain(Scope around, SignalWait waited, @Nullable Throwable raised)
        throws Throwable {
      around.leave();
      Throwable failure = raised != null ? raised : cancellationOver(around, thrown);
      if (failure != null) {
        if (waited.signalled) {
          wakeFirst(); // this wait does not use its signal, so another gets it
        }
        throw failure;
      }
    }

    @Override
    protected String description() {
      return "wait for " + AsyncCondition.this;
    }
  }

  /** The exception to throw after the shield is left: the latest cancellation. */
  private static @Nullable Throwable cancellationOver(Scope shield, @Nullable Throwable before) {
    Cancelled request = shield.host.takeRequest();
    if (request != null) {
      return request;
    }
    return before != null ? before : Scope.cancellation(shield.parent);
  }
}
