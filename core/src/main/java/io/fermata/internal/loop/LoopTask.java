package io.fermata.internal.loop;

import io.fermata.State;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.Inspection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
public final class LoopTask<T extends @Nullable Object> extends LoopDeferred<T>
    implements Task<T>, Runnable, Parked {
  /** Null once it has ended. */
  private @Nullable AsyncFrame<T> root;

  /** What it was parked on last; null while it runs, and before. */
  private @Nullable Waitable waitsFor;

  /** A request that was not delivered yet. */
  private @Nullable Cancelled request;

  private int requests;

  /** Whether {@link #waitsFor} was told of a cancelled scope. */
  private boolean undone;

  /** It is ready, and what it was parked on has not ended; see {@link #leave}. */
  private boolean left;

  /** It passes a cancellation on to what it waits for, which may wait for it in the end. */
  private boolean forwards;

  /** The innermost scope it is in. */
  public @Nullable Scope scope;

  private final @Nullable GroupScope group;

  /** A {@code Context}, or the {@link Bindings} that one would begin with. */
  Object contextHolder;

  /** A text, or what has one. */
  private @Nullable Object name;

  private final int number;

  // Neighbours in the list of the loop, and in that of the group.
  @Nullable LoopTask<?> before;
  @Nullable LoopTask<?> after;
  @Nullable LoopTask<?> memberBefore;
  @Nullable LoopTask<?> memberAfter;

  LoopTask(
      Loop loop,
      AsyncFrame<T> root,
      @Nullable GroupScope group,
      @Nullable Object name,
      Object contextHolder) {
    super(loop);
    this.root = root;
    this.group = group;
    this.scope = group;
    this.name = name;
    this.number = loop.nextTaskNumber();
    this.contextHolder = contextHolder;
  }

  public static @Nullable LoopTask<?> current() {
    Loop loop = Loop.running();
    return loop == null ? null : loop.currentTask;
  }

  /** The task that enters a scope. */
  public static LoopTask<?> entering(String what) {
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
    Waitable waitable = waitsFor;
    waitsFor = null;
    left = false;
    if (waitable == null) {
      TaskObserver observer = loop.taskObserver;
      if (observer != null) {
        observer.started(this);
      }
      Cancelled before = cancellation();
      if (before != null) {
        frame.discard();
        end(CANCELLED, before);
        return;
      }
    } else {
      boolean asked = request != null && !isShielded();
      if (asked) {
        waitable.refuse(this);
      }
      try {
        sent = waitable.outcome(this);
      } catch (Throwable failure) {
        raised = failure;
      }
      if (asked) {
        if (!(raised instanceof Cancelled)) {
          raised = request;
        }
        request = null;
      } else if (sent == Waitable.AGAIN) {
        parked(waitable);
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
      Waitable next = (Waitable) frame.leaf();
      try {
        sent = next.park(this);
        if (sent == Waitable.PARKED) {
          parked(next);
          return;
        }
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

  private void parked(Waitable waitable) {
    waitsFor = waitable;
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
    TaskObserver observer = loop.taskObserver;
    if (observer != null) {
      observer.ended(this);
    }
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

  /** What it waits for has ended, and a callback of that tells it. */
  public void follow() {
    if (root instanceof LibraryFrame<?> frame && frame.isFuture()) {
      run();
    } else {
      wake();
    }
  }

  /**
   * Becomes ready to be cancelled, as what it waits for cannot end before this task does. Whoever
   * calls it has forgotten that this task waits.
   */
  void leave() {
    left = true;
    wake();
  }

  // Cancellation

  @Override
  public boolean cancel(@Nullable String reason) {
    loop.check(this, "cancel()");
    if (root == null || forwards) {
      return false;
    }
    List<LoopTask<?>> chain = new ArrayList<>(); // may be longer than the Java stack allows
    LoopTask<?> last = this;
    last.ask(reason);
    for (LoopTask<?> next = last.passesOnTo(); next != null; next = last.passesOnTo()) {
      last.forwards = true;
      chain.add(last);
      last = next;
      last.ask(reason);
    }
    try {
      last.endWait();
      chain.forEach(each -> each.request = null);
    } finally {
      chain.forEach(each -> each.forwards = false);
    }
    return true;
  }

  private void ask(@Nullable String reason) {
    requests++;
    Cancelled why = new Cancelled(reason);
    if (waitsFor != null) {
      why.setStackTrace(stack());
    }
    request = why;
  }

  /** The task that it waits for, and that is cancelled in its place; null if there is none. */
  private @Nullable LoopTask<?> passesOnTo() {
    return waitsFor instanceof LoopTask<?> next
            && !left
            && !isShielded()
            && next.root != null
            && !next.forwards
        ? next
        : null;
  }

  /** Has what it waits for end, if that is to be and can be. */
  private void endWait() {
    Waitable waitable = waitsFor;
    Cancelled why = request;
    if (waitable != null && why != null && !isShielded() && undo(waitable, why)) {
      request = null;
    }
  }

  private boolean undo(Waitable waitable, Cancelled why) {
    if (left) {
      return false;
    }
    forwards = true;
    try {
      return waitable.undo(this, why);
    } finally {
      forwards = false;
    }
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
    Waitable waitable = waitsFor;
    if (waitable == null || undone) {
      return;
    }
    Cancelled why = cancellation();
    if (why != null) {
      undone = true;
      boolean asked = why == request;
      if (undo(waitable, asked ? why : Cancellations.at(why, stack())) && asked) {
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
  public @Nullable Cancelled takeRequest() {
    Cancelled taken = request;
    if (taken == null || isShielded()) {
      return null;
    }
    request = null;
    return taken;
  }

  /** Whether requests have come since there were so many, and do not have to wait. */
  public boolean wasAskedSince(int requestsBefore) {
    return requests > requestsBefore && !isShielded();
  }

  /** Has its next suspension throw a cancellation that was delivered, and got lost. */
  public void requestAgain(Cancelled why) {
    request = why;
  }

  @Override
  public int cancelling() {
    return requests;
  }

  @Override
  public int uncancel() {
    loop.check(this, "uncancel()");
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
    return name == null ? "Task-" + number : name.toString();
  }

  @Override
  public void setName(String name) {
    this.name = name;
  }

  @Override
  public StackTraceElement[] stack() {
    return lines(suspended());
  }

  /** Where the body stands that an await has just suspended, or is about to resume. */
  StackTraceElement[] linesOfAwait() {
    return root == null ? new StackTraceElement[0] : lines(root.suspended());
  }

  /** The innermost line outside of a frame of the library; null if it is not suspended in one. */
  public @Nullable StackTraceElement lineAround(LibraryFrame<?> frame) {
    boolean passed = false;
    for (Inspection each : suspended()) {
      if (passed && each.lines().length > 0) {
        return each.lines()[0];
      }
      passed |= each instanceof LibraryFrame.View view && view.frame() == frame;
    }
    return null;
  }

  private static StackTraceElement[] lines(List<Inspection> frames) {
    List<StackTraceElement> lines = new ArrayList<>();
    addLines(frames, lines);
    return lines.toArray(new StackTraceElement[0]);
  }

  private static void addLines(List<Inspection> frames, List<StackTraceElement> to) {
    for (Inspection each : frames) {
      if (each instanceof LibraryFrame.View view && view.frame() != null) {
        addLines(view.frame().inside(), to);
      }
      Collections.addAll(to, each.lines());
    }
  }

  /** The frames of its await chain, the innermost first; none if it is not suspended. */
  public List<Inspection> suspended() {
    return root == null || waitsFor == null ? List.of() : root.suspended();
  }

  /** Whether it has not begun to run. */
  public boolean isNew() {
    return waitsFor == null && root != null && root.state() == State.CREATED;
  }

  /** A cancellation that it was not told of yet; null if there is none. */
  public @Nullable Cancelled pending() {
    return request != null ? request : Scope.cancellation(scope);
  }

  /** Where it was started; null if debug mode was off. */
  public StackTraceElement @Nullable [] startedAt() {
    return loop.startPlaces == null ? null : loop.startPlaces.get(this);
  }

  /** Grows in the order in which the tasks of a loop are started. */
  public int number() {
    return number;
  }

  /** The group that it is a member of; null if there is none. */
  public @Nullable GroupScope group() {
    return group;
  }

  @Override
  public String dump() {
    return loop.monitor.dump(this);
  }

  @Override
  public void dump(Appendable out) throws IOException {
    loop.monitor.dump(this, out);
  }

  /** What it waits for, null if nothing. */
  public @Nullable Waitable waitsFor() {
    return waitsFor;
  }

  /** Where its body is. */
  public String place() {
    return root == null ? "" : root.place();
  }

  @Override
  public String noun() {
    return "task " + name();
  }
}
