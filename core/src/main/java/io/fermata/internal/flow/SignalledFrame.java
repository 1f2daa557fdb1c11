package io.fermata.internal.flow;

import io.fermata.internal.loop.Interruption;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.SelectableSource;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.Inspection;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a generator whose step waits until there is something, and then takes it. A step
 * that is cancelled has taken nothing, and leaves the generator as it was.
 *
 * <pre>
 * CREATED, REST -&gt; WAITS    nothing is there
 * CREATED, REST -&gt; REST     it yields
 * WAITS         -&gt; WAITS    what it was woken for is gone
 * WAITS         -&gt; REST     it yields, or the wait was cancelled: the step throws
 * any           -&gt; (over)   the end, aclose or athrow
 * </pre>
 */
public abstract class SignalledFrame<T extends @Nullable Object> extends AsyncGeneratorFrame<T>
    implements SelectableSource {
  private static final int REST = 1;
  private static final int WAITS = 2;

  /** The step that waits; null if none does. */
  private @Nullable Signal waiting;

  /** Whether a step need not wait. */
  @Override
  public abstract boolean isReady(LoopTask<?> task);

  /** Whether the next step ends it. Only if it is ready. */
  protected abstract boolean isAtEnd();

  /** Takes the next value. Only if it is ready, and not at its end. */
  protected abstract T take(LoopTask<?> task);

  /** A task of a loop waits: others are refused from now on. */
  protected void bind(LoopTask<?> task) {}

  /** Wakes the step that waits. */
  protected final void tell() {
    Signal woken = waiting;
    if (woken != null) {
      waiting = null;
      woken.give(null);
    }
  }

  @Override
  public Selectable untilReady(LoopTask<?> task) {
    return new Signal(this);
  }

  final void wait(Signal signal) {
    bind(LoopTask.entering("a step of an async generator"));
    waiting = signal;
  }

  final void forget() {
    waiting = null;
  }

  @Override
  protected final int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    int place = state & PLACE;
    state = RUNNING;
    if (raised != null) {
      if (place != WAITS) {
        throw raised;
      }
      value = new Interruption(raised);
      state = REST;
      return YIELDED;
    }
    LoopTask<?> task = LoopTask.entering("a step of an async generator");
    if (!isReady(task)) {
      value = untilReady(task);
      state = WAITS;
      return DELEGATED;
    }
    if (isAtEnd()) {
      return RETURNED;
    }
    value = offered(take(task));
    state = REST;
    return YIELDED;
  }

  @Override
  protected void ended() {}

  @Override
  protected final Inspection inspect() {
    return new LibraryFrame.View(toString(), null);
  }

  /** A noun for messages. */
  @Override
  public abstract String toString();
}
