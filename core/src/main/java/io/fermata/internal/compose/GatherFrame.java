package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.Outcome;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.waiting.ChildrenWait;
import java.util.ArrayList;
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
 * <p><b>Structure.</b> A child is the task or promise of one awaitable. {@link ChildrenWait}
 * collects the children that have ended; a cancellation of that wait cancels the others and is kept
 * as its interruption.
 *
 * <p><b>Protocol.</b> The frame starts as many children as may run, then repeats: look at the
 * children that have ended since the last time, start others in their place, and wait again while
 * some have not ended. A cancellation arrives from the wait if it came between the wake-up and the
 * step; it is passed on then.
 *
 * <p><b>Rejected.</b> A wait that throws when it is cancelled. The frame would have to wait again
 * for the same children, and a cancelled scope would end each of these waits at once.
 */
public abstract class GatherFrame<T extends @Nullable Object, I extends @Nullable Object>
    extends LibraryFrame<List<I>> {
  private final Iterable<? extends Awaitable<? extends T>> awaitables;

  /** So many run at the same time. */
  private final int most;

  private final OwnChildren<T> children = new OwnChildren<>("the gather");
  private final ChildrenWait wait = children.wait;

  /** Those that have not begun; null before the first step. */
  private @Nullable Iterator<? extends Awaitable<? extends T>> rest;

  GatherFrame(Iterable<? extends Awaitable<? extends T>> awaitables) {
    this.awaitables = OwnChildren.copy(awaitables, "the gather");
    this.most = Integer.MAX_VALUE;
  }

  /** Reads the awaitables when they can begin. */
  GatherFrame(Iterable<? extends Awaitable<? extends T>> awaitables, int most) {
    this.awaitables = Objects.requireNonNull(awaitables, "nothing to gather");
    this.most = OwnChildren.limit(most);
  }

  /** Whether a failure ends the frame before all children have ended. */
  abstract boolean endsWith(Throwable failure);

  /** The item of a child in the result. */
  abstract I item(LoopDeferred<? extends T> ended) throws Exception;

  @Override
  protected final int go(int place, @Nullable Object sent, @Nullable Throwable raised)
      throws Throwable {
    if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
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
    if (interruption == null) {
      startMore();
    }
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    if (interruption != null) {
      throw interruption;
    }
    List<I> result = new ArrayList<>(children.all.size());
    for (LoopDeferred<? extends T> child : children.all) {
      result.add(item(child));
    }
    return done(result);
  }

  private void startMore() {
    try {
      Iterator<? extends Awaitable<? extends T>> more = rest;
      if (more == null) {
        more = awaitables.iterator();
        rest = more;
      }
      while (wait.left() < most && more.hasNext()) {
        children.start(more.next());
      }
    } catch (RuntimeException | Error refused) {
      children.abandon("another awaitable of the gather cannot be started");
      throw refused;
    }
  }

  @Override
  protected final boolean isFuture() {
    return true;
  }

  @Override
  protected final String description() {
    return most == Integer.MAX_VALUE
        ? "gather of " + ((List<?>) awaitables).size()
        : "gather of at most " + most + " at a time, " + children.all.size() + " begun";
  }

  /** A gather of values, which the first failure ends. */
  public static final class Values<T extends @Nullable Object> extends GatherFrame<T, T> {
    public Values(Iterable<? extends Awaitable<? extends T>> awaitables) {
      super(awaitables);
    }

    public Values(Iterable<? extends Awaitable<? extends T>> awaitables, int most) {
      super(awaitables, most);
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

    public Outcomes(Iterable<? extends Awaitable<? extends T>> awaitables, int most) {
      super(awaitables, most);
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
