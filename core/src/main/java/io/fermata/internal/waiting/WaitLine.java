package io.fermata.internal.waiting;

import io.fermata.internal.loop.IntrusiveList;
import io.fermata.internal.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing, in the order in which they came. Whoever is not waited for any more
 * is taken out at once.
 *
 * <p>The first who waits binds it to a loop, and with it all other lines of its owner; a task of
 * another loop cannot wait in it.
 *
 * @param <W> what stands in it
 */
public final class WaitLine<W extends QueuedParking<?>> extends IntrusiveList<W> {
  private final Object owner;

  /** The first line of the owner, which knows the loop. */
  private final WaitLine<?> home;

  /** Null until somebody waits; of {@link #home}, for all. */
  private @Nullable Loop loop;

  /** The first line of an owner. */
  public WaitLine(Object owner) {
    this.owner = owner;
    this.home = this;
  }

  /** One more line of the same owner. */
  public WaitLine(WaitLine<?> sibling) {
    this.owner = sibling.owner;
    this.home = sibling.home;
  }

  @Override
  @SuppressWarnings("unchecked") // neighbours are of the same line
  protected @Nullable W before(W node) {
    return (W) node.before;
  }

  @Override
  protected void linkBefore(W node, @Nullable W before) {
    node.before = before;
  }

  @Override
  @SuppressWarnings("unchecked") // neighbours are of the same line
  protected @Nullable W after(W node) {
    return (W) node.after;
  }

  @Override
  protected void linkAfter(W node, @Nullable W after) {
    node.after = after;
  }

  /** Checks that tasks of a loop may wait here, and that no others will. */
  public void bind(Loop to) {
    if (home.loop == null) {
      home.loop = to;
    } else if (home.loop != to) {
      throw new IllegalStateException(
          "cannot wait for "
              + owner
              + ": tasks of another loop have waited for it; make one for each loop");
    }
  }

  /** Refuses a call on a thread that is not that of the loop whose tasks wait. */
  public void check(String call) {
    Loop bound = home.loop;
    if (bound != null) {
      bound.check(owner, call);
    }
  }

  /** Adds an await of a task of a loop, at the end. */
  public void add(W waiter, Loop of) {
    bind(of);
    add(waiter);
  }

  /** Lets the first one go, and its task become ready. */
  public void wakeFirst() {
    W polled = poll();
    if (polled != null) {
      polled.wake();
    }
  }

  /** Lets all that are here now go, in their order. */
  public void wakeAll() {
    while (!isEmpty()) {
      wakeFirst();
    }
  }

  /** For text that people read. */
  public String waiting() {
    return isEmpty() ? "" : ", " + size() + " waiting";
  }
}
