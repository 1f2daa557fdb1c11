package io.fermata.internal.loop;

import io.fermata.State;
import io.fermata.async.Cancelled;
import io.fermata.async.ThreadContext;
import io.fermata.internal.context.ThreadContexts;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.Waitable;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.Inspection;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task: a frame that the kernel drives. It is itself the job in the ready ring, so that a switch
 * between tasks allocates nothing.
 *
 * <p><b>Guarantee.</b> A task has at most one job in the ring. It runs on the loop's thread only.
 *
 * <p><b>Structure.</b> {@code root} is the frame of its body; an await delegates to other frames,
 * and {@code root.leaf()} gives the {@link Waitable} at the end of that chain. {@link
 * CancellableTask} has the wait and its cancellation, {@link LoopDeferred} the outcome.
 *
 * <p><b>Protocol of a step.</b> Take the outcome of the wait; resume the innermost frame with it;
 * park on the next waitable. A wait that is over at once goes on in the same step.
 *
 * <pre>
 * ready, first   -&gt; running   first step; it ends at once if it was cancelled before
 * running        -&gt; parked    an await has to wait: waitsFor is set
 * parked         -&gt; ready     wake(): waitsFor stays, and has the outcome
 * ready          -&gt; running   waitsFor is cleared
 * ready          -&gt; parked    Waitable.AGAIN: the item is gone, waitsFor stays
 * running        -&gt; ended     the body returns or throws
 * </pre>
 *
 * <p><b>Rejected.</b> A job object per wake-up: it would be garbage at every switch.
 */
public final class LoopTask<T extends @Nullable Object> extends CancellableTask<T>
    implements Runnable, Waiter {
  /** Null once it has ended. */
  private @Nullable AsyncFrame<T> root;

  /** A {@code Context}, or the {@link Bindings} that one would begin with. */
  Object contextHolder;

  /** A string, or an object whose {@code toString} names the task. */
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
    super(loop, group);
    this.root = root;
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
      if (ThreadContexts.PRESENT) {
        stepInContext();
      } else {
        step();
      }
    } finally {
      loop.currentTask = before;
    }
  }

  /** The thread has the values of this task during the step, and its own ones after it. */
  private void stepInContext() {
    ThreadContext.Failures failures = loop.contextFailures();
    Object threadBefore = ContextState.install(contextHolder, failures);
    try {
      step();
    } finally {
      contextHolder = ContextState.restore(contextHolder, threadBefore, failures);
    }
  }

  private void step() {
    AsyncFrame<T> frame = root;
    // The job of a task that has ended may still be in the ring, if it was cancelled while ready.
    if (frame == null) {
      return;
    }
    Object sent = null;
    Throwable raised = null;
    boolean wasAsked = wasAsked();
    Waitable waitable = resumed();
    if (waitable == null) {
      TaskObserver observer = loop.taskObserver;
      if (observer != null) {
        observer.started(this);
      }
      // Cancelled before its first step: the body never runs, as in asyncio.
      Cancelled before = cancellation();
      if (before != null) {
        frame.discard();
        end(CANCELLED, before);
        return;
      }
    } else {
      // The task was woken, and then cancelled: the request wins, and the waitable takes back what
      // it had handed over. A failure of the wait itself is dropped, unless it is a cancellation.
      boolean asked = isRequestDue();
      if (asked) {
        waitable.refuse(this);
      }
      try {
        sent = waitable.outcome(this);
      } catch (Throwable failure) {
        raised = failure;
      }
      if (asked) {
        Cancelled request = takeUndelivered();
        arrived();
        if (!(raised instanceof Cancelled)) {
          raised = request;
        }
        // Another task was faster. The waitable has queued the task once more.
      } else if (sent == Waitable.AGAIN) {
        parked(waitable);
        return;
      } else if (wasAsked && (raised instanceof Cancelled || !(waitable instanceof LoopDeferred))) {
        arrived(); // what was awaited may have swallowed it; a frame that owns tasks does not
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
      // The innermost body awaits something. If that is there at once, the body goes on in this
      // step.
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
    // A request that met no await cancels the task although the body has returned.
    Cancelled undelivered = takeUndelivered();
    if (undelivered == null) {
      end(VALUE, frame.returned());
    } else {
      end(CANCELLED, undelivered);
    }
  }

  private void endFailed(Throwable thrown) {
    end(thrown instanceof Cancelled ? CANCELLED : FAILED, thrown);
    // An error of the JVM passes through the kernel and out of the run, once.
    if (Throwing.endsTheRun(thrown) && loop.failures.endsARun(thrown)) {
      markRetrieved();
      throw Throwing.sneaky(thrown);
    }
  }

  private void end(byte how, @Nullable Object what) {
    root = null;
    takeUndelivered();
    boolean isAwaited = group != null && isAwaited();
    // The list first: who is told by settle() may look at the tasks of the loop.
    loop.taskList.remove(this);
    settle(how, what);
    TaskObserver observer = loop.taskObserver;
    if (observer != null) {
      observer.ended(this);
    }
    if (group != null) {
      group.ended(this, isAwaited);
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

  @Override
  public LoopTask<?> task() {
    return this;
  }

  /** Goes on after a callback of the awaited deferred; a future of asyncio does so at once. */
  public void follow() {
    if (root instanceof LibraryFrame<?> frame && frame.isFuture()) {
      run();
    } else {
      wake();
    }
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

  /** The lines of the body that an await has just suspended, or is about to resume. */
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
    return root == null || waitsFor() == null ? List.of() : root.suspended();
  }

  /** Whether it has not begun to run. */
  public boolean isNew() {
    return waitsFor() == null && root != null && root.state() == State.CREATED;
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

  /** Where its body is. */
  public String place() {
    return root == null ? "" : root.place();
  }

  @Override
  public String noun() {
    return "task " + Brief.of(name());
  }
}
