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
 * Tells JDK Flight Recorder what a loop does, while a recording wants to know. Not to be touched
 * where the JVM {@linkplain Platform has none}.
 *
 * <p>Reading a clock takes longer than a step. So slow steps are found by the looks of the thread
 * that {@linkplain Watch watches}: a step that has seen two of them has lasted since the first.
 */
final class Flight implements Probe {
  // What a recording may want
  private static final int STARTED = 1;
  private static final int ENDED = 2;
  private static final int STEP = 4;
  private static final int SUSPENDED = 8;
  private static final int SLOW = 16;
  private static final int IDLE = 32;

  /** Whether looks have to be frequent. */
  private static volatile boolean needsTicks;

  private final EventLoop loop;

  /** Looks on, too; null if nobody does. */
  private final @Nullable Probe next;

  // What recordings want
  private final boolean started;
  private final boolean ended;
  private final boolean step;
  private final boolean suspended;
  private final boolean slow;
  private final boolean idle;

  /**
   * A probe.
   *
   * @param loop that it looks at
   * @param wanted from {@link #wanted}
   * @param next looks on, too; null if nobody does
   */
  Flight(EventLoop loop, int wanted, @Nullable Probe next) {
    this.loop = loop;
    this.next = next;
    started = (wanted & STARTED) != 0;
    ended = (wanted & ENDED) != 0;
    step = (wanted & STEP) != 0;
    suspended = (wanted & SUSPENDED) != 0;
    slow = (wanted & SLOW) != 0;
    idle = (wanted & IDLE) != 0;
  }

  /**
   * What recordings want to know; 0 for nothing. Takes a moment if there is a recorder at all, and
   * no time if there is none.
   */
  static int wanted() {
    if (!FlightRecorder.isInitialized()) {
      return 0;
    }
    int slow = ifEnabled(SLOW, SlowStep.class);
    needsTicks = slow != 0;
    return slow
        | ifEnabled(STARTED, TaskStarted.class)
        | ifEnabled(ENDED, TaskEnded.class)
        | ifEnabled(STEP, TaskStep.class)
        | ifEnabled(SUSPENDED, TaskSuspended.class)
        | ifEnabled(IDLE, LoopIdle.class);
  }

  private static int ifEnabled(int bit, Class<? extends Event> event) {
    return EventType.getEventType(event).isEnabled() ? bit : 0;
  }

  static boolean needsTicks() {
    return needsTicks;
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
    if (slow && Watch.ticks() - before > 1 && !isNested) {
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
}
