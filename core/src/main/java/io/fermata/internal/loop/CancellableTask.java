package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import org.jspecify.annotations.Nullable;

/**
 * The cancellation of a task: the requests to it, the scopes that it is in, and its wait.
 *
 * <p><b>Guarantee.</b> A request is delivered once: the await that is under way, or the next one,
 * throws it. A cancelled scope is not a request: every await in it throws. A request waits while a
 * scope shields the task.
 *
 * <p><b>Protocol.</b> Two parties cancel a wait: a request, and a scope, once per wait. Either way
 * a {@link CancelWalk} asks {@link #waitsFor} to undo itself or to pass the cancellation on. True
 * means that the wait ends with it, now or when what it waits for has ended; false means that the
 * wait was over already, and the task, which is ready, finds the request in its step.
 *
 * <p>A request that the body has <em>got</em> is counted until it is taken back. So a scope that is
 * left knows whether the cancellation that comes out of it is its own.
 *
 * <pre>
 * wait      what                                      leaves by
 * NONE      it has not begun, runs or has ended       parked() -&gt; WAITING
 * WAITING   waitsFor may be undone
 * LEFT      it is ready, and what it waits for goes
 *           on, as that cannot end before this task
 * all but NONE: the step of the task -&gt; NONE
 *
 * added to WAITING
 * TOLD      the wait was told of a cancelled scope; it is not told again
 * PASSING   a cancellation is on its way to what it waits for; also while the task runs
 * ASKED     a request has ended the wait, or ends it with what it waits for
 * </pre>
 *
 * <p>Belongs to the loop's thread.
 */
abstract class CancellableTask<T extends @Nullable Object> extends LoopDeferred<T>
    implements Task<T>, Parked {
  private static final byte NONE = 0;
  private static final byte WAITING = 1;
  private static final byte LEFT = 2;
  private static final byte TOLD = 4;
  private static final byte PASSING = 8;
  private static final byte ASKED = 16;

  /** What it was parked on last; null while it runs, and before. */
  private @Nullable Waitable waitsFor;

  /** See the table above. */
  private byte wait = NONE;

  /** A request that was not delivered yet. */
  private @Nullable Cancelled request;

  /** All requests that were not taken back by {@link #uncancel}. */
  private int requests;

  /** Those of them that an await has thrown. */
  private int got;

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
    if (request != null || Scope.cancellation(scope) != null) {
      CancelWalk.interrupt(this);
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

  /** Whether a request has ended the wait of the step that begins. */
  final boolean wasAsked() {
    return (wait & ASKED) != 0;
  }

  /**
   * Becomes ready to be cancelled, as what it waits for cannot end before this task does. The
   * caller has forgotten that this task waits.
   */
  public final void leave() {
    wait = (byte) (LEFT | (wait & PASSING));
    wake();
  }

  /** Whether it is passing a cancellation on. */
  final boolean isPassing() {
    return (wait & PASSING) != 0;
  }

  /** Returns whether it did so before. */
  final boolean beginPassing() {
    boolean before = isPassing();
    wait |= PASSING;
    return before;
  }

  final void endPassing(boolean wasPassing) {
    if (!wasPassing) {
      wait &= ~PASSING;
    }
  }

  private boolean isWaiting() {
    return (wait & WAITING) != 0;
  }

  // Requests

  @Override
  public final boolean cancel(@Nullable String reason) {
    loop.check(this, "cancel()");
    return CancelWalk.request(this, reason);
  }

  final void ask(@Nullable String reason) {
    requests++;
    Cancelled why = new Cancelled(reason);
    if (waitsFor != null) {
      // The trace shows the await that is cancelled, and not the caller of cancel().
      why.setStackTrace(stack());
    }
    request = why;
  }

  /** The request that can end its wait now; null if there is none. */
  final @Nullable Cancelled requestToDeliver() {
    return isWaiting() && isRequestDue() ? request : null;
  }

  final boolean hasUndeliveredRequest() {
    return request != null;
  }

  final boolean isRequest(Cancelled why) {
    return why == request;
  }

  /** The request has ended its wait, or does so with what it waits for. */
  final void got() {
    if (isWaiting()) {
      request = null;
      wait |= ASKED;
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
      if (got > requests) {
        got = requests;
        for (Scope each = scope; each != null && each != group; each = each.parent) {
          each.gotBefore = Math.min(each.gotBefore, got);
        }
      }
    }
    return requests;
  }

  /** Whether a request is to be thrown by the step that begins. */
  final boolean isRequestDue() {
    return request != null && !isShielded();
  }

  /**
   * Takes over a request that was not delivered, to throw it; null if there is none, or it has to
   * wait.
   */
  public final @Nullable Cancelled takeRequest() {
    Cancelled taken = request;
    if (taken == null || isShielded()) {
      return null;
    }
    request = null;
    arrived();
    return taken;
  }

  /** As {@link #takeRequest}, as the task ends: nothing shields it any more. */
  final @Nullable Cancelled takeUndelivered() {
    Cancelled taken = request;
    request = null;
    return taken;
  }

  /** Its body gets the requests that were made so far, by one exception. */
  final void arrived() {
    got = requests;
  }

  /** The requests that its body has got, without those taken back. */
  public final int gotRequests() {
    return got;
  }

  /** Has its next await throw a request that was delivered after some others, and displaced. */
  public final void requestAgain(Cancelled why, int gotBefore) {
    request = why;
    got = gotBefore;
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
  final boolean isShielded() {
    return scope != null && scope != group && scope.holdsRequests;
  }

  /** What ends its wait: a request, or a scope of which the wait was not told; null if nothing. */
  final @Nullable Cancelled tellOfCancellation() {
    if (!isWaiting() || (wait & TOLD) != 0) {
      return null;
    }
    Cancelled why = cancellation();
    if (why != null) {
      wait |= TOLD;
    }
    return why;
  }
}
