package io.fermata.async;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import org.jspecify.annotations.Nullable;

/**
 * A flag that tasks can wait for, to be set and cleared any number of times. Python: {@code
 * asyncio.Event}.
 *
 * <pre>{@code
 * AsyncEvent ready = AsyncEvent.open();
 * Task.start(Async.action(co -> { co.await(warmUp()); ready.set(); }));
 * co.await(ready.whenSet());
 * }</pre>
 *
 * <p>For something that happens once and has a result, use a {@link Promise}.
 *
 * <p><b>Order.</b> Setting it makes all that wait ready, in the order in which they came, even if
 * it is cleared again at once. Whoever asks while it is set does not wait at all.
 *
 * <p><b>Cancellation.</b> One that is cancelled does not wait any more; nothing is lost, as the
 * event stays as it is.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first task that has to wait binds it to its loop,
 * and a wait in another loop is refused. From other threads, set it by {@link
 * Loop#callSoonThreadSafe}.
 *
 * <p><b>Cost.</b> A wait is one small object; if the event is set, the task keeps its turn.
 *
 * <p><b>Differences from Python.</b> {@code wait} is a final method of {@code Object}, so it is
 * {@link #whenSet()}, and it gives null, not true.
 */
public final class AsyncEvent {
  private final WaitLine<WhenSet> line = new WaitLine<>(this);
  private boolean set;

  private AsyncEvent() {}

  /**
   * An event that is not set. It need not be made in a loop.
   *
   * @return a new event
   */
  public static AsyncEvent open() {
    return new AsyncEvent();
  }

  /** Sets it, and has all that wait go on in the next round; nothing if it is set. */
  public void set() {
    line.check("set()");
    set = true;
    line.wakeAll();
  }

  /** Has those who come from now on wait; nothing if it is not set. */
  public void clear() {
    line.check("clear()");
    set = false;
  }

  /**
   * Whether it is set.
   *
   * @return true between {@link #set} and {@link #clear}
   */
  public boolean isSet() {
    return set;
  }

  /**
   * Waits until it is set; not at all if it is. When the task runs again, it may have been cleared.
   *
   * @return gives null
   * @throws IllegalStateException from the await, if it has to wait, and tasks of another loop have
   *     waited for this event
   */
  public Async<@Nullable Void> whenSet() {
    return new WhenSet();
  }

  @Override
  public String toString() {
    return "event (" + (set ? "set" : "not set") + line.waiting() + ")";
  }

  private final class WhenSet extends QueuedParking<@Nullable Void> {
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
