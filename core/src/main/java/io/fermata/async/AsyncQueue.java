package io.fermata.async;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.Items;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.UnfinishedItems;
import io.fermata.internal.waiting.WaitLine;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue between tasks: who gets from an empty one waits, and so does who puts into a full one.
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
 * <p>For handing over one thing, once, use a {@link Promise}.
 *
 * <p><b>Order.</b> A put wakes the getter that has waited longest, and a get the putter. The woken
 * one acts when it runs, in the next round, on what is there then: of a priority queue it gets the
 * smallest item that was put until then. If another task, which need not wait, was faster, it waits
 * again, behind the others.
 *
 * <p><b>Cancellation.</b> A {@code get()} that is cancelled has taken no item, a {@code put()} has
 * put none. If it was woken already, the next one that waits is woken in its place. So nothing gets
 * lost and nothing is handed out twice.
 *
 * <p><b>Shutdown.</b> After {@link #shutdown} nothing can be put, and what is there can be got;
 * then, or at once after {@link #shutdownNow}, getting throws {@link QueueShutDown}, too.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first task that has to wait binds it to its loop,
 * and a wait in another loop is refused. Other threads put by {@link EventLoop#callSoonThreadSafe}.
 *
 * <p><b>Cost.</b> A put or get is one small object; if it need not wait, the task keeps its turn. A
 * priority queue takes logarithmic time.
 *
 * <p><b>Differences from Python.</b> An empty queue is a {@code NoSuchElementException}, a full one
 * and a {@code taskDone} too many an {@code IllegalStateException}; {@code
 * shutdown(immediate=True)} is {@link #shutdownNow}.
 *
 * @param <T> the items; null is one, too
 */
public final class AsyncQueue<T extends @Nullable Object> {
  private final Items<T> items;
  private final int maxSize;
  private final String kind;
  private final WaitLine<Get> getters = new WaitLine<>(this);
  private final WaitLine<Put> putters = new WaitLine<>(getters);
  private final UnfinishedItems unfinished = new UnfinishedItems(getters);
  private boolean shutDown;

  private AsyncQueue(String kind, Items<T> items, int maxSize) {
    this.kind = kind;
    this.items = items;
    this.maxSize = maxSize;
  }

  /**
   * A queue whose oldest item comes out first, without a limit.
   *
   * @param <T> the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> fifo() {
    return fifo(0);
  }

  /**
   * A queue whose oldest item comes out first.
   *
   * @param maxSize how many items it can hold; zero or less for no limit
   * @param <T> the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> fifo(int maxSize) {
    return new AsyncQueue<>("fifo", new Items.Fifo<>(), maxSize);
  }

  /**
   * A queue whose newest item comes out first, without a limit.
   *
   * @param <T> the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> lifo() {
    return lifo(0);
  }

  /**
   * A queue whose newest item comes out first.
   *
   * @param maxSize how many items it can hold; zero or less for no limit
   * @param <T> the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> lifo(int maxSize) {
    return new AsyncQueue<>("lifo", new Items.Lifo<>(), maxSize);
  }

  /**
   * A queue whose smallest item comes out first, without a limit.
   *
   * @param order says which is smaller
   * @param <T> the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> priority(Comparator<? super T> order) {
    return priority(order, 0);
  }

  /**
   * A queue whose smallest item comes out first. Of items that compare as equal, any may be next;
   * put a number into them if it matters.
   *
   * @param order says which is smaller; what it throws, the put or get throws, and no item is lost
   * @param maxSize how many items it can hold; zero or less for no limit
   * @param <T> the items
   * @return a new queue
   */
  public static <T extends @Nullable Object> AsyncQueue<T> priority(
      Comparator<? super T> order, int maxSize) {
    Objects.requireNonNull(order, "the order is null");
    return new AsyncQueue<>("priority", new Items.Heap<>(order), maxSize);
  }

  /**
   * Waits until there is room, and puts an item. Cancelled, it has not put it.
   *
   * @param item what to put
   * @return gives null
   * @throws QueueShutDown from the await, if the queue is shut down, before or meanwhile
   * @throws IllegalStateException from the await, if it has to wait, and tasks of another loop have
   *     waited for this queue
   */
  public Async<@Nullable Void> put(T item) {
    return new Put(item);
  }

  /**
   * Waits until there is an item, and takes it. Cancelled, it has taken none.
   *
   * @return gives the item
   * @throws QueueShutDown from the await, if the queue is shut down, before or meanwhile, and empty
   * @throws IllegalStateException from the await, if it has to wait, and tasks of another loop have
   *     waited for this queue
   */
  public Async<T> get() {
    return new Get();
  }

  /**
   * Puts an item, if there is room.
   *
   * @param item what to put
   * @throws IllegalStateException if the queue is full
   * @throws QueueShutDown if the queue is shut down
   */
  public void putNowait(T item) {
    getters.check("putNowait()");
    if (shutDown) {
      throw cannot("put into");
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
    getters.wakeFirst();
  }

  /**
   * Takes an item, if there is one. It may be one that a waiting task was woken for, which then
   * waits again.
   *
   * @return the item
   * @throws NoSuchElementException if the queue is empty
   * @throws QueueShutDown if it is empty, and shut down
   */
  public T getNowait() {
    getters.check("getNowait()");
    if (isEmpty()) {
      if (shutDown) {
        throw cannot("get from");
      }
      throw new NoSuchElementException(
          "cannot get: " + this + " is empty; await get(), which waits for an item");
    }
    return take();
  }

  private T take() {
    T taken = items.take();
    putters.wakeFirst();
    return taken;
  }

  private QueueShutDown cannot(String what) {
    return new QueueShutDown("cannot " + what + " a queue that was shut down: " + this);
  }

  /**
   * Says that the work for one item that was got is done. When this was said for every item that
   * was put, {@link #join} goes on.
   *
   * @throws IllegalStateException if it was said for every item already
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
   * Waits until {@link #taskDone} was called for every item that was put; not at all if it was. It
   * can be used again and again, and by several tasks. Cancelled, it changes nothing.
   *
   * @return gives null
   * @throws IllegalStateException from the await, if it has to wait, and tasks of another loop have
   *     waited for this queue
   */
  public Async<@Nullable Void> join() {
    return unfinished.join(this);
  }

  /**
   * Lets nothing in any more. Who waits to put fails; who waits to get does so once the queue is
   * empty. Once more is harmless.
   */
  public void shutdown() {
    getters.check("shutdown()");
    shutDown = true;
    getters.wakeAll();
    putters.wakeAll();
  }

  /**
   * Shuts it down, and drops the items that are in it. They count as done, so that {@link #join}
   * waits only for those that were got. Once more, or after a {@link #shutdown}, is harmless.
   */
  public void shutdownNow() {
    getters.check("shutdownNow()");
    while (!isEmpty()) {
      items.take();
      if (!unfinished.isNone()) {
        unfinished.finish();
      }
    }
    shutdown();
  }

  /**
   * How many items are in it.
   *
   * @return the number, also of items that a task was woken for and has not taken yet
   */
  public int size() {
    return items.size;
  }

  /**
   * Whether there are no items in it.
   *
   * @return true if a {@link #get} would have to wait
   */
  public boolean isEmpty() {
    return items.size == 0;
  }

  /**
   * Whether there is no room in it.
   *
   * @return true if a {@link #put} would have to wait; never without a limit
   */
  public boolean isFull() {
    return maxSize > 0 && items.size >= maxSize;
  }

  /**
   * How many items it can hold.
   *
   * @return what it was made with; zero or less for no limit
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

  private final class Get extends QueuedParking<T> {
    @Override
    protected boolean isFree() {
      return !isEmpty();
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
        } catch (Throwable failure) { // of the comparator: the item is there for another
          giveBack();
          throw failure;
        }
        return true;
      }
      if (shutDown) {
        throw cannot("get from");
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

  /** Keeps its item until that is in the queue. */
  private final class Put extends QueuedParking<@Nullable Void> {
    Put(T item) {
      super(item);
    }

    @Override
    protected boolean isFree() {
      return !isFull() && !shutDown;
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
        throw cannot("put into");
      }
      if (isFull()) {
        putters.add(this);
        return false;
      }
      try {
        insert((T) takeKept());
      } catch (Throwable failure) { // of the comparator: the room is there for another
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
}
