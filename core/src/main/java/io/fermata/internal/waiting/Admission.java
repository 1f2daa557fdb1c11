package io.fermata.internal.waiting;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Selectable;
import org.jspecify.annotations.Nullable;

/**
 * A line of awaits that each ask for an amount of something scarce: permits, tokens, a lock to read
 * or to write. They are admitted in the order in which they came.
 *
 * <p><b>Guarantee.</b> An await gets all that it asks for, or nothing. None is overtaken, also not
 * by one that asks for less. What a task was granted and did not take, as it was cancelled before
 * its step, goes back.
 *
 * <p><b>Structure.</b> A subclass keeps what there is: {@link #has}, {@link #take}, {@link
 * #putBack}. This class decides who gets it. An {@link Entry} is the await, and its place in the
 * line.
 *
 * <p><b>Protocol.</b> An amount is taken when its task is woken, so it is kept until that runs. As
 * long as such a task has not run, newcomers wait. {@link #admit} is called whenever there may be
 * more, or the first of the line may be another one.
 *
 * <p>Belongs to the loop's thread.
 */
public abstract class Admission {
  private final WaitLine<Entry<?>> line;

  /** The number of tasks that were granted an amount and have not run yet. */
  private int granted;

  /** A line, for the object that users see. */
  protected Admission(Object owner) {
    line = new WaitLine<>(owner);
  }

  /** Whether so much is there. */
  protected abstract boolean has(int amount);

  /** Takes what is there. */
  protected abstract void take(int amount);

  /** Takes back what was granted, or is returned. */
  protected abstract void putBack(int amount);

  /** An await takes its amount, or begins to wait for it. */
  protected void entering() {}

  /** The first of the line has to wait; null if the line is empty. */
  protected void firstWaits(@Nullable Entry<?> first) {}

  /** Whether an await for so much need not wait. */
  public final boolean isOpen(int amount) {
    return granted == 0 && line.isEmpty() && has(amount);
  }

  /** Grants what is there to the first of the line, and to those behind. */
  public final void admit() {
    Entry<?> first = line.first();
    while (first != null && has(first.amount)) {
      take(first.amount);
      granted++;
      line.wakeFirst();
      first = line.first();
    }
    firstWaits(first);
  }

  /** Refuses a call on another thread than that of the loop. */
  public final void check(String call) {
    line.check(call);
  }

  /** Binds it to a loop. */
  public final void bind(Loop loop) {
    line.bind(loop);
  }

  /** A part of the owner's description. */
  public final String waiting() {
    return line.waiting();
  }

  /** An await for an amount. */
  public abstract static class Entry<T extends @Nullable Object> extends QueuedParking<T>
      implements Selectable {
    private final Admission admission;
    public final int amount;

    /** Whether it has waited, so that its amount is kept for it until it runs. */
    private boolean queued;

    protected Entry(Admission admission, int amount) {
      this.admission = admission;
      this.amount = amount;
    }

    /** What the await gives. */
    protected abstract T admitted();

    @Override
    protected final boolean isFree() {
      return admission.isOpen(amount);
    }

    @Override
    protected final boolean begin(Loop loop) {
      queued = false; // a select may begin again
      if (isFree()) {
        return arrive();
      }
      admission.entering();
      admission.line.add(this, loop);
      queued = true;
      admission.firstWaits(admission.line.first());
      return false;
    }

    @Override
    protected final boolean arrive() {
      if (queued) {
        admission.granted--;
        admission.admit(); // tasks may have queued behind this one although there was enough
      } else {
        admission.entering();
        admission.take(amount);
      }
      give(admitted());
      return true;
    }

    @Override
    protected final void abandon() {
      admission.line.remove(this);
      if (admission.granted == 0) { // else the one that runs next admits
        admission.admit();
      }
    }

    @Override
    protected final void giveBack() {
      admission.granted--;
      admission.putBack(amount);
      admission.admit();
    }
  }
}
