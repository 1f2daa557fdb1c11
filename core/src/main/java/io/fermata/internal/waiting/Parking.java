package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.AwaitTracking;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Stacks;
import org.jspecify.annotations.Nullable;

/**
 * An await that is written by hand: <em>park me, and here is how to undo it</em>. Locks, queues and
 * events give one for each await; it is the {@code Async} that the user sees, the entry in the list
 * of those who wait, and where the value is handed over, in one object.
 *
 * <pre>
 * NEW     -&gt; PASSED    isFree(), and arrive() follows; or begin() returned true
 * NEW     -&gt; WAITING   begin() returned false: the task is parked
 * WAITING -&gt; RESUMED   give(), fail() or wake(), by whoever has what it waits for
 * WAITING -&gt; LEFT      the task was cancelled: abandon() takes it out of the list
 * RESUMED -&gt; (arrived) the task runs: arrive() returned true
 * RESUMED -&gt; WAITING   the task runs: arrive() returned false
 * RESUMED -&gt; (refused) the task was cancelled before it ran: giveBack()
 * </pre>
 */
public abstract class Parking<T extends @Nullable Object> implements Async<T>, Waitable {
  /** Null before and after the wait. */
  private @Nullable Parked waiter;

  private boolean used;
  private boolean refused;

  /** What the await gives; before, what a subclass keeps there for it. */
  private @Nullable Object value;

  private @Nullable Throwable failure;

  public Parking() {
    AwaitTracking.made(this);
  }

  /** Keeps something that {@link #takeKept} gives back, once. */
  public Parking(@Nullable Object kept) {
    this();
    value = kept;
  }

  public final @Nullable Object takeKept() {
    Object kept = value;
    value = null;
    return kept;
  }

  /** Whether it need neither wait nor throw, as what it is about is there to be taken. */
  protected boolean isFree() {
    return false;
  }

  /**
   * Takes what it is about if that is there, by {@link #give}, and returns true: then the await is
   * over. Else notes that somebody waits, and returns false.
   */
  protected abstract boolean begin(Loop loop) throws Exception;

  /**
   * The task runs again, and was not cancelled, or it {@linkplain #isFree need not wait}: may take,
   * by {@link #give}, what is only taken now. Returns false if that is gone: the task waits once
   * more.
   */
  protected boolean arrive() throws Exception {
    return true;
  }

  /** The one who waits does so no longer: forgets it. */
  protected abstract void abandon();

  /** What was given is not wanted after all; somebody else may have it. */
  protected void giveBack() {}

  /** Gives it the value. If it waits, its task becomes ready. */
  public final void give(T value) {
    this.value = value;
    wake();
  }

  /** Lets the await throw. If it waits, its task becomes ready. */
  public final void fail(Throwable failure) {
    this.failure = failure;
    wake();
  }

  /** Makes its task ready, if it waits. */
  public final void wake() {
    Parked task = waiter;
    waiter = null;
    if (task != null) {
      wake((LoopTask<?>) task);
    }
  }

  /** Makes it ready; or runs it, if that is sooner and harms nobody. */
  public void wake(LoopTask<?> task) {
    task.wake();
  }

  /** Whether a task waits. */
  public final boolean isWaiting() {
    return waiter != null;
  }

  @Override
  public final boolean passes() throws Exception {
    if (used || !isFree()) {
      return false;
    }
    used = true;
    AwaitTracking.used(this);
    return arrive();
  }

  @Override
  public final @Nullable Object passed() {
    return takeKept();
  }

  @Override
  public final @Nullable Object park(Parked task) throws Throwable {
    LoopTask<?> parking = (LoopTask<?>) task;
    if (used) {
      throw Stacks.inAwait(
          parking,
          new IllegalStateException(
              "cannot await twice: "
                  + this
                  + "; an Async runs once: call the method that made it again"));
    }
    used = true;
    AwaitTracking.used(this);
    boolean over;
    try {
      over = begin(parking.loop);
    } catch (Exception made) {
      throw Stacks.inAwait(parking, made);
    }
    if (over) {
      return taken();
    }
    waiter = task;
    return PARKED;
  }

  @Override
  public final boolean undo(Parked task, Throwable why) {
    if (waiter == null) {
      return false;
    }
    abandon();
    fail(why);
    return true;
  }

  @Override
  public final @Nullable Object outcome(Parked task) throws Throwable {
    if (failure == null && !refused && !arrives((LoopTask<?>) task)) {
      waiter = task;
      return AGAIN;
    }
    return taken();
  }

  private boolean arrives(LoopTask<?> task) throws Exception {
    try {
      return arrive();
    } catch (Exception made) {
      throw Stacks.inAwait(task, made);
    }
  }

  private @Nullable Object taken() throws Throwable {
    if (failure != null) {
      throw failure;
    }
    return takeKept();
  }

  @Override
  public final void refuse(Parked task) {
    refused = true;
    if (failure == null) {
      giveBack();
    }
  }

  @Override
  public final Async<T> toAsync() {
    return this;
  }
}
