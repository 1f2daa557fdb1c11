package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame of an awaitable that cancellations from outside do not reach. They are delivered after
 * it.
 */
public final class UncancellableFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private final Awaitable<T> awaited;
  private @Nullable Scope scope;

  /** What reached its task before: it is the cleanup after that, which is not thrown again. */
  private @Nullable Cancelled before;

  public UncancellableFrame(Awaitable<T> awaited) {
    this.awaited = awaited;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      LoopTask<?> task = LoopTask.entering("Async.uncancellable");
      before = Scope.cancellation(task.scope);
      scope = Scope.shield(task);
      return awaiting(awaited, 1);
    }
    Scope entered = Objects.requireNonNull(scope);
    entered.leave();
    if (raised != null) {
      throw raised;
    }
    // Without a failure of its own, the frame delivers what came meanwhile: a request first.
    Cancelled delayed = entered.host.takeRequest();
    if (delayed == null) {
      delayed = Scope.cancellation(entered.host.scope);
    }
    if (delayed != null && delayed != before) {
      throw delayed;
    }
    return done(sent);
  }

  @Override
  protected @Nullable Object core() {
    return awaited;
  }

  @Override
  protected String description() {
    return "uncancellable " + awaited;
  }
}
