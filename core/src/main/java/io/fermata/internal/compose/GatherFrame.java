package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.Outcome;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.waiting.ChildrenWait;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame behind {@code gather}: it runs several awaitables at the same time, and waits for all
 * of them or for the first failure. A subclass makes the items of the result.
 *
 * <p><b>Guarantee.</b> If the await is cancelled, the frame ends only when all children have ended,
 * and throws that cancellation with their failures suppressed in it. Otherwise it ends with all
 * results, or at once with the first failure; the other children then go on.
 *
 * <p><b>Structure.</b> A child is the task or promise of one awaitable. A repeated awaitable has
 * one child, which stands in {@code children} once for each occurrence. {@link ChildrenWait}
 * collects the children that have ended; a cancellation of that wait cancels the others and is kept
 * as its interruption.
 *
 * <p><b>Protocol.</b> The frame starts all children, then repeats: look at the children that have
 * ended since the last time, and wait again while some have not. A cancellation arrives from the
 * wait if it came between the wake-up and the step; it is passed on then.
 *
 * <p><b>Rejected.</b> A wait that throws when it is cancelled. The frame would have to wait again
 * for the same children, and a cancelled scope would end each of these waits at once.
 */
public abstract class GatherFrame<T extends @Nullable Object, I extends @Nullable Object>
    extends LibraryFrame<List<I>> {
  private final List<Awaitable<? extends T>> awaitables;
  private final List<LoopDeferred<? extends T>> children = new ArrayList<>();
  private final ChildrenWait wait = new ChildrenWait();

  GatherFrame(Iterable<? extends Awaitable<? extends T>> awaitables) {
    List<Awaitable<? extends T>> all = new ArrayList<>();
    for (Awaitable<? extends T> each : Objects.requireNonNull(awaitables, "nothing to gather")) {
      if (each == null) {
        throw new NullPointerException("awaitable number " + all.size() + " of the gather is null");
      }
      all.add(each);
    }
    this.awaitables = all;
  }

  @Override
  protected final Collection<?> held() {
    return awaitables;
  }

  /** Whether a failure ends the frame before all children have ended. */
  abstract boolean endsWith(Throwable failure);

  /** The item of a child in the result. */
  abstract I item(LoopDeferred<? extends T> ended) throws Exception;

  @Override
  protected final int go(int place, @Nullable Object sent, @Nullable Throwable raised)
      throws Throwable {
    if (place == 0) {
      start();
    } else if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
      throw raised;
    }
    Cancelled interruption = wait.interruption();
    for (LoopDeferred<?> ended : wait.takeEnded()) {
      Throwable failure = ended.failure();
      if (failure == null) {
        continue;
      }
      if (interruption != null) {
        // A cancelled child has done what it was asked; any other failure must not get lost.
        Cancellations.replace(failure, interruption);
      } else if (endsWith(failure)) {
        wait.leave(); // the others go on
        throw failure;
      }
    }
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    if (interruption != null) {
      throw interruption;
    }
    List<I> result = new ArrayList<>(children.size());
    for (LoopDeferred<? extends T> child : children) {
      result.add(item(child));
    }
    return done(result);
  }

  private void start() {
    IdentityHashMap<Object, LoopDeferred<? extends T>> started = new IdentityHashMap<>();
    try {
      for (Awaitable<? extends T> awaitable : awaitables) {
        LoopDeferred<? extends T> child = started.get(awaitable);
        if (child == null) {
          child = (LoopDeferred<? extends T>) TaskStarter.ensure(awaitable);
          started.put(awaitable, child);
          wait.add(child);
        }
        children.add(child);
      }
    } catch (RuntimeException refused) {
      wait.leave();
      // The tasks that were started here have no other owner; promises and tasks of the caller do.
      started.forEach(
          (awaitable, child) -> {
            if (awaitable != child) {
              child.cancel("another awaitable of the gather cannot be started");
            }
          });
      throw refused;
    }
  }

  @Override
  protected final boolean isFuture() {
    return true;
  }

  @Override
  protected final String description() {
    return "gather of " + awaitables.size();
  }

  /** A gather of values, which the first failure ends. */
  public static final class Values<T extends @Nullable Object> extends GatherFrame<T, T> {
    public Values(Iterable<? extends Awaitable<? extends T>> awaitables) {
      super(awaitables);
    }

    @Override
    boolean endsWith(Throwable failure) {
      return true;
    }

    @Override
    T item(LoopDeferred<? extends T> ended) throws Exception {
      return ended.result();
    }
  }

  /** A gather of values and failures, which ends when all have ended. */
  public static final class Outcomes<T extends @Nullable Object>
      extends GatherFrame<T, Outcome<T>> {
    public Outcomes(Iterable<? extends Awaitable<? extends T>> awaitables) {
      super(awaitables);
    }

    @Override
    boolean endsWith(Throwable failure) {
      return false;
    }

    @Override
    Outcome<T> item(LoopDeferred<? extends T> ended) throws Exception {
      Throwable failure = ended.failure();
      return failure == null ? new Outcome.Value<>(ended.result()) : new Outcome.Failure<>(failure);
    }
  }
}
