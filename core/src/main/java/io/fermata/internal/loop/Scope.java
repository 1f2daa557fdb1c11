package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import org.jspecify.annotations.Nullable;

/**
 * A part of a task that is cancelled for good, or is shielded: the state behind a task group, a
 * timeout and {@code uncancellable}.
 *
 * <p><b>Structure.</b> The scopes of a task are a stack with {@link LoopTask#scope} on top. The
 * scope of a group lies below the lowest scope of its members, so all scopes form a tree. An await
 * may wait if no scope on the way to the root, or to the first shield, is cancelled.
 *
 * <p><b>Rejected.</b> A flag in each scope that is set from above: it has to be pushed down to
 * scopes in which nobody waits, and later scopes have to inherit it. Walks are short.
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

  /** Whether it holds back cancellations from outside until it is left. */
  protected boolean shields() {
    return false;
  }

  /** The time at which it cancels itself; {@link Long#MAX_VALUE} for never. */
  public long deadline() {
    return Long.MAX_VALUE;
  }

  /** Passes a cancellation on to the members of its group. */
  void interruptMembers() {}

  /** Cancels it for good: every wait in it ends, now and later. */
  public final void cancel(Cancelled why) {
    if (cancelled == null) {
      cancelled = why;
      host.interruptIn(this);
    }
  }

  /** The cancellation that an await in a scope throws, the outermost one; null for none. */
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
