package io.fermata.internal.waiting;

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
public final class WaitLine<W extends QueuedParking<?>> {
  private final Object owner;

  /** The first line of the owner, which knows the loop. */
  private final WaitLine<?> home;

  /** Null until somebody waits; of {@link #home}, for all. */
  private @Nullable Loop loop;

  private @Nullable QueuedParking<?> first;
  private @Nullable QueuedParking<?> last;
  private int size;

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

  public boolean isEmpty() {
    return first == null;
  }

  public int size() {
    return size;
  }

  /** The one that came first of those that are here. */
  @SuppressWarnings("unchecked") // only add() puts something in
  public @Nullable W first() {
    return (W) first;
  }

  /** The first one is let go; null if there is none. */
  public @Nullable W poll() {
    W polled = first();
    if (polled != null) {
      remove(polled);
    }
    return polled;
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

  /** Puts it at the end. */
  public void add(W waiter, Loop of) {
    bind(of);
    append(waiter);
  }

  /** Puts one that has waited before at the end. */
  public void append(W waiter) {
    QueuedParking<?> end = last;
    waiter.before = end;
    if (end == null) {
      first = waiter;
    } else {
      end.after = waiter;
    }
    last = waiter;
    waiter.inLine = true;
    size++;
  }

  /** Takes it out, wherever it stands; does nothing if it stands here no more. */
  public void remove(W waiter) {
    if (!waiter.inLine) {
      return;
    }
    QueuedParking<?> previous = waiter.before;
    QueuedParking<?> next = waiter.after;
    if (previous == null) {
      first = next;
    } else {
      previous.after = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.before = previous;
    }
    waiter.before = null;
    waiter.after = null;
    waiter.inLine = false;
    size--;
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
    while (first != null) {
      wakeFirst();
    }
  }

  /** For text that people read. */
  public String waiting() {
    return size == 0 ? "" : ", " + size + " waiting";
  }
}
