package io.fermata.async;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of a task that cancellations from outside do not reach. */
final class UncancellableFrame<T extends @Nullable Object> extends Composed<T> {
  private final Awaitable<T> awaited;
  private @Nullable Scope scope;

  /** A scope around it was cancelled before: it is the cleanup. */
  private boolean isCleanup;

  private static final class Shield extends Scope {
    Shield(LoopTask<?> host) {
      super(host);
    }

    @Override
    boolean shields() {
      return true;
    }
  }

  UncancellableFrame(Awaitable<T> awaited) {
    this.awaited = awaited;
  }

  @Override
  int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
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
    Cancelled waited = entered.host.takeRequest();
    if (waited == null && !isCleanup) {
      waited = Scope.cancellation(entered.host.scope);
    }
    if (waited != null) {
      throw waited;
    }
    return done(sent);
  }

  @Override
  String what() {
    return "uncancellable " + awaited;
  }
}
