package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a task that is cancelled for good, or is shielded: the state behind a task group, a
 * timeout and {@code uncancellable}.
 *
 * <p><b>Structure.</b> The scopes of a task are a stack with {@link LoopTask#scope} on top. The
 * scope of a group lies below the lowest scope of its members, so all scopes form a tree. An await
 * may wait if no scope on the way to the root, or to the first shield, is cancelled.
 *
 * <p><b>Cost.</b> Each scope knows what reaches it, so an await need not look at those around it. A
 * cancellation tells all scopes within; a scope that is entered asks the one around it.
 */
public class Scope {
  public final LoopTask<?> host;
  public final @Nullable Scope parent;

  /** Set once, when it is cancelled. */
  public @Nullable Cancelled cancelled;

  /** The cancellation of the outermost scope that reaches the awaits in it; null if none does. */
  private @Nullable Cancelled reaching;

  /** Whether cancellations from outside wait until it is left. */
  private final boolean isShield;

  /** Whether requests to its task wait, for it or for a scope around it. */
  final boolean holdsRequests;

  /** The requests that its task had got when it was entered, without those taken back since. */
  int gotBefore;

  /** Enters it. */
  public Scope(LoopTask<?> host) {
    this(host, false);
  }

  private Scope(LoopTask<?> host, boolean isShield) {
    this.host = host;
    this.parent = host.scope;
    this.isShield = isShield;
    this.holdsRequests = isShield || host.isShielded();
    this.reaching = isShield ? null : cancellation(parent);
    this.gotBefore = host.gotRequests();
    host.scope = this;
  }

  /** Enters a scope that holds cancellations back until it is left. */
  public static Scope shield(LoopTask<?> host) {
    return new Scope(host, true);
  }

  /** Leaves it. */
  public final void leave() {
    assert host.scope == this : "scopes are left in the order in which they lie on each other";
    host.scope = parent;
  }

  /** The time at which it cancels itself; {@link Long#MAX_VALUE} for never. */
  public long deadline() {
    return Long.MAX_VALUE;
  }

  /** Cancels it for good: every wait in it ends, now and later. */
  public final void cancel(Cancelled why) {
    if (cancelled == null) {
      cancelled = why;
      if (reaching == null) { // else all that wait in it know of an outer one
        CancelWalk.in(this);
      }
    }
  }

  /**
   * Notes that a scope was cancelled in all scopes of a task that it reaches.
   *
   * @param within the innermost scope of the task
   * @param source the scope, if it is one of the task
   * @param outside the first scope around these that was told already, or is not meant
   * @return the groups that it reaches, the innermost first
   */
  static List<GroupScope> reach(
      Cancelled why, @Nullable Scope within, @Nullable Scope source, @Nullable Scope outside) {
    Scope from = within; // what lies in a shield is not reached
    for (Scope each = within; each != null && each != outside; each = each.parent) {
      if (each.isShield && each != source) {
        from = each.parent;
      }
    }
    List<GroupScope> groups = new ArrayList<>(0);
    for (Scope each = from; each != null && each != outside; each = each.parent) {
      each.reaching = why;
      if (each instanceof GroupScope group) {
        groups.add(group);
      }
    }
    return groups;
  }

  /**
   * Whether its task has got a request while it was in it. One that was taken back does not count.
   */
  public final boolean gotRequest() {
    return host.gotRequests() > gotBefore;
  }

  /** Whether a request has come to its task that shields around it let through. */
  final boolean hasRequest() {
    return gotRequest() || (host.hasUndeliveredRequest() && !holdsRequests);
  }

  /** Has the next await throw a request that its task has got in it. */
  public final void requestAgain(Cancelled why) {
    host.requestAgain(why, gotBefore);
  }

  /** The cancellation that an await in a scope throws, the outermost one; null for none. */
  public static @Nullable Cancelled cancellation(@Nullable Scope innermost) {
    return innermost == null ? null : innermost.reaching;
  }
}
