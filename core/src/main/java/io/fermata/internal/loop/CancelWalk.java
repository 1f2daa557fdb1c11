package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.internal.kernel.Waitable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of one cancellation through the tasks that it concerns: to what a task waits for, to the
 * members of its groups, and on from each of them.
 *
 * <p><b>Guarantee.</b> It needs no Java stack, and time that is linear in the number of tasks. A
 * task gets at most one request from it, also if several others wait for that task.
 *
 * <p><b>Structure.</b> It goes depth first, by steps that it keeps in {@link #path}. {@link
 * Passing} is a task that passes a cancellation on to what it waits for. {@link Interrupting} is a
 * task of which a scope was cancelled: its members come first, then its own wait.
 *
 * <p><b>Circles.</b> A task on the path passes the cancellation on, and takes no other. Who waits
 * for it cannot end before it, and is let go: {@link Told#CIRCLE}. A task that the walk has left
 * does not depend on the path any more, so who waits for it need not be let go.
 *
 * <p><b>Rejected.</b> Recursion: gathers, groups and timeouts lie in each other more deeply than
 * the Java stack allows.
 */
public final class CancelWalk {
  private final Deque<Step> path = new ArrayDeque<>();

  /** The tasks that have got a request from this walk. */
  private final Set<LoopDeferred<?>> asked = new HashSet<>();

  private CancelWalk() {}

  /** What has become of a cancellation that was passed on. */
  public enum Told {
    /** Something is on its way to its end. */
    SOME,
    /** All had ended. */
    NONE,
    /** A task cannot end before the one that waits does. */
    CIRCLE
  }

  /** Takes those to whom a cancellation goes on. */
  public interface Next {
    /** A task gets a request of its own; a promise is cancelled with this very instance. */
    void request(LoopDeferred<?> target, Cancelled why);

    /** A group was cancelled by the wait for its members. */
    void members(GroupScope group);
  }

  private interface Step {
    /** Goes on by one; false if nothing is left. */
    boolean advance();

    default void end() {}
  }

  /** A request to a task; false if it has ended, or passes a cancellation on. */
  static boolean request(CancellableTask<?> task, @Nullable String reason) {
    CancelWalk walk = new CancelWalk();
    boolean taken = walk.ask(task, reason);
    walk.run();
    return taken;
  }

  /** A scope was cancelled. */
  static void in(Scope scope) {
    CancelWalk walk = new CancelWalk();
    walk.path.push(walk.new Interrupting(scope.host, scope, true));
    walk.run();
  }

  /** A task that was cancelled before begins to wait. */
  static void interrupt(CancellableTask<?> task) {
    CancelWalk walk = new CancelWalk();
    walk.endWait(task);
    walk.run();
  }

  /**
   * A wait is cancelled by itself, as by the frame that it belongs to in a step of its task.
   *
   * @return whether it ends when those have ended to whom the cancellation went on
   */
  public static boolean pass(LoopTask<?> task, PassingWait wait, Cancelled why) {
    CancelWalk walk = new CancelWalk();
    Passing passing = walk.new Passing(task, wait, why, false);
    passing.begin();
    walk.run();
    return passing.endsWait;
  }

  private void run() {
    try {
      while (!path.isEmpty()) {
        Step step = path.peek();
        if (!step.advance()) {
          path.pop();
          step.end();
        }
      }
    } finally {
      path.forEach(Step::end); // the code of a future that was cancelled has thrown
    }
  }

  private boolean ask(CancellableTask<?> task, @Nullable String reason) {
    if (task.done() || task.isPassing()) {
      return false;
    }
    if (asked.add(task)) {
      task.ask(reason);
      Cancelled request = task.requestToDeliver();
      if (request != null) {
        end(task, request, true);
      }
    }
    return true;
  }

  /** Ends the wait of a task, if a request is due or a scope is cancelled. */
  private void endWait(CancellableTask<?> task) {
    Cancelled why = task.tellOfCancellation();
    if (why != null) {
      boolean isRequest = task.isRequest(why);
      end(task, isRequest ? why : Cancellations.at(why, task.stack()), isRequest);
    }
  }

  private void end(CancellableTask<?> task, Cancelled why, boolean isRequest) {
    Waitable waitable = task.waitsFor();
    if (waitable instanceof PassingWait wait) {
      new Passing((LoopTask<?>) task, wait, why, isRequest).begin();
    } else if (waitable != null) {
      boolean wasPassing = task.beginPassing();
      try {
        if (waitable.undo(task, why) && isRequest) {
          task.got();
        }
      } finally {
        task.endPassing(wasPassing);
      }
    }
  }

  /** A task that passes a cancellation on. */
  private final class Passing implements Step, Next {
    private record Request(LoopDeferred<?> target, Cancelled why) {}

    private final LoopTask<?> task;
    private final PassingWait wait;
    private final Cancelled why;
    private final boolean isRequest;
    private final List<Request> requests = new ArrayList<>(1);
    private @Nullable GroupScope group;
    private boolean wasPassing;
    private int next;
    private Told told = Told.NONE;
    private boolean endsWait;

    Passing(LoopTask<?> task, PassingWait wait, Cancelled why, boolean isRequest) {
      this.task = task;
      this.wait = wait;
      this.why = why;
      this.isRequest = isRequest;
    }

    void begin() {
      if (wait.pass(task, why, isRequest, this)) {
        wasPassing = task.beginPassing();
        path.push(this);
      }
    }

    @Override
    public void request(LoopDeferred<?> target, Cancelled why) {
      requests.add(new Request(target, why));
    }

    @Override
    public void members(GroupScope cancelled) {
      group = cancelled;
    }

    @Override
    public boolean advance() {
      GroupScope cancelled = group;
      if (cancelled != null) {
        group = null;
        told = Told.SOME;
        path.push(new Interrupting(task, cancelled, false));
        return true;
      }
      if (next == requests.size()) {
        return false;
      }
      Request request = requests.get(next++);
      if (request.target.done()) {
        return true;
      }
      boolean taken =
          request.target instanceof CancellableTask<?> asked
              ? ask(asked, request.why.reason())
              : request.target.cancelWith(request.why);
      if (!taken) {
        told = Told.CIRCLE;
      } else if (told == Told.NONE) {
        told = Told.SOME;
      }
      return true;
    }

    @Override
    public void end() {
      try {
        endsWait = wait.passed(task, told);
        if (endsWait && isRequest) {
          task.got();
        }
      } finally {
        task.endPassing(wasPassing);
      }
    }
  }

  /** A task in a scope that was cancelled. */
  private final class Interrupting implements Step {
    private final CancellableTask<?> task;

    /** Whether its own wait is still to be ended. */
    private boolean isNext;

    private final Cancelled why;
    private final List<LoopTask<?>> members = new ArrayList<>(0);
    private int next;

    /** The task of the scope. */
    Interrupting(CancellableTask<?> host, Scope scope, boolean withItself) {
      this(host, scope, scope.parent, Objects.requireNonNull(scope.cancelled), withItself);
    }

    private Interrupting(
        CancellableTask<?> task,
        @Nullable Scope source,
        @Nullable Scope outside,
        Cancelled why,
        boolean withItself) {
      this.task = task;
      this.isNext = withItself;
      this.why = why;
      Scope.reach(why, task.scope, source, outside).forEach(group -> group.addMembers(members));
    }

    @Override
    public boolean advance() {
      if (next < members.size()) {
        LoopTask<?> member = members.get(next++);
        path.push(new Interrupting(member, null, member.group, why, true));
        return true;
      }
      if (!isNext) {
        return false;
      }
      isNext = false;
      endWait(task);
      return true;
    }
  }
}
