package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cancellation of a task: the requests to it, the scopes that it is in, and its wait.
 *
 * <p><b>Guarantee.</b> A request is delivered once: the await that is under way, or the next one,
 * throws it. A cancelled scope is not a request: every await in it throws. A request waits while a
 * scope shields the task.
 *
 * <p><b>Protocol.</b> Two parties cancel a wait. {@link #cancel} makes a request and asks {@link
 * #waitsFor} to undo itself. {@link #interruptIn} comes from a scope, once per wait. Either way
 * {@link Waitable#undo} decides: true means that it has ended the wait, or has passed the
 * cancellation on and ends the wait later; false means that the wait was over already, and the
 * task, which is ready, finds the request in its step.
 *
 * <p><b>Chains.</b> A task that awaits a task passes a request on, to the last one of the chain, in
 * a loop: chains are longer than the Java stack. While a task passes a cancellation on, it takes no
 * other: tasks that await each other in a circle would pass it on for ever.
 *
 * <pre>
 * wait      what                                      leaves by
 * NONE      it has not begun, runs or has ended       parked() -&gt; WAITING
 * WAITING   waitsFor may be undone                    interrupt() -&gt; TOLD
 * TOLD      as WAITING, and the wait was told of a
 *           cancelled scope; it is not told again     the next wait -&gt; WAITING
 * PASSING   from WAITING or TOLD: a cancellation is
 *           on its way to what it waits for           its return -&gt; the state before
 * LEFT      it is ready, and what it waits for goes
 *           on, as that cannot end before this task   --
 * all but NONE: the step of the task -&gt; NONE
 * </pre>
 *
 * <p>Belongs to the loop's thread.
 */
abstract class CancellableTask<T extends @Nullable Object> extends LoopDeferred<T>
    implements Task<T>, Parked {
  private static final byte NONE = 0;
  private static final byte WAITING = 1;
  private static final byte TOLD = 2;

  /** Added to {@link #WAITING} or {@link #TOLD}. */
  private static final byte PASSING = 4;

  private static final byte LEFT = 8;

  /** What it was parked on last; null while it runs, and before. */
  private @Nullable Waitable waitsFor;

  /** See the table above. */
  private byte wait = NONE;

  /** A request that was not delivered yet. */
  private @Nullable Cancelled request;

  /** All requests that were not taken back by {@link #uncancel}. */
  private int requests;

  /** The innermost scope that it is in. */
  public @Nullable Scope scope;

  final @Nullable GroupScope group;

  CancellableTask(Loop loop, @Nullable GroupScope group) {
    super(loop);
    this.group = group;
    this.scope = group;
  }

  // The wait

  /** An await has to wait. */
  final void parked(Waitable waitable) {
    waitsFor = waitable;
    wait = WAITING;
    // The request or the cancelled scope may be older than this wait.
    if (request != null || scope != null) {
      interrupt();
    }
  }

  /** A step begins: takes what it waited for; null if this is the first step. */
  final @Nullable Waitable resumed() {
    Waitable waitable = waitsFor;
    waitsFor = null;
    wait = NONE;
    return waitable;
  }

  /** What it waits for; null if it does not wait. */
  public final @Nullable Waitable waitsFor() {
    return waitsFor;
  }

  /**
   * Becomes ready to be cancelled, as what it waits for cannot end before this task does. The
   * caller has forgotten that this task waits.
   */
  public final void leave() {
    wait = LEFT;
    wake();
  }

  /** Whether it is passing a cancellation on. */
  public final boolean isPassing() {
    return (wait & PASSING) != 0;
  }

  private void beginPassing() {
    wait |= PASSING;
  }

  private void endPassing() {
    wait &= ~PASSING; // no change if it was left meanwhile
  }

  // Requests

  @Override
  public final boolean cancel(@Nullable String reason) {
    loop.check(this, "cancel()");
    if (done() || isPassing()) {
      return false;
    }
    // Every task of the chain gets the request, so that cancelling() counts it. Only the last one
    // has
    // something to undo; its end wakes the one before, and so on up.
    List<CancellableTask<?>> chain = new ArrayList<>();
    CancellableTask<?> last = this;
    last.ask(reason);
    for (CancellableTask<?> next = last.passesOnTo(); next != null; next = last.passesOnTo()) {
      last.beginPassing();
      chain.add(last);
      last = next;
      last.ask(reason);
    }
    try {
      last.endWait();
      chain.forEach(each -> each.request = null); // the last one has it, and ends before them
    } finally {
      chain.forEach(CancellableTask::endPassing);
    }
    return true;
  }

  private void ask(@Nullable String reason) {
    requests++;
    Cancelled why = new Cancelled(reason);
    if (waitsFor != null) {
      // The trace shows the await that is cancelled, and not the caller of cancel().
      why.setStackTrace(stack());
    }
    request = why;
  }

  /** The task that it waits for, and that is cancelled in its place; null if there is none. */
  private @Nullable CancellableTask<?> passesOnTo() {
    return waitsFor instanceof CancellableTask<?> next
            && wait != LEFT
            && !isShielded()
            && !next.done()
            && !next.isPassing()
        ? next
        : null;
  }

  /** Ends its wait, if a request is due and the wait can be undone. */
  private void endWait() {
    Waitable waitable = waitsFor;
    Cancelled why = request;
    if (waitable != null && why != null && !isShielded() && undo(waitable, why)) {
      request = null;
    }
  }

  private boolean undo(Waitable waitable, Cancelled why) {
    if (wait == LEFT) {
      return false;
    }
    beginPassing();
    try {
      return waitable.undo(this, why);
    } finally {
      endPassing();
    }
  }

  @Override
  final boolean cancelWith(Cancelled why) {
    return cancel(why.reason());
  }

  @Override
  public final int cancelling() {
    return requests;
  }

  @Override
  public final int uncancel() {
    loop.check(this, "uncancel()");
    if (!done() && requests > 0) {
      requests--;
      if (requests == 0) {
        request = null;
      }
    }
    return requests;
  }

  /** Whether a request is to be thrown by the step that begins. */
  final boolean isRequestDue() {
    return request != null && !isShielded();
  }

  /** Takes over a request that was not delivered; null if there is none, or it has to wait. */
  public final @Nullable Cancelled takeRequest() {
    Cancelled taken = request;
    if (taken == null || isShielded()) {
      return null;
    }
    request = null;
    return taken;
  }

  /** As {@link #takeRequest}, as the task ends: nothing shields it any more. */
  final @Nullable Cancelled takeUndelivered() {
    Cancelled taken = request;
    request = null;
    return taken;
  }

  /** Whether requests have come since there were so many, and do not have to wait. */
  public final boolean wasAskedSince(int requestsBefore) {
    return requests > requestsBefore && !isShielded();
  }

  /** Has its next await throw a cancellation that was delivered and then displaced. */
  public final void requestAgain(Cancelled why) {
    request = why;
  }

  // Scopes

  /** What the next await has to throw; null if it may wait. */
  final @Nullable Cancelled cancellation() {
    return isRequestDue() ? request : Scope.cancellation(scope);
  }

  /** A cancellation that it was not told of yet, though it may be shielded; null if none. */
  public final @Nullable Cancelled pending() {
    return request != null ? request : Scope.cancellation(scope);
  }

  /** Whether requests to it wait until a scope is left. */
  private boolean isShielded() {
    for (Scope each = scope; each != null && each != group; each = each.parent) {
      if (each.shields()) {
        return true;
      }
    }
    return false;
  }

  /** Ends its wait if a request is due or a scope is cancelled. */
  private void interrupt() {
    Waitable waitable = waitsFor;
    if (waitable == null || wait == LEFT || (wait & TOLD) != 0) {
      return;
    }
    Cancelled why = cancellation();
    if (why != null) {
      // Before undo(): it may come back here for another scope of the same task.
      wait = (byte) (TOLD | (wait & PASSING));
      boolean asked = why == request;
      if (undo(waitable, asked ? why : Cancellations.at(why, stack())) && asked) {
        request = null;
      }
    }
  }

  /** A scope around it was cancelled: passes that on to the members in it, then to itself. */
  final void interruptIn(Scope cancelled) {
    // Inner groups of this task lie within the cancelled scope; so do their members.
    for (Scope each = scope; each != null && each != group; each = each.parent) {
      each.interruptMembers();
      if (each == cancelled) {
        break;
      }
    }
    interrupt();
  }
}
