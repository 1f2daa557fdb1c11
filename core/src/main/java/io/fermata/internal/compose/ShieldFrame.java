package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Deferred;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Listener;
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
      implements DependentWait {
    private final LoopDeferred<T> watched;
    private final Listener listener =
        new Listener() {
          @Override
          public void run() {
            isCalledBack = true;
            passOutcome();
          }
        };

    /** Whether a callback of {@link #watched} wakes the awaiter. */
    private boolean isCalledBack;

    ShieldedWait(Deferred<T> watched) {
      this.watched = (LoopDeferred<T>) watched;
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
      watched.listen(listener);
      return false;
    }

    @Override
    protected void abandon() {
      watched.forget(listener);
      watched.leaveAlone();
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
