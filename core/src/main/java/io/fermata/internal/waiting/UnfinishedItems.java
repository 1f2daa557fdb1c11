package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.loop.Loop;
import org.jspecify.annotations.Nullable;

/** The number of items of a queue that are not done, and the tasks that wait until all are. */
public final class UnfinishedItems {
  private final WaitLine<Join> joiners;
  private long items;

  /**
   * A queue without unfinished items.
   *
   * @param sibling a line of the queue
   */
  public UnfinishedItems(WaitLine<?> sibling) {
    joiners = new WaitLine<>(sibling);
  }

  /** Counts a new item. */
  public void add() {
    items++;
  }

  public boolean isNone() {
    return items == 0;
  }

  /** Counts an item as done. */
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
