package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.waiting.Items;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.UnfinishedItems;
import io.fermata.internal.waiting.WaitLine;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue between tasks. A get from an empty queue waits, and so does a put into a full one.
 * Python: {@code asyncio.Queue}, {@code LifoQueue}, {@code PriorityQueue}.
 *
 * <pre>{@code
 * AsyncQueue<Job> jobs = AsyncQueue.fifo(100);
 *
 * Async<Void> worker = Async.action(co -> {
 *   while (true) {
 *     Job job = co.await(jobs.get());
 *     try {
 *       co.await(job.run());
 *     } finally {
 *       jobs.taskDone();
 *     }
 *   }
 * });
 *
 * co.await(jobs.put(job));
 * co.await(jobs.join());                                // all that was put is done
 * }</pre>
 *
 * <p>Use a {@link Promise} to hand over a single item once.
 *
 * <p><b>Order.</b> A put wakes the getter that has waited longest; a get wakes the putter that has
 * waited longest. A woken task takes its item when it next runs, in the next round: from a priority
 * queue it takes the smallest item of that moment. If a task that did not wait takes the item
 * first, the woken task waits again, behind the others: it may be overtaken, any number of times. A
 * {@linkplain #fair fair} queue hands items over in the order of asking.
 *
 * <p><b>Cancellation.</b> A cancelled {@code get()} has taken no item, and a cancelled {@code
 * put()} has put none. If it was woken already, the next waiting task is woken in its place. No
 * item is lost or delivered twice.
 *
 * <p><b>Shutdown.</b> After {@link #shutdown} every put throws {@link QueueShutDown}. The remaining
 * items can be taken; once the queue is empty, every get throws {@link QueueShutDown}, too. {@link
 * #shutdownNow} empties the queue at once.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds the queue to its loop, and a
 * wait in another loop fails. Other threads put with {@link EventLoop#callSoonThreadSafe}.
 *
 * <p><b>Cost.</b> A put or get allocates one small object. If it does not wait, the task keeps its
 * turn. A priority queue takes logarithmic time per item.
 *
 * <p><b>Differences from Python.</b> An empty queue throws a {@code NoSuchElementException}; a full
 * queue, or a {@code taskDone} too many, throws an {@code IllegalStateException}; {@code
 * shutdown(immediate=True)} is {@link #shutdownNow}.
 *
 * @param <T> the type of the items; null is a valid item
 */
public final class AsyncQueue<T extends @Nullable Object> {
  private final Items<T> items;
  private final int maxSize;
  private final String kind;
  private final WaitLine<Get> getters = new WaitLine<>(this);
  private final WaitLine<Put> putters = new WaitLine<>(getters);
  private final UnfinishedItems unfinished = new UnfinishedItems(getters);
  private boolean shutDown;

  /** Null unless the queue is fair. */
  private final @Nullable Turns turns;

  /** The places that are kept for putters which were woken and have not run; 0 if not fair. */
  private int promised;

  private AsyncQueue(String kind, Items<T> items, int maxSize) {
    this.kind = kind;
    this.items = items;
    this.maxSize = maxSize;
    this.turns = kind.equals("fair") ? new Turns() : null;
  }

  /**
   * A queue whose oldest item comes out first, and in which nobody is overtaken: an item is handed
   * to the getter that has waited longest, together with its wake-up, and waiting putters put in
   * the order in which they came. A getter that is cancelled before it runs gives its item back to
   * the head, for the next one. An item that was handed over is not counted by {@link #size}.
   *
   * <p>It is slower than {@link #fifo(int)} where tasks seldom wait for long: a task that need not
   * wait lets those go first that do.
   *
   * @param maxSize the limit in items; zero or less for no limit
   * @param <T> the type of the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> fair(int maxSize) {
    return new AsyncQueue<>("fair", new Items.Fifo<>(), maxSize);
  }

  /**
   * A queue whose oldest item comes out first, without a limit.
   *
   * @param <T> the type of the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> fifo() {
    return fifo(0);
  }

  /**
   * A queue whose oldest item comes out first.
   *
   * @param maxSize the limit in items; zero or less for no limit
   * @param <T> the type of the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> fifo(int maxSize) {
    return new AsyncQueue<>("fifo", new Items.Fifo<>(), maxSize);
  }

  /**
   * A queue whose newest item comes out first, without a limit.
   *
   * @param <T> the type of the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> lifo() {
    return lifo(0);
  }

  /**
   * A queue whose newest item comes out first.
   *
   * @param maxSize the limit in items; zero or less for no limit
   * @param <T> the type of the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> lifo(int maxSize) {
    return new AsyncQueue<>("lifo", new Items.Lifo<>(), maxSize);
  }

  /**
   * A queue whose smallest item comes out first, without a limit.
   *
   * @param order the order of the items
   * @param <T> the type of the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> priority(Comparator<? super T> order) {
    return priority(order, 0);
  }

  /**
   * A queue whose smallest item comes out first. Equal items come out in any order; number them if
   * their order matters.
   *
   * @param order the order of the items; a put or get throws its failures, and no item is lost
   * @param maxSize the limit in items; zero or less for no limit
   * @param <T> the type of the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> priority(
      Comparator<? super T> order, int maxSize) {
    Objects.requireNonNull(order, "the order is null");
    return new AsyncQueue<>("priority", new Items.Heap<>(order), maxSize);
  }

  /**
   * Waits until there is room, and puts an item. A cancelled await has not put it.
   *
   * @param item the item
   * @return an {@code Async} that gives null
   * @throws QueueShutDown from the await, if the queue is shut down before or during the wait
   * @throws IllegalStateException from the await, if it has to wait and the queue belongs to
   *     another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> put(T item) {
    return turns == null ? new Put(item) : new FairPut(item);
  }

  /**
   * Waits until there is an item, and takes it. A cancelled await has taken none.
   *
   * @return an {@code Async} that gives the item
   * @throws QueueShutDown from the await, if the queue is empty and is shut down before or during
   *     the wait
   * @throws IllegalStateException from the await, if it has to wait and the queue belongs to
   *     another loop
   */
  @CheckReturnValue
  public Async<T> get() {
    return turns == null ? new Get() : new FairGet();
  }

  /**
   * Puts an item without waiting.
   *
   * @param item the item
   * @throws IllegalStateException if the queue is full
   * @throws QueueShutDown if the queue is shut down
   */
  public void putNowait(T item) {
    getters.check("putNowait()");
    if (shutDown) {
      throw refusal("put into");
    }
    if (isFull()) {
      throw new IllegalStateException(
          "cannot put: " + this + " is full; await put(), which waits for room");
    }
    insert(item);
  }

  private void insert(T item) {
    items.add(item);
    unfinished.add();
    if (turns == null) {
      getters.wakeFirst();
    } else {
      turns.handOver();
    }
  }

  /**
   * Takes an item without waiting. If a waiting task was woken for that item, it waits again.
   *
   * @return the item
   * @throws NoSuchElementException if the queue is empty
   * @throws QueueShutDown if it is empty, and shut down
   */
  public T getNowait() {
    getters.check("getNowait()");
    if (isEmpty()) {
      if (shutDown) {
        throw refusal("get from");
      }
      throw new NoSuchElementException(
          "cannot get: " + this + " is empty; await get(), which waits for an item");
    }
    return take();
  }

  private T take() {
    T taken = items.take();
    if (turns == null) {
      putters.wakeFirst();
    } else {
      turns.promise();
    }
    return taken;
  }

  private QueueShutDown refusal(String action) {
    return new QueueShutDown("cannot " + action + " a queue that was shut down: " + this);
  }

  /**
   * Marks the work on one item as done. When the work on every item that was put is done, {@link
   * #join} returns.
   *
   * @throws IllegalStateException if the work on every item is done already
   */
  public void taskDone() {
    getters.check("taskDone()");
    if (unfinished.isNone()) {
      throw new IllegalStateException(
          "taskDone() was called more often than items were put: call it once for each item");
    }
    unfinished.finish();
  }

  /**
   * Waits until {@link #taskDone} was called for every item that was put; does not wait if it was.
   * Several tasks may wait, any number of times. A cancelled await changes nothing.
   *
   * @return an {@code Async} that gives null
   * @throws IllegalStateException from the await, if it has to wait and the queue belongs to
   *     another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> join() {
    return unfinished.join(this);
  }

  /**
   * Shuts the queue down. Waiting puts fail; waiting gets fail once the queue is empty. A second
   * call does nothing.
   */
  public void shutdown() {
    getters.check("shutdown()");
    shutDown = true;
    getters.wakeAll();
    putters.wakeAll();
  }

  /**
   * Shuts the queue down, and drops its items. Dropped items count as done, so {@link #join} waits
   * only for items that were taken. A second call does nothing; a call after {@link #shutdown}
   * drops the remaining items.
   */
  public void shutdownNow() {
    getters.check("shutdownNow()");
    if (turns != null) {
      turns.isDropping = true;
    }
    int dropped = items.size;
    items.clear(); // without the order: a comparator that fails must not keep the queue open
    for (int i = 0; i < dropped && !unfinished.isNone(); i++) {
      unfinished.finish();
    }
    shutdown();
  }

  /**
   * The number of items in the queue.
   *
   * @return the number; it counts an item until a woken task takes it
   */
  public int size() {
    return items.size;
  }

  /**
   * Whether the queue is empty.
   *
   * @return true if a {@link #get} would have to wait
   */
  public boolean isEmpty() {
    return items.size == 0;
  }

  /**
   * Whether the queue is at its limit.
   *
   * @return true if a {@link #put} would have to wait; never without a limit
   */
  public boolean isFull() {
    return maxSize > 0 && items.size + promised >= maxSize;
  }

  /**
   * The limit in items.
   *
   * @return the limit; zero or less for no limit
   */
  public int maxSize() {
    return maxSize;
  }

  @Override
  public String toString() {
    String limit = maxSize > 0 ? " of " + maxSize : "";
    String waiting =
        getters.isEmpty()
            ? putters.isEmpty() ? "" : ", " + putters.size() + " waiting to put"
            : ", " + getters.size() + " waiting to get";
    return kind + " queue (" + size() + limit + waiting + (shutDown ? ", shut down" : "") + ")";
  }

  private class Get extends QueuedParking<T> implements Selectable {
    @Override
    protected boolean isFree() {
      return !isEmpty();
    }

    @Override
    public boolean isReady(LoopTask<?> task) {
      return !isEmpty() || shutDown;
    }

    @Override
    protected boolean begin(Loop loop) {
      if (!isEmpty() || shutDown) {
        return arrive();
      }
      getters.add(this, loop);
      return false;
    }

    @Override
    protected boolean arrive() {
      if (!isEmpty()) {
        try {
          give(take());
        } catch (Throwable failure) {
          // The comparator threw and the item stayed, so another getter may take it.
          giveBack();
          throw failure;
        }
        return true;
      }
      if (shutDown) {
        throw refusal("get from");
      }
      getters.add(this);
      return false;
    }

    @Override
    protected void abandon() {
      getters.remove(this);
    }

    @Override
    protected void giveBack() {
      if (!isEmpty()) {
        getters.wakeFirst();
      }
    }

    @Override
    public String toString() {
      return "get() of " + AsyncQueue.this;
    }
  }

  /** An await of {@link #put}. It keeps its item until the queue takes it. */
  private class Put extends QueuedParking<@Nullable Void> implements Selectable {
    Put(T item) {
      super(item);
    }

    @Override
    protected boolean isFree() {
      return !isFull() && !shutDown;
    }

    @Override
    public boolean isReady(LoopTask<?> task) {
      return !isFull() || shutDown;
    }

    @Override
    protected boolean begin(Loop loop) {
      if (!isFull() || shutDown) {
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
      if (isFull()) {
        putters.add(this);
        return false;
      }
      try {
        insert((T) takeKept());
      } catch (Throwable failure) {
        // The comparator threw and the room stayed, so another putter may use it.
        giveBack();
        throw failure;
      }
      return true;
    }

    @Override
    protected void abandon() {
      putters.remove(this);
    }

    @Override
    protected void giveBack() {
      if (!isFull()) {
        putters.wakeFirst();
      }
    }

    @Override
    public String toString() {
      return "put() into " + AsyncQueue.this;
    }
  }

  // A fair queue: items and places are given with the wake-up

  /** Who is next in a fair queue. While a getter waits, there is no item in the queue. */
  private final class Turns {
    /** The putters that were woken and have a place, in the order of their turns. */
    private final Deque<FairPut> promises = new ArrayDeque<>();

    /** Whether items that come back are dropped. */
    private boolean isDropping;

    void handOver() {
      while (items.size > 0 && !getters.isEmpty()) {
        T item = items.take();
        ((FairGet) Objects.requireNonNull(getters.poll())).handOver(item);
      }
      promise();
    }

    void promise() {
      while (!putters.isEmpty() && !isFull()) {
        FairPut next = (FairPut) Objects.requireNonNull(putters.poll());
        promises.add(next);
        promised++;
        next.isPromised = true;
        next.wake();
      }
    }

    /** Items come in by the order of turns, whatever the order in which the tasks run. */
    void settle() {
      FairPut first = promises.peek();
      while (first != null && first.hasRun) {
        remove(first);
        if (!isDropping) {
          insert(first.item());
        }
        first = promises.peek();
      }
      promise();
    }

    void remove(FairPut put) {
      promises.remove(put);
      promised--;
    }

    void giveBack(T item) {
      if (isDropping) {
        unfinished.finish();
      } else {
        ((Items.Fifo<T>) items).addFirst(item);
        handOver();
      }
    }
  }

  private Turns turns() {
    return Objects.requireNonNull(turns);
  }

  private final class FairGet extends Get {
    private boolean hasItem;

    void handOver(T item) {
      hasItem = true;
      give(item);
    }

    @Override
    protected boolean arrive() {
      return hasItem || super.arrive();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // it was given a T
    protected void giveBack() {
      if (hasItem) {
        hasItem = false;
        turns().giveBack((T) takeKept());
      }
    }
  }

  private final class FairPut extends Put {
    private boolean isPromised;
    private boolean hasRun;
    private @Nullable Object item;

    FairPut(T item) {
      super(item);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // it keeps a T
    T item() {
      return (T) item;
    }

    @Override
    protected boolean isFree() {
      return super.isFree() && isNext();
    }

    private boolean isNext() {
      return putters.isEmpty() && promised == 0;
    }

    @Override
    public boolean isReady(LoopTask<?> task) {
      return shutDown || isFree();
    }

    @Override
    protected boolean begin(Loop loop) {
      if (shutDown || isFree()) {
        return super.arrive();
      }
      putters.add(this, loop);
      return false;
    }

    @Override
    protected boolean arrive() {
      if (!isPromised) {
        return super.arrive();
      }
      if (shutDown) {
        giveBack();
        return super.arrive(); // which throws
      }
      item = takeKept();
      hasRun = true;
      turns().settle();
      return true;
    }

    @Override
    protected void giveBack() {
      if (isPromised) {
        isPromised = false;
        turns().remove(this);
        turns().settle();
      }
    }
  }
}
