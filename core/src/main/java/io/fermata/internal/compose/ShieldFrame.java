package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Deferred;
import io.fermata.async.LoopFailure;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.waiting.Parking;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The frame of a wait for a task or promise that is not cancelled with the wait. */
public final class ShieldFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private final Awaitable<T> awaited;

  public ShieldFrame(Awaitable<T> awaited) {
    this.awaited = awaited;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      throw raised;
    }
    return place == 0 ? awaiting(new ShieldedWait<>(TaskStarter.ensure(awaited)), 1) : done(sent);
  }

  @Override
  protected boolean isFuture() {
    return true;
  }

  @Override
  protected @Nullable Object core() {
    return awaited;
  }

  @Override
  protected String description() {
    return "shield of " + awaited;
  }

  /** A wait whose cancellation does not reach the awaited task or promise. */
  static final class ShieldedWait<T extends @Nullable Object> extends Parking<T>
      implements Consumer<Deferred<T>>, DependentWait {
    private final LoopDeferred<T> watched;

    /** Whether a callback of {@link #watched} wakes the awaiter. */
    private boolean isCalledBack;

    ShieldedWait(Deferred<T> watched) {
      this.watched = (LoopDeferred<T>) watched;
    }

    @Override
    public void accept(Deferred<T> done) {
      isCalledBack = true;
      passOutcome();
    }

    @Override
    public void wake(LoopTask<?> task) {
      // As in asyncio, a task that only shields ends in the callback, not a round later.
      if (isCalledBack) {
        task.follow();
      } else {
        task.wake();
      }
    }

    private void passOutcome() {
      Throwable failure = watched.failure();
      watched.markRetrieved(); // the awaiter gets the failure, so it is not reported
      try {
        if (failure == null) {
          give(watched.result());
        } else {
          fail(failure);
        }
      } catch (Exception impossible) {
        fail(impossible);
      }
    }

    @Override
    protected boolean begin(Loop loop) {
      if (watched.done()) {
        passOutcome();
        return true;
      }
      watched.addDoneCallback(this);
      return false;
    }

    @Override
    protected void abandon() {
      watched.removeDoneCallback(this);
      watched.addDoneCallback(ShieldedWait::endedAlone);
    }

    /** Called at an end after the awaiter has left. Reports a failure that nobody else gets. */
    private static void endedAlone(Deferred<?> ended) {
      LoopDeferred<?> orphan = (LoopDeferred<?>) ended;
      if (orphan.isUnretrieved()) {
        // Behind the tasks that this end has woken: one of them may retrieve the failure.
        orphan.loop.callSoon(() -> report(orphan));
      }
    }

    private static void report(LoopDeferred<?> orphan) {
      Throwable failure = orphan.failure();
      if (failure != null && orphan.isUnretrieved()) {
        orphan.markRetrieved();
        orphan.loop.report(
            new LoopFailure(
                orphan.noun() + " failed after the awaiter of its shield was cancelled",
                failure,
                orphan));
      }
    }

    @Override
    public void forEachAwaited(Consumer<? super LoopDeferred<?>> action) {
      action.accept(watched);
    }

    @Override
    public String toString() {
      return "shielded " + watched;
    }
  }
}
