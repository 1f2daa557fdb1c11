package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.Outcome;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.ChildrenWait;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
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
 * <p><b>Protocol.</b> The frame starts children up to its limit, then repeats: look at the children
 * that have ended since the last time, start others in their place, and wait again while some have
 * not ended. A cancellation arrives from the wait if it came between the wake-up and the step; it
 * is passed on then. If a child cannot be started, or the iterable fails, those that were started
 * are cancelled, and the frame ends with that failure when they have ended.
 *
 * <p><b>Rejected.</b> A wait that throws when it is cancelled. The frame would have to wait again
 * for the same children, and a cancelled scope would end each of these waits at once.
 */
public abstract class GatherFrame<T extends @Nullable Object, I extends @Nullable Object>
    extends LibraryFrame<List<I>> {
  /** The number of the awaitables; -1 if there is a limit, as they are read one by one. */
  private final int size;

  private final Iterable<? extends Awaitable<? extends T>> awaitables;

  /** So many children run at a time. */
  private final int limit;

  /** The rest of the awaitables; null before the first step. */
  private @Nullable Iterator<? extends Awaitable<? extends T>> rest;

  private final List<LoopDeferred<? extends T>> children = new ArrayList<>();
  private final IdentityHashMap<Object, LoopDeferred<? extends T>> started =
      new IdentityHashMap<>();

  /** Why no more can be started. */
  private @Nullable RuntimeException refusal;

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
    this.size = all.size();
    this.limit = Integer.MAX_VALUE;
  }

  /** It reads an awaitable when one may start. */
  GatherFrame(Iterable<? extends Awaitable<? extends T>> awaitables, int limit) {
    this.awaitables = Objects.requireNonNull(awaitables, "nothing to gather");
    this.size = -1;
    this.limit = checked(limit);
  }

  /** A limit of those that run at a time. */
  public static int checked(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException(
          "a limit of " + limit + ": at least 1 has to run, or nothing would ever end");
    }
    return limit;
  }

  @Override
  protected final Collection<?> held() {
    return size < 0 ? List.of() : (Collection<?>) awaitables;
  }

  /** Whether a failure ends the frame before all children have ended. */
  abstract boolean endsWith(Throwable failure);

  /** The item of a child in the result. */
  abstract I item(LoopDeferred<? extends T> ended) throws Exception;

  @Override
  protected final int go(int place, @Nullable Object sent, @Nullable Throwable raised)
      throws Throwable {
    if (place == 0) {
      rest = awaitables.iterator();
    } else if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
      throw raised;
    }
    Cancelled interruption = wait.interruption();
    for (LoopDeferred<?> ended : wait.takeEnded()) {
      Throwable failure = ended.failure();
      if (failure == null) {
        continue;
      }
      RuntimeException refused = refusal;
      if (refused != null && interruption == null) {
        Cancellations.failuresIn(failure).forEach(each -> Throwing.suppress(refused, each));
      } else if (interruption != null) {
        // A cancelled child has done what it was asked; any other failure must not get lost.
        Cancellations.replace(failure, interruption);
      } else if (endsWith(failure)) {
        wait.leave(); // the others go on
        throw failure;
      }
    }
    if (interruption == null && refusal == null) {
      start();
    }
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    RuntimeException refused = refusal;
    if (interruption != null) {
      throw refused == null ? interruption : Cancellations.replace(refused, interruption);
    }
    if (refused != null) {
      throw refused;
    }
    List<I> result = new ArrayList<>(children.size());
    for (LoopDeferred<? extends T> child : children) {
      result.add(item(child));
    }
    return done(result);
  }

  private void start() {
    Iterator<? extends Awaitable<? extends T>> source = Objects.requireNonNull(rest);
    try {
      while (wait.left() < limit && source.hasNext()) {
        Awaitable<? extends T> awaitable =
            Objects.requireNonNull(source.next(), "an awaitable of the gather is null");
        LoopDeferred<? extends T> child = started.get(awaitable);
        if (child == null) {
          child = (LoopDeferred<? extends T>) TaskStarter.ensure(awaitable);
          started.put(awaitable, child);
          wait.add(child);
        }
        children.add(child);
      }
    } catch (RuntimeException refused) {
      refusal = refused;
      // The tasks that were started here have no other owner; promises and tasks of the caller do.
      wait.letGo();
      started.forEach(
          (awaitable, child) -> {
            if (awaitable != child && !child.done()) {
              child.cancel("another awaitable of the gather cannot be started");
              wait.add(child);
            }
          });
    }
  }

  @Override
  protected final boolean isFuture() {
    return true;
  }

  @Override
  protected final String description() {
    return "gather of " + (size < 0 ? children.size() + " so far" : size);
  }

  /** A gather of values, which the first failure ends. */
  public static final class Values<T extends @Nullable Object> extends GatherFrame<T, T> {
    public Values(Iterable<? extends Awaitable<? extends T>> awaitables) {
      super(awaitables);
    }

    public Values(Iterable<? extends Awaitable<? extends T>> awaitables, int limit) {
      super(awaitables, limit);
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

    public Outcomes(Iterable<? extends Awaitable<? extends T>> awaitables, int limit) {
      super(awaitables, limit);
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
