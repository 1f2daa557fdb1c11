package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state of a task group before, in and after its scope. Belongs to the loop's thread. */
public final class Group {
  /** Whether members that fail leave the others alone. */
  private final boolean isSupervisor;

  /** Null before it is entered. */
  private @Nullable GroupScope scope;

  public Group(boolean isSupervisor) {
    this.isSupervisor = isSupervisor;
  }

  /** Enters it, in the task that runs. */
  public GroupScope enter() {
    GroupScope entered = new GroupScope(LoopTask.entering("a task group"), isSupervisor);
    scope = entered;
    return entered;
  }

  /** The scope of new members. */
  GroupScope scopeForNewTask() {
    GroupScope open = scope;
    if (open == null || open.closed()) {
      throw new IllegalStateException("cannot start a task: the task group has finished");
    }
    if (open.cancelled != null) {
      throw new IllegalStateException(
          "cannot start a task: the task group is shutting down: " + open.cancelled.getMessage());
    }
    return open;
  }

  /** Starts members, in the current loop. */
  public TaskStarter starting() {
    return new TaskStarter(null, this, null, false, null);
  }

  /**
   * Starts a member whose failure is not the group's, until {@link #started} is called.
   *
   * @throws IllegalStateException if the group takes no members
   */
  public <T extends @Nullable Object> Task<T> startOnTrial(Async<T> async) {
    Task<T> task = starting().start(async);
    Objects.requireNonNull(scope).onTrial.add((LoopTask<?>) task);
    return task;
  }

  /** From now on a member is as any other. */
  public void started(Task<?> task) {
    Objects.requireNonNull(scope).onTrial.remove((LoopTask<?>) task);
  }

  /** Ends it early; does nothing outside of its scope. */
  public void cancel(@Nullable String reason) {
    GroupScope entered = scope;
    if (entered == null) {
      return;
    }
    entered.host.loop.check(this, "cancel()");
    if (!entered.closed()) {
      entered.cancel(new Cancelled(reason));
    }
  }

  /** Whether it ends, or ended, early. */
  public boolean cancelled() {
    return scope != null && scope.wasCancelled();
  }

  /** The members that have not ended, in the order of their start. */
  public List<Task<?>> tasks() {
    return scope == null ? List.of() : scope.members();
  }

  @Override
  public String toString() {
    return (isSupervisor ? "supervisor (" : "task group (")
        + (scope == null ? "not entered" : scope.closed() ? "finished" : "active")
        + ")";
  }
}
