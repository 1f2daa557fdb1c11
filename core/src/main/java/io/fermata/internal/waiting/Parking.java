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
 * An await that is written by hand: locks, queues, streams, processes and sockets make one for each
 * await. It is the {@code Async} that the user sees, the entry in the list of waiting tasks, and
 * the place of the result, in one object.
 *
 * <p><b>Guarantee.</b> It is awaited once. A task that need not wait keeps its turn. A task that
 * waits is woken at most once for each wait, and is cancelled in constant time. What was handed
 * over to a task that is cancelled before it runs goes back, by {@link #giveBack}. An exception
 * that an await makes shows the lines of the body. One that it passes on, by {@link #fail}, stays
 * as it is: several awaits may throw the same one.
 *
 * <p><b>Structure.</b> This class decides which call comes when. A subclass decides what the await
 * is about, and keeps a list of those who wait, if there can be several: see {@link QueuedParking}.
 * {@link Sleep} and {@link Pause} are awaits with the same states, but no subclasses: the first one
 * is a timer, the second one can be cancelled after it was woken.
 *
 * <p><b>Protocol.</b> All calls are on the loop's thread.
 *
 * <pre>
 * NEW     -&gt; READY    isFree() and arrive() were true; or begin() was true: the task goes on
 * NEW     -&gt; FAILED   begin() called fail(): the await throws
 * NEW     -&gt; WAITING  begin() was false: the task is parked
 * WAITING -&gt; READY    give() or wake(): the task runs in the next round
 * WAITING -&gt; FAILED   fail(); or the task was cancelled: abandon(), then the await throws
 * READY   -&gt; (over)   the task runs, arrive() was true: the await gives the value
 * READY   -&gt; FAILED   the task runs, arrive() called fail(): the await throws
 * READY   -&gt; WAITING  the task runs, arrive() was false: it waits again
 * READY   -&gt; REFUSED  the task was cancelled before it ran: giveBack(), and no arrive()
 * </pre>
 *
 * A subclass chooses when it acts. It may hand over at the wake-up, by {@code give}: then a
 * cancelled task has got something, and {@code giveBack} returns it. Or it may only wake, and act
 * in {@code arrive}: then a cancelled task has done nothing, and {@code giveBack} lets the next one
 * act.
 *
 * <p><b>Rejected.</b> A second object for the wait beside the {@code Async}: each await would
 * allocate twice. A field for the failure beside that for the value: no await has both.
 */
public abstract class Parking<T extends @Nullable Object> implements Async<T>, Waitable {
  // The states of Sleep and Pause, too
  static final byte NEW = 0;
  static final byte WAITING = 1;
  static final byte READY = 2;
  static final byte FAILED = 3;
  static final byte REFUSED = 4;

  private byte state = NEW;

  /** Whether its use has to be told, see {@link AwaitTracking}. */
  private final boolean tracked;

  /** The task that waits; null unless {@link #WAITING}. */
  private @Nullable Parked waiter;

  /** What the await gives; if {@link #FAILED}, throws; before, what a subclass keeps here. */
  private @Nullable Object value;

  @SuppressWarnings("this-escape") // only a weak reference to it is kept
  public Parking() {
    tracked = AwaitTracking.made(this);
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

  // What a subclass decides

  /** Whether the await need neither wait nor throw. Asks, and changes nothing. */
  protected boolean isFree() {
    return false;
  }

  /**
   * Takes what the await is about, if that is there, by {@link #give}, and returns true: then the
   * await is over. Else notes that a task waits, and returns false.
   *
   * @param loop in which it is awaited
   */
  protected abstract boolean begin(Loop loop) throws Exception;

  /**
   * The task runs and was not cancelled, or it {@linkplain #isFree need not wait}. Takes what is
   * only taken now, by {@link #give}, and returns true. If that is gone, notes that the task waits
   * again, and returns false.
   */
  protected boolean arrive() throws Exception {
    return true;
  }

  /** The waiting task was cancelled: forgets it. */
  protected abstract void abandon();

  /** The task was woken, and cancelled before it ran: lets another one have what it was given. */
  protected void giveBack() {}

  /** Makes a task ready. May run it at once, if nothing can notice. */
  public void wake(LoopTask<?> task) {
    task.wake();
  }

  /** Refuses to wait in another loop than that in which something was opened. */
  protected final void checkHome(Loop home, Loop here) {
    if (home != here) {
      throw new IllegalStateException(
          "cannot await: "
              + this
              + " belongs to another loop, in which it was opened; await it in a task of that loop");
    }
  }

  // What those call who have what it waits for

  /** Gives the await its value. If a task waits, it becomes ready. */
  public final void give(T value) {
    if (state != FAILED) {
      this.value = value;
    }
    if (waiter != null) {
      wake();
    }
  }

  /** Lets the await throw. If a task waits, it becomes ready. */
  public final void fail(Throwable failure) {
    Parked task = waiter;
    waiter = null;
    value = failure;
    state = FAILED;
    if (task != null) {
      wake((LoopTask<?>) task);
    }
  }

  /** Makes the task ready, if one waits. */
  public final void wake() {
    Parked task = waiter;
    if (task != null) {
      waiter = null;
      state = READY;
      wake((LoopTask<?>) task);
    }
  }

  /** Whether a task waits. */
  public final boolean isWaiting() {
    return waiter != null;
  }

  // What the task calls

  @Override
  public final boolean passes() throws Exception {
    if (state != NEW || !isFree()) {
      return false;
    }
    state = READY;
    if (tracked) {
      AwaitTracking.used(this);
    }
    return arrive();
  }

  @Override
  public final @Nullable Object passed() {
    return takeKept();
  }

  @Override
  public final @Nullable Object park(Parked task) throws Throwable {
    LoopTask<?> parking = (LoopTask<?>) task;
    checkNew(
        state, tracked, this, parking, "an Async runs once: call the method that made it again");
    state = READY; // before begin(), which may call fail()
    boolean over;
    try {
      over = begin(parking.loop);
    } catch (Exception made) {
      throw Stacks.inAwait(parking, made);
    }
    if (over) {
      return taken();
    }
    waitFor(parking);
    return PARKED;
  }

  private void waitFor(Parked task) {
    state = WAITING;
    waiter = task;
  }

  @Override
  public final boolean undo(Parked task, Throwable why) {
    if (state != WAITING) {
      return false;
    }
    abandon();
    fail(why);
    return true;
  }

  @Override
  public final void refuse(Parked task) {
    if (state != FAILED) {
      state = REFUSED;
      giveBack();
    }
  }

  @Override
  public final @Nullable Object outcome(Parked task) throws Throwable {
    if (state == READY) {
      boolean over;
      try {
        over = arrive();
      } catch (Exception made) {
        throw Stacks.inAwait((LoopTask<?>) task, made);
      }
      if (!over) {
        waitFor(task);
        return AGAIN;
      }
    }
    return taken();
  }

  private @Nullable Object taken() throws Throwable {
    Object taken = result(state, value);
    value = null;
    return taken;
  }

  @Override
  public final Async<T> toAsync() {
    return this;
  }

  // Shared with Sleep and Pause

  /** Begins the one await of something; refuses a second one. */
  static void checkNew(byte state, boolean tracked, Async<?> await, Parked task, String advice) {
    if (state != NEW) {
      throw Stacks.inAwait(
          (LoopTask<?>) task,
          new IllegalStateException("cannot await twice: " + await + "; " + advice));
    }
    if (tracked) {
      AwaitTracking.used(await);
    }
  }

  /** What an await gives, or throws. */
  static @Nullable Object result(byte state, @Nullable Object value) throws Throwable {
    if (state == FAILED && value instanceof Throwable failure) {
      throw failure;
    }
    return value;
  }
}
