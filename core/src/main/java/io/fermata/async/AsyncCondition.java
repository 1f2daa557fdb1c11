package io.fermata.async;

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
 * A lock with a place to wait, without the lock, for others to change what it protects. Python:
 * {@code asyncio.Condition}.
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
 * <p>It is the lock, too: {@code acquire}, {@code release} and {@code locked} are those of the lock
 * that it was made with, which several conditions can share. For a plain flag use an {@link
 * AsyncEvent}, for handing over things an {@link AsyncQueue}.
 *
 * <p><b>Order.</b> A signal goes to those who have waited longest. They take the lock again one
 * after the other, and not before who has signalled releases it. A signal when nobody waits is
 * lost. A wait may end without a signal that was meant for it, so ask again for what you wait for;
 * {@link #until} does.
 *
 * <p><b>Cancellation.</b> Whatever happens to a wait, the lock is held again when it is left, so
 * that a block around it stays balanced; taking it again cannot be cancelled, and what came
 * meanwhile is thrown then. A wait that was signalled and ends by a cancellation passes the signal
 * on to another; no signal is lost.
 *
 * <p><b>Threading.</b> For tasks of one loop, as its lock.
 *
 * <p><b>Cost.</b> A wait is a few small objects, and one switch, two if others want the lock.
 *
 * <p><b>Differences from Python.</b> {@code wait} and {@code notify} are final methods of {@code
 * Object}: they are {@link #signalled}, {@link #until}, {@link #signal} and {@link #signalAll}. The
 * waits give null, not true. A wait that is cancelled before it was signalled wakes nobody.
 */
public final class AsyncCondition implements AsyncLock {
  private final FairLock lock;
  private final WaitLine<Turn> line = new WaitLine<>(this);

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
   * @param lock protects what is waited for; another condition stands for its lock
   * @return a new condition
   */
  public static AsyncCondition open(AsyncLock lock) {
    Objects.requireNonNull(lock, "the lock is null");
    return new AsyncCondition(
        lock instanceof AsyncCondition condition ? condition.lock : (FairLock) lock);
  }

  @Override
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
   * @return gives null, with the lock held; throws what it throws with the lock held
   * @throws IllegalStateException from the await, if the lock is not held, or tasks of another loop
   *     have waited for this condition
   */
  public Async<@Nullable Void> signalled() {
    return new Wait(null);
  }

  /**
   * Waits, as {@link #signalled} does, until a test gives true; not at all if it does so at once,
   * and then the lock need not be held. Python: {@code wait_for}.
   *
   * @param test called with the lock held, after each signal; what it throws, the await throws
   * @return gives null, with the lock held; throws what it throws with the lock held
   * @throws IllegalStateException from the await, if it has to wait and the lock is not held, or
   *     tasks of another loop have waited for this condition
   */
  public Async<@Nullable Void> until(BooleanSupplier test) {
    return new Wait(Objects.requireNonNull(test, "nothing to test"));
  }

  /**
   * Wakes the one that has waited longest; nothing if nobody waits.
   *
   * @throws IllegalStateException if the lock is not held
   */
  public void signal() {
    signal(1);
  }

  /**
   * Wakes those that have waited longest.
   *
   * @param count how many; all if there are not so many
   * @throws IllegalStateException if the lock is not held
   */
  public void signal(int count) {
    checkHeld("signal");
    for (int left = count; left > 0 && !line.isEmpty(); left--) {
      wakeFirst();
    }
  }

  /**
   * Wakes all that wait.
   *
   * @throws IllegalStateException if the lock is not held
   */
  public void signalAll() {
    signal(Integer.MAX_VALUE);
  }

  private void wakeFirst() {
    Turn first = line.poll();
    if (first != null) {
      first.signalled = true;
      first.wake();
    }
  }

  private void checkHeld(String what) {
    line.check(what + "()");
    if (!lock.locked()) {
      throw new IllegalStateException(
          "cannot " + what + ": the lock of the condition is not held; acquire it first");
    }
  }

  @Override
  public String toString() {
    return "condition (" + (locked() ? "locked" : "unlocked") + line.waiting() + ")";
  }

  /** One wait for a signal, without the lock. */
  private final class Turn extends QueuedParking<@Nullable Void> {
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

  /** Releases, waits, takes the lock again; once more until there is nothing to test any more. */
  private final class Wait extends LibraryFrame<@Nullable Void> {
    private static final int WOKEN = 1;
    private static final int HELD_AGAIN = 2;

    private final @Nullable BooleanSupplier test;
    private @Nullable Turn turn;
    private @Nullable Shield shield;

    /** What the wait for the signal threw. */
    private @Nullable Throwable thrown;

    Wait(@Nullable BooleanSupplier test) {
      this.test = test;
    }

    @Override
    protected int go(int place, @Nullable Object sent, @Nullable Throwable raised)
        throws Throwable {
      if (place == WOKEN) {
        thrown = raised;
        shield = new Shield(LoopTask.entering("the wait for a condition"));
        return awaiting(lock.acquire(), HELD_AGAIN);
      }
      if (place == HELD_AGAIN) {
        holdAgain(Objects.requireNonNull(shield), Objects.requireNonNull(turn), raised);
      }
      boolean over = test == null ? place == HELD_AGAIN : test.getAsBoolean();
      return over ? done(null) : startWaiting();
    }

    private int startWaiting() {
      checkHeld("wait");
      line.bind(LoopTask.entering("the wait for a condition").loop);
      lock.release();
      Turn next = new Turn();
      turn = next;
      return awaiting(next, WOKEN);
    }

    private void holdAgain(Shield around, Turn waited, @Nullable Throwable raised)
        throws Throwable {
      around.leave();
      Throwable failure = raised != null ? raised : around.cancellationOver(thrown);
      if (failure != null) {
        if (waited.signalled) {
          wakeFirst();
        }
        throw failure;
      }
    }

    @Override
    protected String description() {
      return "wait for " + AsyncCondition.this;
    }
  }

  /** The lock is taken again, whatever comes. */
  private static final class Shield extends Scope {
    Shield(LoopTask<?> host) {
      super(host);
    }

    @Override
    protected boolean shields() {
      return true;
    }

    /** What is to be thrown once the shield is left: the last of the cancellations. */
    @Nullable Throwable cancellationOver(@Nullable Throwable before) {
      Cancelled request = host.takeRequest();
      if (request != null) {
        return request;
      }
      return before != null ? before : Scope.cancellation(parent);
    }
  }
}
