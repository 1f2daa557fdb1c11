package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.loop.Loop;
import org.jspecify.annotations.Nullable;

/** How many items of a queue are not done, and those who wait until all are. */
public final class UnfinishedItems {
  private final WaitLine<Join> joiners;
  private long items;

  /**
   * None at first.
   *
   * @param sibling a line of the queue
   */
  public UnfinishedItems(WaitLine<?> sibling) {
    joiners = new WaitLine<>(sibling);
  }

  /** One more. */
  public void add() {
    items++;
  }

  public boolean isNone() {
    return items == 0;
  }

  /** One of them is done. */
  public void finish() {
    items--;
    if (items == 0) {
      joiners.wakeAll();
    }
  }

  public Async<@Nullable Void> join(Object queue) {
    return new Join(queue);
  }

  private final class Join extends QueuedParking<@Nullable Void> {
    private final Object queue;

    Join(Object queue) {
      this.queue = queue;
    }

    @Override
    protected boolean begin(Loop loop) {
      if (isNone()) {
        return true;
      }
      joiners.add(this, loop);
      return false;
    }

    @Override
    protected void abandon() {
      joiners.remove(this);
    }

    @Override
    public String toString() {
      return "join() of " + queue;
    }
  }
}
