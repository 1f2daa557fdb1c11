package io.fermata.async;

import io.fermata.async.FlightEvents.LoopIdle;
import io.fermata.async.FlightEvents.SlowStep;
import io.fermata.async.FlightEvents.TaskEnded;
import io.fermata.async.FlightEvents.TaskStarted;
import io.fermata.async.FlightEvents.TaskStep;
import io.fermata.async.FlightEvents.TaskSuspended;
import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.Probe;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells JDK Flight Recorder what a loop does, while a recording wants to know.
 *
 * <p>Reading a clock takes longer than a step. So slow steps are found by the looks of the thread
 * that {@linkplain Watch watches}: a step that has seen two of them has lasted since the first.
 */
final class Flight implements Probe {
  /** Whether this JVM has it; if not, nothing else of this class may be used. */
  static final boolean AVAILABLE = isAvailable();

  // What recordings want; written when somebody looks, on whatever thread
  private static volatile boolean started;
  private static volatile boolean ended;
  private static volatile boolean step;
  private static volatile boolean suspended;
  private static volatile boolean slow;
  private static volatile boolean idle;

  private final EventLoop loop;

  /** Looks on, too; null if nobody does. */
  private final @Nullable Probe next;

  Flight(EventLoop loop, @Nullable Probe next) {
    this.loop = loop;
    this.next = next;
  }

  private static boolean isAvailable() {
    return ModuleLayer.boot()
        .findModule("jdk.jfr")
        .map(module -> Flight.class.getModule().canRead(module))
        .orElse(false);
  }

  /**
   * Whether some recording wants to know something. Takes a moment if there is a recorder at all,
   * and nothing if there is none.
   */
  static boolean isWanted() {
    if (!FlightRecorder.isInitialized()) {
      return false;
    }
    started = isEnabled(TaskStarted.class);
    ended = isEnabled(TaskEnded.class);
    step = isEnabled(TaskStep.class);
    suspended = isEnabled(TaskSuspended.class);
    slow = isEnabled(SlowStep.class);
    idle = isEnabled(LoopIdle.class);
    return started || ended || step || suspended || slow || idle;
  }

  private static boolean isEnabled(Class<? extends Event> event) {
    return EventType.getEventType(event).isEnabled();
  }

  @Override
  public void run(Runnable job) {
    boolean isNested = loop.currentTask != null;
    int before = Watch.ticks();
    if (job instanceof LoopTask<?> task) {
      runTask(task);
    } else {
      forward(job);
    }
    if (Watch.ticks() - before > 1 && slow && !isNested) {
      reportSlow(job);
    }
  }

  private void runTask(LoopTask<?> task) {
    if (started && task.isNew()) {
      TaskStarted event = new TaskStarted();
      event.about(loop, task);
      event.body = task.place();
      event.commit();
    }
    if (step) {
      TaskStep event = new TaskStep();
      event.begin();
      forward(task);
      event.end();
      if (event.shouldCommit()) {
        event.about(loop, task);
        event.commit();
      }
    } else {
      forward(task);
    }
    if (task.done()) {
      reportEnd(task);
    } else if (suspended) {
      reportSuspension(task);
    }
  }

  private void forward(Runnable job) {
    if (next == null) {
      job.run();
    } else {
      next.run(job);
    }
  }

  private void reportEnd(LoopTask<?> task) {
    if (ended) {
      TaskEnded event = new TaskEnded();
      event.about(loop, task);
      event.outcome = task.outcomeText();
      event.commit();
    }
  }

  private void reportSuspension(LoopTask<?> task) {
    TaskSuspended event = new TaskSuspended();
    if (event.shouldCommit()) {
      event.about(loop, task);
      event.waitsFor = String.valueOf(task.waitsFor());
      StackTraceElement[] stack = task.stack();
      event.line = stack.length == 0 ? null : stack[0].toString();
      event.commit();
    }
  }

  private void reportSlow(Runnable job) {
    SlowStep event = new SlowStep();
    event.held = Clock.SYSTEM.nanos() - loop.watch.seenSince();
    event.about(loop, job instanceof LoopTask<?> task ? task : null);
    event.commit();
  }

  @Override
  public void sleep(Host host, long deadline) {
    LoopIdle event = idle ? new LoopIdle() : null;
    if (event != null) {
      event.begin();
    }
    if (next == null) {
      host.sleep(deadline);
    } else {
      next.sleep(host, deadline);
    }
    if (event != null) {
      event.loop = loop.number;
      event.commit();
    }
  }

  /** Whether looks have to be frequent. */
  static boolean needsTicks() {
    return slow;
  }
}
