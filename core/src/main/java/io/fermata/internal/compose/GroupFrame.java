package io.fermata.internal.compose;

import io.fermata.async.Cancelled;
import io.fermata.async.FailureGroup;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.Group;
import io.fermata.internal.loop.GroupScope;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scope;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.door.Brief;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a task group: it enters the scope, runs the body, waits for the members, and ends
 * with the outcome of all.
 *
 * <p><b>Guarantee.</b> The frame ends only when the body and all members have ended, even if it is
 * cancelled. It drops no failure: all failures are thrown as one group, except that a failure that
 * ends the run is thrown alone.
 *
 * <p><b>Structure.</b> {@link Group} is the handle that starts members. {@link GroupScope} holds
 * the members and the failures of members. This frame alone enters and leaves the scope.
 *
 * <p><b>Protocol.</b> A failure of the body cancels the scope. The wait for the members is repeated
 * until none is left, because a member may start others while it ends. {@link #leave} then decides,
 * in this order: a failure that ends the run; the group of failures; a cancellation from outside; a
 * {@link Cancelled} that the body threw by itself; the result of the body. A request that loses
 * against failures is made again; an outer scope that stays cancelled throws at the next suspension
 * anyway.
 *
 * <p><b>Rejected.</b> A wait for the members that ends when it is cancelled. The frame would have
 * to wait for the same members again, and a scope that stays cancelled would end each of these
 * waits at once. So the scope keeps the cancellation as its {@code interruption}.
 */
public final class GroupFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private static final int BODY_ENDED = 1;
  private static final int MEMBERS_ENDED = 2;

  private final Group group;
  private final AsyncFrame<T> body;
  private @Nullable GroupScope scope;
  private @Nullable Object result;

  /** What reached the task when the wait for the members began. */
  private @Nullable Cancelled outerBefore;

  /** The exception of the body. */
  private @Nullable Throwable thrown;

  /**
   * Whether the body threw {@link Cancelled} because the scope was cancelled; it says nothing new
   * then.
   */
  private boolean isExpected;

  public GroupFrame(Group group, AsyncFrame<T> body) {
    super(false); // its body is told of
    this.group = group;
    this.body = body;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      scope = group.enter();
      return awaiting(body, BODY_ENDED);
    }
    GroupScope entered = Objects.requireNonNull(scope);
    if (place == BODY_ENDED) {
      result = sent;
      if (raised != null) {
        bodyThrew(entered, raised);
      }
      outerBefore = Scope.cancellation(entered.parent);
    } else if (raised instanceof Cancelled request) { // between the last end and this step
      entered.interrupt(request, true);
      entered.cancel(request);
    }
    // A member may have started another one after the wait was over and before this step.
    if (place != MEMBERS_ENDED || entered.hasMembers()) {
      return awaiting(entered, MEMBERS_ENDED);
    }
    return done(leave(entered));
  }

  private void bodyThrew(GroupScope entered, Throwable raised) {
    thrown = raised;
    isExpected = raised instanceof Cancelled && entered.cancelled != null;
    entered.cancel(
        raised instanceof Cancelled cancelled
            ? cancelled
            : Cancellations.because("the body of the task group failed: " + Brief.of(raised)));
  }

  private @Nullable Object leave(GroupScope entered) throws Throwable {
    entered.close(); // from here on start() fails
    entered.leave();
    Cancelled outside = outsideCancellation(entered);
    List<Throwable> failures = new ArrayList<>(entered.failures);
    boolean passesOn = thrown instanceof Cancelled && (outside != null || !isExpected);
    if (!passesOn) {
      failures.addAll(Cancellations.failuresIn(thrown));
    }
    for (Throwable failure : failures) {
      if (Throwing.endsTheRun(failure)) {
        throw failure;
      }
    }
    if (!failures.isEmpty()) {
      if (outside != null && entered.gotRequest()) {
        entered.requestAgain(outside);
      }
      throw FailureGroup.of("unhandled failures in a task group", failures);
    }
    if (outside != null) {
      throw thrown == null ? outside : Cancellations.replace(thrown, outside);
    }
    if (thrown != null && !isExpected) {
      throw thrown;
    }
    return result; // null if the group was cancelled and the body threw that
  }

  /** A cancellation from outside of the group; null if there is none. */
  private @Nullable Cancelled outsideCancellation(GroupScope entered) {
    LoopTask<?> host = entered.host;
    Cancelled request = host.takeRequest();
    if (request != null) {
      return request;
    }
    Cancelled delivered =
        entered.interruption != null
            ? entered.interruption
            : thrown instanceof Cancelled cancelled ? cancelled : null;
    if (delivered != null && entered.gotRequest()) {
      return delivered;
    }
    // No request, so it came from this scope or from an outer one. Only the outer one counts; the
    // exception tells of it, with the lines at which the interruption arrived.
    Cancelled outer = Scope.cancellation(host.scope);
    if (outer == null) {
      return null;
    }
    if (delivered != null) {
      return Cancellations.at(outer, delivered.getStackTrace());
    }
    return outer == outerBefore ? null : outer;
  }

  /** Discards a body that never began, so it is not reported as never awaited. */
  @Override
  protected void ended() {
    body.discard();
  }

  @Override
  protected @Nullable Object core() {
    return body;
  }

  @Override
  protected String description() {
    return "task group at " + body.place();
  }
}
