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
 * where the JVM {@linkplain Platform has none}. Belongs to the loop's thread.
 *
 * <p>A switch between tasks takes less than to read a clock, and hardly more than to ask a few
 * questions. So what a recording has by default asks next to nothing of each step: tasks tell of
 * their start and end themselves, and the thread that {@linkplain Watch watches} finds out which
 * steps are slow.
 */
final class Flight {
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
  private final int wanted;

  /**
   * What tells of a loop.
   *
   * @param loop that it looks at
   * @param wanted from {@link #wanted}
   */
  Flight(EventLoop loop, int wanted) {
    this.loop = loop;
    this.wanted = wanted;
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

  private boolean wants(int bit) {
    return (wanted & bit) != 0;
  }

  /** The first step of a task begins. */
  void started(LoopTask<?> task) {
    if (wants(STARTED)) {
      TaskStarted event = new TaskStarted();
      event.about(loop, task);
      event.body = task.place();
      event.commit();
    }
  }

  /** A task has ended. */
  void ended(LoopTask<?> task) {
    if (wants(ENDED)) {
      TaskEnded event = new TaskEnded();
      event.about(loop, task);
      event.outcome = task.outcomeText();
      event.commit();
    }
  }

  /**
   * Looks on for whatever is not a matter of a task alone.
   *
   * @param next looks on, too; null if nobody does
   */
  @Nullable Probe probe(@Nullable Probe next) {
    Probe probe = wants(STEP | SUSPENDED) ? new Steps(next) : next;
    return wants(SLOW | IDLE) ? new Pace(probe) : probe;
  }

  private static void forward(@Nullable Probe next, Runnable job) {
    if (next == null) {
      job.run();
    } else {
      next.run(job);
    }
  }

  private static void forward(@Nullable Probe next, Host host, long deadline) {
    if (next == null) {
      host.sleep(deadline);
    } else {
      next.sleep(host, deadline);
    }
  }

  /** Sees slow steps, and idleness. */
  private final class Pace implements Probe {
    private final LoopWatch watch = loop.watch;
    private final @Nullable Probe next;

    Pace(@Nullable Probe next) {
      this.next = next;
    }

    @Override
    public void run(Runnable job) {
      forward(next, job);
      if (watch.heldStep() >= 0) {
        tellIfSlow(job);
      }
    }

    private void tellIfSlow(Runnable job) {
      boolean isHeld = watch.heldStep() == loop.kernel.step();
      if (isHeld && loop.currentTask == null && wants(SLOW)) {
        SlowStep event = new SlowStep();
        event.held = Clock.SYSTEM.nanos() - watch.seenSince();
        event.about(loop, job instanceof LoopTask<?> task ? task : null);
        event.commit();
      }
    }

    @Override
    public void sleep(Host host, long deadline) {
      LoopIdle event = wants(IDLE) ? new LoopIdle() : null;
      if (event != null) {
        event.begin();
      }
      forward(next, host, deadline);
      if (event != null) {
        event.loop = loop.number;
        event.commit();
      }
    }
  }

  /** Sees each step, and each suspension. */
  private final class Steps implements Probe {
    private final @Nullable Probe next;

    Steps(@Nullable Probe next) {
      this.next = next;
    }

    @Override
    public void run(Runnable job) {
      TaskStep event = job instanceof LoopTask && wants(STEP) ? new TaskStep() : null;
      if (event != null) {
        event.begin();
      }
      forward(next, job);
      if (event != null) {
        event.end();
        if (event.shouldCommit()) {
          event.about(loop, (LoopTask<?>) job);
          event.commit();
        }
      }
      if (wants(SUSPENDED) && job instanceof LoopTask<?> task && !task.done()) {
        reportSuspension(task);
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

    @Override
    public void sleep(Host host, long deadline) {
      forward(next, host, deadline);
    }
  }
}
