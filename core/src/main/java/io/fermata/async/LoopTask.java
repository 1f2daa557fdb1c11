package io.fermata.async;

import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Trap;
import io.fermata.runtime.AsyncFrame;
import org.jspecify.annotations.Nullable;

/**
 * A task: a frame that the kernel drives. It is itself what is queued in the ready batch.
 *
 * <p>A step resumes the frame with what the last trap gave, and parks on the next trap that comes
 * out. It belongs to the loop's thread.
 *
 * <pre>
 * ready, first   -&gt; running   first step; it ends at once if it was cancelled before
 * running        -&gt; parked    an await has to wait: waitsFor is set
 * parked         -&gt; ready     somebody wakes it: waitsFor stays, and has the outcome
 * ready          -&gt; running   waitsFor is cleared
 * ready          -&gt; parked    what it was woken for is gone: waitsFor stays
 * running        -&gt; ended     the body returns or throws
 * </pre>
 */
final class LoopTask<T extends @Nullable Object> extends Settling<T>
    implements Task<T>, Runnable, Parked {
  /** Null once it has ended. */
  private @Nullable AsyncFrame<T> root;

  /** What it was parked on last; null while it runs, and before. */
  private @Nullable Trap waitsFor;

  /** A request that was not delivered yet. */
  private @Nullable Cancelled request;

  private int requests;

  /** Whether {@link #waitsFor} was told of a cancelled scope. */
  private boolean undone;

  /** The innermost scope it is in. */
  @Nullable Scope scope;

  private final @Nullable GroupScope group;

  /** A {@link Context}, or the {@link Bindings} that one would begin with. */
  Object contextHolder;

  private @Nullable String name;
  private final int number;

  // Neighbours in the list of the loop, and in that of the group.
  @Nullable LoopTask<?> before;
  @Nullable LoopTask<?> after;
  @Nullable LoopTask<?> memberBefore;
  @Nullable LoopTask<?> memberAfter;

  LoopTask(
      EventLoop loop,
      AsyncFrame<T> root,
      @Nullable GroupScope group,
      @Nullable String name,
      Object contextHolder) {
    super(loop);
    this.root = root;
    this.group = group;
    this.scope = group;
    this.name = name;
    this.number = loop.nextTaskNumber();
    this.contextHolder = contextHolder;
  }

  static @Nullable LoopTask<?> current() {
    EventLoop loop = EventLoop.running();
    return loop == null ? null : loop.currentTask;
  }

  /** The task that enters a scope. */
  static LoopTask<?> entering(String what) {
    LoopTask<?> task = current();
    if (task == null) {
      throw new IllegalStateException(what + " outside of a task: await it in a body");
    }
    return task;
  }

  // Running

  @Override
  public void run() {
    LoopTask<?> before = loop.currentTask;
    loop.currentTask = this;
    try {
      step();
    } finally {
      loop.currentTask = before;
    }
  }

  private void step() {
    AsyncFrame<T> frame = root;
    if (frame == null) {
      return;
    }
    Object sent = null;
    Throwable raised = null;
    Trap trap = waitsFor;
    waitsFor = null;
    if (trap == null) {
      Cancelled before = cancellation();
      if (before != null) {
        frame.discard();
        end(CANCELLED, before);
        return;
      }
    } else {
      boolean asked = request != null && !isShielded();
      if (asked) {
        trap.refuse(this);
      }
      try {
        sent = trap.outcome(this);
      } catch (Throwable failure) {
        raised = failure;
      }
      if (asked) {
        if (!(raised instanceof Cancelled)) {
          raised = request;
        }
        request = null;
      } else if (sent == Trap.AGAIN) {
        parked(trap);
        return;
      }
    }
    resume(frame, sent, raised);
  }

  private void resume(AsyncFrame<T> frame, @Nullable Object value, @Nullable Throwable failure) {
    Object sent = value;
    Throwable raised = failure;
    while (true) {
      try {
        if (!frame.step(sent, raised)) {
          break;
        }
      } catch (Throwable thrown) {
        endFailed(thrown);
        return;
      }
      sent = null;
      raised = null;
      Trap next = (Trap) frame.leaf();
      try {
        if (next.park(this)) {
          parked(next);
          return;
        }
        sent = next.outcome(this);
      } catch (Throwable thrown) {
        raised = thrown;
      }
    }
    Cancelled undelivered = request;
    if (undelivered == null) {
      end(VALUE, frame.returned());
    } else {
      end(CANCELLED, undelivered);
    }
  }

  private void parked(Trap trap) {
    waitsFor = trap;
    undone = false;
    if (request != null || scope != null) {
      interrupt();
    }
  }

  private void endFailed(Throwable thrown) {
    end(thrown instanceof Cancelled ? CANCELLED : FAILED, thrown);
    if (Throwing.endsTheRun(thrown)) {
      markRetrieved();
      throw Throwing.sneaky(thrown);
    }
  }

  private void end(byte how, @Nullable Object what) {
    root = null;
    request = null;
    loop.taskList.remove(this);
    settle(how, what);
    if (group != null) {
      group.ended(this);
    }
  }

  @Override
  public Kernel kernel() {
    return loop.kernel;
  }

  @Override
  public void wake() {
    loop.kernel.ready(this);
  }

  // Cancellation

  @Override
  public boolean cancel(@Nullable String reason) {
    assert loop.inLoop() : "outside of the loop";
    if (root == null) {
      return false;
    }
    requests++;
    Cancelled why = new Cancelled(reason);
    if (waitsFor != null) {
      why.setStackTrace(stack());
    }
    request = why;
    if (waitsFor != null && !isShielded() && waitsFor.undo(this, why)) {
      request = null;
    }
    return true;
  }

  @Override
  boolean cancelWith(Cancelled why) {
    return cancel(why.reason());
  }

  /** What the next await has to throw; null if it may wait. */
  private @Nullable Cancelled cancellation() {
    return request != null && !isShielded() ? request : Scope.cancellation(scope);
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

  /** Ends its wait if there is a reason to. */
  private void interrupt() {
    Trap trap = waitsFor;
    if (trap == null || undone) {
      return;
    }
    Cancelled why = cancellation();
    if (why != null) {
      undone = true;
      boolean asked = why == request;
      if (trap.undo(this, asked ? why : why.at(stack())) && asked) {
        request = null;
      }
    }
  }

  /** A scope that it is in was cancelled: tells those who run in it, then itself. */
  void interruptIn(Scope cancelled) {
    for (Scope each = scope; each != null && each != group; each = each.parent) {
      each.interruptMembers();
      if (each == cancelled) {
        break;
      }
    }
    interrupt();
  }

  /** Takes over a request that was not delivered; null if there is none, or it has to wait. */
  @Nullable Cancelled takeRequest() {
    Cancelled taken = request;
    if (taken == null || isShielded()) {
      return null;
    }
    request = null;
    return taken;
  }

  /** Whether requests have come since there were so many, and do not have to wait. */
  boolean wasAskedSince(int requestsBefore) {
    return requests > requestsBefore && !isShielded();
  }

  /** Has its next suspension throw a cancellation that was delivered, and got lost. */
  void requestAgain(Cancelled why) {
    request = why;
  }

  @Override
  public int cancelling() {
    return requests;
  }

  @Override
  public int uncancel() {
    if (root != null && requests > 0) {
      requests--;
      if (requests == 0) {
        request = null;
      }
    }
    return requests;
  }

  // Looking

  @Override
  public String name() {
    return name == null ? "Task-" + number : name;
  }

  @Override
  public void setName(String name) {
    this.name = name;
  }

  @Override
  public StackTraceElement[] stack() {
    return root == null || waitsFor == null ? new StackTraceElement[0] : root.lines();
  }

  /** What it waits for, null if nothing. */
  @Nullable Trap waitsFor() {
    return waitsFor;
  }

  /** Where its body is. */
  String place() {
    return root == null ? "" : root.place();
  }

  @Override
  String noun() {
    return "task " + name();
  }
}
