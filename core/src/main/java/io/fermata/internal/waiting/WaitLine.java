package io.fermata.internal.waiting;

import io.fermata.internal.loop.IntrusiveList;
import io.fermata.internal.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * The awaits that wait for one thing, in the order in which they came. A cancelled one is taken out
 * at once.
 *
 * <p>The first await binds it, and all other lines of its owner, to a loop. A task of another loop
 * cannot wait in it.
 *
 * @param <W> the awaits
 */
public final class WaitLine<W extends QueuedParking<?>> extends IntrusiveList<W> {
  private final Object owner;

  /** The first line of the owner; it holds the loop. */
  private final WaitLine<?> home;

  // Of these two only those of home are used

  /** Null until a task has waited. */
  private @Nullable Loop loop;

  /** The loop in which it was made, or first used; null before. Only for {@link #check}. */
  private @Nullable Loop origin = Loop.running();

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

  /** Refuses a call on another thread than that of the loop. */
  public void check(String call) {
    Loop bound = home.loop;
    if (bound != null) {
      bound.check(owner, call);
    } else {
      home.checkOrigin(call);
    }
  }

  /** Nobody has waited yet: another loop may use it as well, but no thread without one. */
  private void checkOrigin(String call) {
    Loop here = Loop.running();
    if (origin == null) {
      origin = here;
    } else if (here == null) {
      origin.check(owner, call);
    }
  }

  /** Adds an await of a task of a loop, at the end. */
  public void add(W waiter, Loop of) {
    bind(of);
    add(waiter);
  }

  /** Takes the first await out, and makes its task ready. */
  public void wakeFirst() {
    W polled = poll();
    if (polled != null) {
      polled.wake();
    }
  }

  /** Takes all awaits out, and makes their tasks ready in order. */
  public void wakeAll() {
    while (!isEmpty()) {
      wakeFirst();
    }
  }

  /** A part of the owner's description. */
  public String waiting() {
    return isEmpty() ? "" : ", " + size() + " waiting";
  }
}
