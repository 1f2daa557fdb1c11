package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.flow.SignalledFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.SteppedGenerator;
import io.fermata.internal.waiting.Items;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A channel to any number of subscribers: each of them gets every value, from a buffer of its own.
 *
 * <pre>{@code
 * AsyncBroadcast<String> news = AsyncBroadcast.of(16);
 *
 * Async<Void> reader = Async.usingAction(news.subscribe(), (in, mine) -> {
 *   while (in.await(mine.advance())) System.out.println(mine.current());
 * });
 *
 * co.await(news.put("hello"));                          // waits for the slowest subscriber
 * news.shutdown();                                      // readers end when they have read all
 * }</pre>
 *
 * <p>Use an {@link AsyncQueue} if each item is for one of several tasks, an {@link AsyncState} if
 * only the newest value counts.
 *
 * <p><b>Order.</b> Every subscriber gets the values in the order in which they were put. A put goes
 * to all that have subscribed by then, or to none.
 *
 * <p><b>Overflow.</b> With {@link Overflow#WAIT} a put waits until each subscriber has room, so the
 * slowest one sets the pace. Else a subscriber whose buffer is full loses a value, and a put never
 * waits.
 *
 * <p><b>Cancellation.</b> A cancelled {@code put()} has put nothing. A cancelled step of a
 * subscription has taken nothing, and the next one gets the value.
 *
 * <p><b>Shutdown.</b> After {@link #shutdown} every put throws {@link QueueShutDown}. Subscribers
 * take what they have, and then come to their end.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds it. Other threads put with
 * {@link EventLoop#callSoonThreadSafe}.
 *
 * <p><b>Cost.</b> A put takes time that is linear in the number of subscribers. All other calls
 * take constant time.
 *
 * <p>asyncio has no such class; the ideas are those of {@code SharedFlow} in kotlinx.coroutines and
 * {@code broadcast} in tokio.
 *
 * @param <T> the type of the values; null is a valid value
 */
public final class AsyncBroadcast<T extends @Nullable Object> {
  private final WaitLine<Put> putters = new WaitLine<>(this);
  private final WaitLine<WhenSubscribed> watchers = new WaitLine<>(putters);
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();

  /** The values for those who subscribe later. A wrapper each, as a deque has no null. */
  private final Deque<@Nullable Object[]> replayed = new ArrayDeque<>(0);

  private final int replay;

  /** The values that a subscriber has room for. */
  private final int capacity;

  private final Overflow overflow;

  /** The subscriptions without room. */
  private int full;

  private long dropped;
  private boolean shutDown;

  private AsyncBroadcast(int replay, int buffer, Overflow overflow) {
    if (buffer < 1) {
      throw new IllegalArgumentException(
          "a buffer of " + buffer + " values: each subscriber needs room for at least 1");
    }
    if (replay < 0) {
      throw new IllegalArgumentException("a replay of " + replay + " values: it is at least 0");
    }
    this.replay = replay;
    this.capacity = Math.max(replay, buffer);
    this.overflow = Objects.requireNonNull(overflow, "the overflow is null");
  }

  /**
   * A broadcast whose puts wait for the slowest subscriber.
   *
   * @param buffer the values that each subscriber has room for, at least 1
   * @param <T> the type of the values
   * @return a new broadcast without subscribers
   */
  public static <T extends @Nullable Object> AsyncBroadcast<T> of(int buffer) {
    return of(buffer, Overflow.WAIT);
  }

  /**
   * A broadcast.
   *
   * @param buffer the values that each subscriber has room for, at least 1
   * @param overflow what happens if a subscriber has no room
   * @param <T> the type of the values
   * @return a new broadcast without subscribers
   */
  public static <T extends @Nullable Object> AsyncBroadcast<T> of(int buffer, Overflow overflow) {
    return replaying(0, buffer, overflow);
  }

  /**
   * A broadcast whose new subscribers first get the last values.
   *
   * @param replay the number of values that are kept for new subscribers
   * @param buffer the values that each subscriber has room for, at least 1; at least {@code replay}
   *     if that is more
   * @param overflow what happens if a subscriber has no room
   * @param <T> the type of the values
   * @return a new broadcast without subscribers
   */
  public static <T extends @Nullable Object> AsyncBroadcast<T> replaying(
      int replay, int buffer, Overflow overflow) {
    return new AsyncBroadcast<>(replay, buffer, overflow);
  }

  /**
   * Waits until all subscribers have room, and puts a value for each. Does not wait unless the
   * overflow is {@link Overflow#WAIT}. Without subscribers the value is only kept for replay. A
   * cancelled await has put nothing.
   *
   * @param value the value
   * @return an {@code Async} that gives null
   * @throws QueueShutDown from the await, if the broadcast is shut down before or during the wait
   * @throws IllegalStateException from the await, if it has to wait and the broadcast belongs to
   *     another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> put(T value) {
    return new Put(value);
  }

  /**
   * Puts a value without waiting.
   *
   * @param value the value
   * @throws IllegalStateException if the overflow is {@link Overflow#WAIT} and a subscriber has no
   *     room
   * @throws QueueShutDown if the broadcast is shut down
   */
  public void putNowait(T value) {
    putters.check("putNowait()");
    if (shutDown) {
      throw refusal("put into");
    }
    if (!hasRoom()) {
      throw new IllegalStateException(
          "cannot put: a subscriber of " + this + " is full; await put(), which waits for room");
    }
    deliver(value);
  }

  private boolean hasRoom() {
    return full == 0 || overflow != Overflow.WAIT;
  }

  private QueueShutDown refusal(String action) {
    return new QueueShutDown("cannot " + action + " a broadcast that was shut down: " + this);
  }

  private void deliver(T value) {
    if (replay > 0) {
      if (replayed.size() == replay) {
        replayed.remove();
      }
      replayed.add(new @Nullable Object[] {value});
    }
    subscriptions.forEach(each -> each.offer(value));
  }

  /**
   * Subscribes: the generator gives the values that are put from this call on, after those that are
   * replayed. Close it, as with {@link Async#using}: a subscriber that takes nothing holds the puts
   * up.
   *
   * @return a new generator, which is subscribed already
   */
  @CheckReturnValue
  @SuppressWarnings({"unchecked", "NullAway"}) // only put() keeps something
  public AsyncGenerator<T> subscribe() {
    putters.check("subscribe()");
    Subscription added = new Subscription();
    replayed.forEach(each -> added.offer((T) each[0]));
    if (!shutDown) {
      subscriptions.add(added);
    }
    WhenSubscribed each = watchers.first();
    while (each != null) {
      WhenSubscribed following = watchers.next(each);
      if (each.isFree()) {
        watchers.remove(each);
        each.give(null);
      }
      each = following;
    }
    return new SteppedGenerator<>(added);
  }

  /**
   * The number of subscriptions that are not closed.
   *
   * @return the number
   */
  public int subscribers() {
    return subscriptions.size();
  }

  /**
   * Waits until there are some subscribers; does not wait if there are. A cancelled await changes
   * nothing.
   *
   * @param count their least number
   * @return an {@code Async} that gives null
   * @throws QueueShutDown from the await, if the broadcast is shut down before or during the wait
   */
  @CheckReturnValue
  public Async<@Nullable Void> whenSubscribed(int count) {
    return new WhenSubscribed(count);
  }

  /**
   * The number of values that subscribers without room have lost, counted for each of them.
   *
   * @return the number; always 0 with {@link Overflow#WAIT}
   */
  public long dropped() {
    return dropped;
  }

  /**
   * Shuts the broadcast down. Waiting puts fail; subscribers take what they have, and then end. A
   * second call does nothing.
   */
  public void shutdown() {
    putters.check("shutdown()");
    shutDown = true;
    subscriptions.forEach(Subscription::wakeStep);
    putters.wakeAll();
    for (WhenSubscribed each = watchers.poll(); each != null; each = watchers.poll()) {
      each.fail(refusal("wait for subscribers of"));
    }
  }

  @Override
  public String toString() {
    return "broadcast ("
        + subscriptions.size()
        + " subscribed"
        + putters.waiting()
        + (shutDown ? ", shut down" : "")
        + ")";
  }

  /** An await of {@link #put}. It keeps its value until all have room. */
  private final class Put extends QueuedParking<@Nullable Void> implements Selectable {
    Put(T value) {
      super(value);
    }

    @Override
    protected boolean isFree() {
      return !shutDown && hasRoom();
    }

    @Override
    public boolean isReady(LoopTask<?> task) {
      return shutDown || hasRoom();
    }

    @Override
    protected boolean begin(Loop loop) {
      if (shutDown || hasRoom()) {
        return arrive();
      }
      putters.add(this, loop);
      return false;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // it keeps a T
    protected boolean arrive() {
      if (shutDown) {
        throw refusal("put into");
      }
      if (!hasRoom()) {
        putters.add(this);
        return false;
      }
      deliver((T) takeKept());
      wakePutter();
      return true;
    }

    @Override
    protected void abandon() {
      putters.remove(this);
    }

    @Override
    protected void giveBack() {
      wakePutter();
    }

    @Override
    public String toString() {
      return "put() into " + AsyncBroadcast.this;
    }
  }

  private void wakePutter() {
    if (hasRoom()) {
      putters.wakeFirst();
    }
  }

  /** An await of {@link #whenSubscribed}. */
  private final class WhenSubscribed extends QueuedParking<@Nullable Void> implements Selectable {
    private final int count;

    WhenSubscribed(int count) {
      this.count = count;
    }

    @Override
    protected boolean isFree() {
      return subscriptions.size() >= count;
    }

    @Override
    public boolean isReady(LoopTask<?> task) {
      return isFree() || shutDown;
    }

    @Override
    protected boolean begin(Loop loop) {
      if (isFree()) {
        return true;
      }
      if (shutDown) {
        throw refusal("wait for subscribers of");
      }
      watchers.add(this, loop);
      return false;
    }

    @Override
    protected void abandon() {
      watchers.remove(this);
    }

    @Override
    public String toString() {
      return "whenSubscribed(" + count + ") of " + AsyncBroadcast.this;
    }
  }

  /** The frame of a subscription, and its buffer. */
  private final class Subscription extends SignalledFrame<T> {
    private final Items<T> items = new Items.Fifo<>();

    void offer(T value) {
      if (items.size == capacity) {
        dropped++;
        if (overflow == Overflow.DROP_LATEST) {
          return;
        }
        removeFirst();
      }
      items.add(value);
      if (items.size == capacity) {
        full++;
      }
      tell();
    }

    void wakeStep() {
      tell();
    }

    private T removeFirst() {
      if (items.size == capacity) {
        full--;
      }
      return items.take();
    }

    @Override
    public boolean isReady(LoopTask<?> task) {
      return items.size > 0 || shutDown;
    }

    @Override
    protected boolean isAtEnd() {
      return items.size == 0;
    }

    @Override
    protected T take(LoopTask<?> task) {
      T taken = removeFirst();
      wakePutter();
      return taken;
    }

    @Override
    protected void bind(LoopTask<?> task) {
      putters.bind(task.loop);
    }

    @Override
    protected void ended() {
      if (items.size == capacity) {
        full--;
      }
      items.clear();
      if (subscriptions.remove(this)) {
        wakePutter();
      }
    }

    @Override
    public String toString() {
      return "a subscription to " + AsyncBroadcast.this;
    }
  }
}
