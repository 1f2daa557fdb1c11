package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.internal.kernel.Parked;
import io.fermata.runtime.door.Brief;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scope of a task group: its members, their failures, and the wait of its task for the rest.
 *
 * <p><b>Guarantee.</b> The scope is left when every member has ended and was looked at. The first
 * failure cancels the scope.
 *
 * <p><b>Protocol.</b> A member that ends joins {@code ended}, and the group looks at all of them in
 * the next round: members that were ready in the same round still run that step. A cancellation
 * that comes while the task waits is noted and passed on to the members; the wait goes on until
 * they have ended.
 *
 * <p>A supervisor's members fail alone: {@link SupervisedFailures} reports what nobody has got. A
 * failure that ends the run is an exception to that.
 */
public final class GroupScope extends Scope implements PassingWait, DependentWait, Runnable {
  private final MemberList members = new MemberList();

  /** Ended in this round, looked at in the next. */
  private List<LoopTask<?>> ended = new ArrayList<>(2);

  /** What members have failed with, in the order of their ending. */
  public final List<Throwable> failures = new ArrayList<>(0);

  /** The group's task, while it waits for the last member. */
  private @Nullable Parked waiting;

  /** A cancellation from outside that came while it waited. */
  public @Nullable Cancelled interruption;

  private boolean closed;

  /** Whether it was cancelled when it was closed. */
  private boolean closedEarly;

  /** Whether members that fail leave the others alone. */
  private final boolean isSupervisor;

  /** Members whose failure is that of an await, and not of the group. */
  final Set<LoopTask<?>> onTrial = new HashSet<>(0);

  GroupScope(LoopTask<?> host, boolean isSupervisor) {
    super(host);
    this.isSupervisor = isSupervisor;
  }

  /** No task can be started any more. */
  boolean closed() {
    return closed;
  }

  /** From here on no task can be started. */
  public void close() {
    closedEarly = wasCancelled();
    closed = true;
  }

  /** Whether something has ended it early: itself, or from outside a scope or a request. */
  boolean wasCancelled() {
    return cancelled != null
        || (closed ? closedEarly : Scope.cancellation(this) != null || hasRequest());
  }

  void add(LoopTask<?> member) {
    members.add(member);
  }

  /** Whether there is a member that has not ended, or was not looked at. */
  public boolean hasMembers() {
    return !members.isEmpty();
  }

  List<Task<?>> members() {
    List<LoopTask<?>> all = new ArrayList<>();
    addMembers(all);
    return List.copyOf(all);
  }

  /** Shows the members that have not ended. */
  @Override
  public void forEachAwaited(Consumer<? super LoopDeferred<?>> action) {
    for (LoopTask<?> member = members.first(); member != null; member = members.next(member)) {
      if (!member.done()) {
        action.accept(member);
      }
    }
  }

  /**
   * A member has ended: the group looks at it in the next round.
   *
   * @param isAwaited whether somebody was told
   */
  void ended(LoopTask<?> member, boolean isAwaited) {
    if (isSupervisor && member.isUnretrieved() && !onTrial.contains(member)) {
      SupervisedFailures.ended(member, isAwaited);
    }
    if (ended.isEmpty()) {
      member.loop.kernel.ready(this);
    }
    ended.add(member);
  }

  /** Looks at the members that have ended. */
  @Override
  public void run() {
    List<LoopTask<?>> looked = ended;
    ended = new ArrayList<>(2);
    for (LoopTask<?> member : looked) {
      members.remove(member);
      List<Throwable> failed = failuresOf(member);
      if (!failed.isEmpty()) {
        member.markRetrieved();
        failures.addAll(failed);
        cancel(
            Cancellations.because(
                Brief.of(member.name()) + " of the task group failed: " + Brief.of(failed.get(0))));
      }
    }
    Parked task = waiting;
    if (members.isEmpty() && task != null) {
      waiting = null;
      task.wake();
    }
  }

  /** What a member has failed with, if that is the group's concern. */
  private List<Throwable> failuresOf(LoopTask<?> member) {
    List<Throwable> failed = Cancellations.failuresIn(member.failure());
    boolean isOnTrial = onTrial.remove(member);
    return (isSupervisor || isOnTrial) && failed.stream().noneMatch(Throwing::endsTheRun)
        ? List.of()
        : failed;
  }

  /** Adds those that have not ended. */
  void addMembers(List<LoopTask<?>> to) {
    forEachAwaited(member -> to.add((LoopTask<?>) member));
  }

  // The wait for the members: a cancellation ends them, and the wait goes on

  @Override
  public @Nullable Object park(Parked task) {
    if (members.isEmpty()) {
      return null;
    }
    waiting = task;
    return PARKED;
  }

  @Override
  public boolean pass(Parked task, Cancelled why, boolean isRequest, CancelWalk.Next on) {
    if (waiting == null || Cancellations.areSame(why, cancelled)) {
      return false; // if it is the group's own, the members know already
    }
    interrupt(why, isRequest);
    if (cancelled == null) {
      boolean isReached = Scope.cancellation(this) != null;
      cancelled = why;
      if (!isReached) {
        on.members(this);
      }
    }
    return true;
  }

  /** Notes a cancellation from outside: the members end first, then the group throws it. */
  public void interrupt(Cancelled why, boolean isRequest) {
    if (interruption == null || isRequest) {
      interruption = why;
    }
  }

  @Override
  public boolean passed(Parked task, CancelWalk.Told told) {
    return true;
  }

  @Override
  public @Nullable Object outcome(Parked task) {
    return null;
  }

  @Override
  public String toString() {
    return "the tasks of a group";
  }
}
