package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import org.jspecify.annotations.Nullable;

/**
 * A part of a task that can be cancelled for good, or is protected from that: what stands behind
 * {@code TaskGroup}, {@code Timeout} and {@code Async.uncancellable}.
 *
 * <p>The scopes of a task are a stack, {@link LoopTask#scope} is its top; under the lowest one of a
 * group's member lies the scope of the group. So all scopes form a tree, and the question whether
 * an await may wait is a walk to the root, or to the first that shields what is in it.
 *
 * <p><b>Rejected.</b> A flag in each scope that is set from above: it has to be pushed down to
 * scopes that do not wait, and taken over by those that are entered later. Walks are short.
 */
public class Scope {
  public final LoopTask<?> host;
  public final @Nullable Scope parent;

  /** Set once, when it is cancelled. */
  public @Nullable Cancelled cancelled;

  /** Enters it. */
  public Scope(LoopTask<?> host) {
    this.host = host;
    this.parent = host.scope;
    host.scope = this;
  }

  /** Leaves it. */
  public final void leave() {
    assert host.scope == this : "scopes are left in the order in which they lie on each other";
    host.scope = parent;
  }

  /** Whether cancellations from outside wait until it is left. */
  protected boolean shields() {
    return false;
  }

  /** When it is cancelled by itself; {@link Long#MAX_VALUE} for never. */
  public long deadline() {
    return Long.MAX_VALUE;
  }

  /** Passes a cancellation on to the tasks that run in it beside its own. */
  void interruptMembers() {}

  /** Cancels it for good: whatever waits in it, and whatever will. */
  public final void cancel(Cancelled why) {
    if (cancelled == null) {
      cancelled = why;
      host.interruptIn(this);
    }
  }

  /** What an await in a scope has to throw: what the outermost one was cancelled with; or null. */
  public static @Nullable Cancelled cancellation(@Nullable Scope innermost) {
    Cancelled found = null;
    for (Scope scope = innermost; scope != null; scope = scope.parent) {
      if (scope.cancelled != null) {
        found = scope.cancelled;
      }
      if (scope.shields()) {
        break;
      }
    }
    return found;
  }
}
