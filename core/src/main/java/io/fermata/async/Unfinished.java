package io.fermata.async;

import org.jspecify.annotations.Nullable;

/** How many items of a queue are not done, and those who wait until all are. */
final class Unfinished {
  private final WaitLine<Join> joiners;
  private long items;

  /**
   * None at first.
   *
   * @param sibling a line of the queue
   */
  Unfinished(WaitLine<?> sibling) {
    joiners = new WaitLine<>(sibling);
  }

  /** One more. */
  void add() {
    items++;
  }

  boolean isNone() {
    return items == 0;
  }

  /** One of them is done. */
  void finish() {
    items--;
    if (items == 0) {
      joiners.wakeAll();
    }
  }

  Async<@Nullable Void> join(Object queue) {
    return new Join(queue);
  }

  private final class Join extends Waiter<@Nullable Void> {
    private final Object queue;

    Join(Object queue) {
      this.queue = queue;
    }

    @Override
    boolean begin(Loop loop) {
      if (isNone()) {
        return true;
      }
      joiners.add(this, loop);
      return false;
    }

    @Override
    void abandon() {
      joiners.remove(this);
    }

    @Override
    public String toString() {
      return "join() of " + queue;
    }
  }
}
