package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.flow.SignalledFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.SteppedGenerator;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value that changes, and the tasks that wait for its changes.
 *
 * <pre>{@code
 * AsyncState<Integer> connections = AsyncState.of(0);
 * connections.update(n -> n + 1);
 *
 * int free = co.await(connections.until(n -> n < 10));
 * co.await(connections.values().forEach((in, n) -> System.out.println(n)));
 * }</pre>
 *
 * <p>Use an {@link AsyncEvent} for a flag, an {@link AsyncBroadcast} if nobody may miss a value.
 *
 * <p><b>Cancellation.</b> A cancelled wait or step loses nothing.
 *
 * <p><b>Shutdown.</b> After {@link #shutdown} the value stays, and every change is refused with
 * {@link QueueShutDown}. {@link #values} end after the last value; {@link #until} throws {@link
 * QueueShutDown}, unless the value fulfils its condition.
 *
 * <p><b>Threading.</b> For tasks of one loop: the first wait binds the state to its loop. Other
 * threads may ask for the {@link #value}, without a promise of how fresh it is; they change it with
 * {@link EventLoop#callSoonThreadSafe}.
 *
 * <p><b>Cost.</b> A change takes time that is linear in the number of waiting tasks.
 *
 * <p>asyncio has no such class; the ideas are those of {@code StateFlow} in kotlinx.coroutines and
 * {@code watch} in tokio.
 *
 * @param <T> the type of the value; it should have an {@code equals}
 */
public final class AsyncState<T extends @Nullable Object> {
  private final WaitLine<Until> line = new WaitLine<>(this);
  private final Set<Values> readers = new LinkedHashSet<>();
  private T value;
  private boolean shutDown;

  private AsyncState(T value) {
    this.value = value;
  }

  /**
   * A state with a first value.
   *
   * @param value the value; may be null
   * @param <T> the type of the value
   * @return a new state
   */
  public static <T extends @Nullable Object> AsyncState<T> of(T value) {
    return new AsyncState<>(value);
  }

  /**
   * The present value.
   *
   * @return the value
   */
  public T value() {
    return value;
  }

  /**
   * Sets the value. If it is equal to the present one, nobody is told.
   *
   * @param next the new value
   * @throws QueueShutDown if the state is shut down
   */
  public void set(T next) {
    check("set()");
    change(next);
  }

  /**
   * Sets the value if the present one is equal to another.
   *
   * @param expected what the present value must be equal to
   * @param next the new value
   * @return whether it was set
   * @throws QueueShutDown if the state is shut down
   */
  public boolean compareAndSet(T expected, T next) {
    check("compareAndSet()");
    if (!Objects.equals(value, expected)) {
      return false;
    }
    change(next);
    return true;
  }

  /**
   * Computes the new value from the present one. What the function throws comes out, and nothing
   * has changed.
   *
   * @param function gives the new value; must not change this state itself
   * @return the new value
   * @throws QueueShutDown if the state is shut down
   */
  public T update(UnaryOperator<T> function) {
    check("update()");
    T next = function.apply(value);
    change(next);
    return next;
  }

  private void check(String call) {
    line.check(call);
    if (shutDown) {
      throw refusal("change");
    }
  }

  private QueueShutDown refusal(String action) {
    return new QueueShutDown("cannot " + action + " a state that was shut down: " + this);
  }

  private void change(T next) {
    boolean isSame = Objects.equals(value, next);
    value = next;
    if (isSame) {
      return;
    }
    readers.forEach(Values::changed);
    Until each = line.first();
    while (each != null) {
      Until following = line.next(each);
      each.changed(next);
      each = following;
    }
  }

  /**
   * Waits until the value fulfils a condition; does not wait if it does. The condition is tested at
   * once and at each change, by whoever changes the value: it must be quick, and not change
   * anything. If it throws, the await throws that.
   *
   * @param condition the condition
   * @return an {@code Async} that gives the value that fulfilled it; it may have changed again
   *     since
   * @throws QueueShutDown from the await, if the state is shut down and the value does not fulfil
   *     it
   */
  @CheckReturnValue
  public Async<T> until(Predicate<? super T> condition) {
    return new Until(Objects.requireNonNull(condition, "the condition is null"));
  }

  /**
   * The values from now on: the present one of the first step, and then at each step the newest, as
   * soon as it differs from the one before. A step that comes late misses those between.
   *
   * @return a new generator; closing it is not needed, but frees it sooner
   */
  @CheckReturnValue
  public AsyncGenerator<T> values() {
    return new SteppedGenerator<>(new Values());
  }

  /** Shuts the state down. A second call does nothing. */
  public void shutdown() {
    line.check("shutdown()");
    if (shutDown) {
      return;
    }
    shutDown = true;
    readers.forEach(Values::changed);
    for (Until each = line.poll(); each != null; each = line.poll()) {
      each.fail(refusal("wait for"));
    }
  }

  @Override
  public String toString() {
    return "state" + line.waiting() + (shutDown ? ", shut down" : "");
  }

  private final class Until extends QueuedParking<T> implements Selectable {
    private final Predicate<? super T> condition;

    Until(Predicate<? super T> condition) {
      this.condition = condition;
    }

    @Override
    public boolean isReady(LoopTask<?> task) {
      try {
        return shutDown || condition.test(value);
      } catch (Throwable failure) {
        return true; // and throws again in begin()
      }
    }

    @Override
    protected boolean begin(Loop loop) {
      T present = value;
      if (condition.test(present)) {
        give(present);
        return true;
      }
      if (shutDown) {
        throw refusal("wait for");
      }
      line.add(this, loop);
      return false;
    }

    void changed(T next) {
      if (!line.contains(this)) {
        return; // a condition has changed the state
      }
      boolean isOver;
      try {
        isOver = condition.test(next);
      } catch (Throwable failure) {
        line.remove(this);
        fail(failure);
        return;
      }
      if (isOver && line.contains(this)) {
        line.remove(this);
        give(next);
      }
    }

    @Override
    protected void abandon() {
      line.remove(this);
    }

    @Override
    public String toString() {
      return "until() of " + AsyncState.this;
    }
  }

  /** The frame of {@link #values}. It is a reader only while a step waits. */
  private final class Values extends SignalledFrame<T> {
    private boolean hasYielded;
    private @Nullable T yielded;

    @Override
    public boolean isReady(LoopTask<?> task) {
      return !hasYielded || shutDown || !Objects.equals(yielded, AsyncState.this.value);
    }

    @Override
    protected boolean isAtEnd() {
      return hasYielded && Objects.equals(yielded, AsyncState.this.value);
    }

    @Override
    protected T take(LoopTask<?> task) {
      readers.remove(this);
      hasYielded = true;
      T newest = AsyncState.this.value;
      yielded = newest;
      return newest;
    }

    @Override
    protected void bind(LoopTask<?> task) {
      line.bind(task.loop);
      readers.add(this);
    }

    void changed() {
      tell();
    }

    @Override
    protected void ended() {
      readers.remove(this);
      yielded = null;
    }

    @Override
    public String toString() {
      return "values of " + AsyncState.this;
    }
  }
}
