package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a task group before, in and after its scope. Belongs to the loop's thread. */
public final class Group {
  /** Null before it is entered. */
  private @Nullable GroupScope scope;

  /** Enters it, in the task that runs. */
  public GroupScope enter() {
    GroupScope entered = new GroupScope(LoopTask.entering("a task group"));
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
    return "task group ("
        + (scope == null ? "not entered" : scope.closed() ? "finished" : "active")
        + ")";
  }
}
