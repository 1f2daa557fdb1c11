package io.fermata.internal.watch;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.Probe;
import io.fermata.internal.kernel.RoundProbe;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.TaskObserver;
import io.fermata.internal.watch.FlightEvents.LoopIdle;
import io.fermata.internal.watch.FlightEvents.SlowStep;
import io.fermata.internal.watch.FlightEvents.TaskEnded;
import io.fermata.internal.watch.FlightEvents.TaskStarted;
import io.fermata.internal.watch.FlightEvents.TaskStep;
import io.fermata.internal.watch.FlightEvents.TaskSuspended;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells JDK Flight Recorder what a loop does, while a recording wants to know. Not to be touched
 * where the JVM {@linkplain Platform has none}. Belongs to the loop's thread, except {@link #slow}.
 *
 * <p>A switch between tasks takes less than to read a clock, and hardly more than to ask a few
 * questions. So what a recording has by default asks nothing of each step: tasks tell of their
 * start and end themselves, and the thread that {@linkplain WatchThread watches} finds out which
 * steps are slow.
 */
final class FlightRecording implements TaskObserver {
  // What a recording may want
  private static final int STARTED = 1;
  private static final int ENDED = 2;
  private static final int STEP = 4;
  private static final int SUSPENDED = 8;
  private static final int SLOW = 16;
  private static final int IDLE = 32;

  /** Whether looks have to be frequent. */
  private static volatile boolean needsTicks;

  private final Loop loop;
  private final LoopWatchdog watch;
  private final int wanted;

  /**
   * What tells of a loop.
   *
   * @param watch of the loop that it looks at
   * @param wanted from {@link #wanted}
   */
  FlightRecording(LoopWatchdog watch, int wanted) {
    this.loop = watch.loop;
    this.watch = watch;
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
    int all = 0;
    for (Kind each : Kind.ALL) {
      all |= each.type.isEnabled() ? each.bit : 0;
    }
    needsTicks = (all & SLOW) != 0;
    return all;
  }

  /** A kind of event; to look up its type takes longer than many a run of a loop. */
  private record Kind(int bit, EventType type) {
    static final List<Kind> ALL =
        List.of(
            of(STARTED, TaskStarted.class),
            of(ENDED, TaskEnded.class),
            of(STEP, TaskStep.class),
            of(SUSPENDED, TaskSuspended.class),
            of(SLOW, SlowStep.class),
            of(IDLE, LoopIdle.class));

    private static Kind of(int bit, Class<? extends Event> event) {
      return new Kind(bit, EventType.getEventType(event));
    }
  }

  static boolean needsTicks() {
    return needsTicks;
  }

  private boolean wants(int bit) {
    return (wanted & bit) != 0;
  }

  @Override
  public void started(LoopTask<?> task) {
    if (wants(STARTED)) {
      TaskStarted event = new TaskStarted();
      event.about(loop, task);
      event.body = task.place();
      event.commit();
    }
  }

  @Override
  public void ended(LoopTask<?> task) {
    if (wants(ENDED)) {
      TaskEnded event = new TaskEnded();
      event.about(loop, task);
      event.outcome = task.outcomeText();
      event.commit();
    }
  }

  /**
   * Looks on at jobs.
   *
   * @param next looks on, too; null if nobody does
   */
  @Nullable Probe jobs(@Nullable Probe next) {
    return wants(STEP | SUSPENDED) ? new Steps(next) : next;
  }

  /**
   * Looks on at rounds.
   *
   * @param next looks on, too; null if nobody does
   */
  @Nullable RoundProbe rounds(@Nullable RoundProbe next) {
    return wants(SLOW | IDLE) ? new Rounds(next) : next;
  }

  /** A slow step has ended, in this thread or another. */
  void slow(HeldStep step, long end) {
    if (wants(SLOW)) {
      SlowStep event = new SlowStep();
      event.held = end - step.since();
      event.about(loop, step.task());
      event.commit();
    }
  }

  /** Sees slow steps, and idleness. */
  private final class Rounds implements RoundProbe {
    private final @Nullable RoundProbe next;

    Rounds(@Nullable RoundProbe next) {
      this.next = next;
    }

    @Override
    public void roundEnded() {
      if (watch.hasHeldStep()) {
        watch.reportHeldStep(Clock.SYSTEM.nanos());
      }
    }

    @Override
    public void sleep(Host host, long deadline) {
      LoopIdle event = wants(IDLE) ? new LoopIdle() : null;
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
      if (next == null) {
        job.run();
      } else {
        next.run(job);
      }
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
  }
}
