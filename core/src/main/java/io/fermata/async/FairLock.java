package io.fermata.async;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.waiting.OwnedWait;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import org.jspecify.annotations.Nullable;

/**
 * A lock that tasks get in the order of their arrival.
 *
 * <p>Invariant: if the lock is free and tasks wait, the first of them was woken. A woken task stays
 * in the line until it runs, so a task that asks meanwhile does not find the line empty.
 */
final class FairLock implements AsyncLock {
  private final WaitLine<Acquire> line = new WaitLine<>(this);
  private boolean held;

  /** The task that has acquired it; null if it is not held. */
  private @Nullable LoopTask<?> holder;

  @Override
  public Async<Permit> acquire() {
    return new Acquire();
  }

  @Override
  public void release() {
    line.check("release()");
    if (!held) {
      throw new IllegalStateException(
          "cannot release a lock that nobody holds: it was never acquired, or released already");
    }
    held = false;
    holder = null;
    wakeFirst();
  }

  @Override
  public boolean locked() {
    return held;
  }

  private void wakeFirst() {
    Acquire first = line.first();
    if (first != null && !held) {
      first.wake();
    }
  }

  @Override
  public String toString() {
    return "lock (" + (held ? "locked" : "unlocked") + line.waiting() + ")";
  }

  final class Acquire extends QueuedParking<Permit> implements Permit, OwnedWait, Selectable {
    private boolean closed;

    @Override
    protected boolean isFree() {
      return !held && line.isEmpty();
    }

    @Override
    protected boolean begin(Loop loop) {
      if (isFree()) {
        return arrive();
      }
      line.add(this, loop);
      return false;
    }

    @Override
    protected boolean arrive() {
      line.remove(this);
      held = true;
      holder = LoopTask.current();
      give(this);
      return true;
    }

    @Override
    protected void abandon() {
      line.remove(this);
    }

    @Override
    protected void giveBack() {
      line.remove(this);
      wakeFirst();
    }

    @Override
    public @Nullable LoopTask<?> owner() {
      return holder;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release();
      }
    }

    @Override
    public String toString() {
      return "acquire() of " + FairLock.this;
    }
  }
}
