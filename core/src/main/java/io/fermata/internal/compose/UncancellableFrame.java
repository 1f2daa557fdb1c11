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

  /**
   * Whether a scope around it was cancelled before. The awaitable is the cleanup after that
   * cancellation, which is then not thrown again here.
   */
  private boolean isCleanup;

  private static final class Shield extends Scope {
    Shield(LoopTask<?> host) {
      super(host);
    }

    @Override
    protected boolean shields() {
      return true;
    }
  }

  public UncancellableFrame(Awaitable<T> awaited) {
    this.awaited = awaited;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      LoopTask<?> task = LoopTask.entering("Async.uncancellable");
      isCleanup = Scope.cancellation(task.scope) != null;
      scope = new Shield(task);
      return awaiting(awaited, 1);
    }
    Scope entered = Objects.requireNonNull(scope);
    entered.leave();
    if (raised != null) {
      throw raised;
    }
    // Without a failure of its own, the frame delivers what came meanwhile: a request first.
    Cancelled delayed = entered.host.takeRequest();
    if (delayed == null && !isCleanup) {
      delayed = Scope.cancellation(entered.host.scope);
    }
    if (delayed != null) {
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
