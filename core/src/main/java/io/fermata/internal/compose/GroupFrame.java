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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a task group does: enter, run the body, wait for the members, say what has become of all.
 */
public final class GroupFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private static final int BODY_ENDED = 1;
  private static final int MEMBERS_ENDED = 2;

  private final Group group;
  private final AsyncFrame<T> body;
  private @Nullable GroupScope scope;
  private int requestsBefore;
  private @Nullable Object result;

  /** What the body threw. */
  private @Nullable Throwable thrown;

  /** Whether the scope was cancelled when the body threw {@link Cancelled}: then it is no news. */
  private boolean expected;

  public GroupFrame(Group group, AsyncFrame<T> body) {
    this.group = group;
    this.body = body;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      scope = group.enter();
      requestsBefore = scope.host.cancelling();
      return awaiting(body, BODY_ENDED);
    }
    GroupScope entered = Objects.requireNonNull(scope);
    if (place == BODY_ENDED) {
      result = sent;
      if (raised != null) {
        bodyThrew(entered, raised);
      }
    }
    if (place != MEMBERS_ENDED || entered.hasMembers()) {
      return awaiting(entered, MEMBERS_ENDED);
    }
    return done(leave(entered));
  }

  private void bodyThrew(GroupScope entered, Throwable raised) {
    thrown = raised;
    expected = raised instanceof Cancelled && entered.cancelled != null;
    entered.cancel(
        raised instanceof Cancelled cancelled
            ? cancelled
            : new Cancelled("the body of the task group failed: " + raised));
  }

  private @Nullable Object leave(GroupScope entered) throws Throwable {
    entered.closed = true;
    entered.leave();
    List<Throwable> failures = new ArrayList<>(entered.failures);
    if (thrown != null && !(thrown instanceof Cancelled)) {
      failures.add(thrown);
    }
    for (Throwable failure : failures) {
      if (Throwing.endsTheRun(failure)) {
        throw failure;
      }
    }
    Cancelled outside = outsideCancellation(entered);
    if (!failures.isEmpty()) {
      if (outside != null && entered.host.wasAskedSince(requestsBefore)) {
        entered.host.requestAgain(outside);
      }
      throw FailureGroup.of("unhandled failures in a task group", failures);
    }
    if (outside != null) {
      throw outside;
    }
    if (thrown != null && !expected) {
      throw thrown;
    }
    return result;
  }

  /** A cancellation that is not the group's own affair. */
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
    if (delivered == null || host.wasAskedSince(requestsBefore)) {
      return delivered;
    }
    Cancelled outer = Scope.cancellation(host.scope);
    return outer == null ? null : Cancellations.at(outer, delivered.getStackTrace());
  }

  /** A body that never began is no news. */
  @Override
  protected void ended() {
    body.discard();
  }

  @Override
  protected String description() {
    return "task group at " + body.place();
  }
}
