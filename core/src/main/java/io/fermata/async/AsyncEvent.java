package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import org.jspecify.annotations.Nullable;

/**
 * A flag that tasks can wait for. It can be set and cleared any number of times. Python: {@code
 * asyncio.Event}.
 *
 * <pre>{@code
 * AsyncEvent ready = AsyncEvent.open();
 * Task.start(Async.action(co -> { co.await(warmUp()); ready.set(); }));
 * co.await(ready.whenSet());
 * }</pre>
 *
 * <p>Use a {@link Promise} for a single occurrence with a result.
 *
 * <p><b>Order.</b> Setting the event makes all waiting tasks ready in the order of their arrival,
 * even if it is cleared at once. While the event is set, an await does not wait.
 *
 * <p><b>Cancellation.</b> A cancelled wait leaves the line and loses nothing; the event does not
 * change.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds the event to its loop, and a
 * wait in another loop fails. From other threads, set it with {@link EventLoop#callSoonThreadSafe}.
 *
 * <p><b>Cost.</b> A wait allocates one small object. If the event is set, the task keeps its turn.
 *
 * <p><b>Differences from Python.</b> {@code wait} is a final method of {@code Object}; its name
 * here is {@link #whenSet()}, which gives null instead of true.
 */
public final class AsyncEvent {
  private final WaitLine<WhenSet> line = new WaitLine<>(this);
  private boolean set;

  private AsyncEvent() {}

  /**
   * An event that is not set. No loop needs to run here.
   *
   * @return a new event
   */
  public static AsyncEvent open() {
    return new AsyncEvent();
  }

  /** Sets the event; all waiting tasks resume in the next round. Does nothing if it is set. */
  public void set() {
    line.check("set()");
    set = true;
    line.wakeAll();
  }

  /** Clears the event; later awaits wait. Does nothing if it is not set. */
  public void clear() {
    line.check("clear()");
    set = false;
  }

  /**
   * Whether the event is set.
   *
   * @return true between {@link #set} and {@link #clear}
   */
  public boolean isSet() {
    return set;
  }

  /**
   * Waits until the event is set; does not wait if it is. The event may be cleared again before the
   * task runs.
   *
   * @return an {@code Async} that gives null
   * @throws IllegalStateException from the await, if it has to wait and the event belongs to
   *     another loop
   */
  @CheckReturnValue
  public Async<@Nullable Void> whenSet() {
    return new WhenSet();
  }

  @Override
  public String toString() {
    return "event (" + (set ? "set" : "not set") + line.waiting() + ")";
  }

  private final class WhenSet extends QueuedParking<@Nullable Void> implements Selectable {
    @Override
    protected boolean isFree() {
      return set;
    }

    @Override
    protected boolean begin(Loop loop) {
      if (!set) {
        line.add(this, loop);
      }
      return set;
    }

    @Override
    protected void abandon() {
      line.remove(this);
    }

    @Override
    public String toString() {
      return "whenSet() of " + AsyncEvent.this;
    }
  }
}
