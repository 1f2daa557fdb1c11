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
 * The source of the events of one loop for JDK Flight Recorder, while a recording wants them. Do
 * not touch the class where the JVM {@linkplain Platform has no recorder}. Belongs to the loop's
 * thread, except {@link #slow}.
 *
 * <p>A switch between tasks takes less time than a reading of the clock, and little more than a few
 * comparisons. So the default events add nothing to a step: tasks report their own start and end,
 * and {@link WatchThread} finds the slow steps.
 */
final class FlightRecording implements TaskObserver {
  // The kinds of events; a set of them is a sum of bits
  private static final int STARTED = 1;
  private static final int ENDED = 2;
  private static final int STEP = 4;
  private static final int SUSPENDED = 8;
  private static final int SLOW = 16;
  private static final int IDLE = 32;

  /**
   * Whether a recording wants slow steps, which need frequent looks. Written by the watch thread.
   */
  private static volatile boolean needsTicks;

  private final Loop loop;
  private final LoopWatchdog watchdog;
  private final int wanted;

  /**
   * A source of events.
   *
   * @param watchdog the watchdog of the loop
   * @param wanted the kinds of events, from {@link #wanted}
   */
  FlightRecording(LoopWatchdog watchdog, int wanted) {
    this.loop = watchdog.loop;
    this.watchdog = watchdog;
    this.wanted = wanted;
  }

  /**
   * The kinds of events that recordings want; 0 for none. Without a recorder the call takes no
   * time.
   */
  static int wanted() {
    if (!FlightRecorder.isInitialized()) {
      return 0;
    }
    int all = 0;
    for (Kind each : Kind.ALL) {
      all |= each.type.isEnabled() ? each.bit : 0;
    }
    needsTicks = (all & SLOW) != 0; // a slow step is found by looking often
    return all;
  }

  /**
   * A kind of event. Its type is looked up once, because that takes longer than many runs of a
   * loop.
   */
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
   * The probe of jobs.
   *
   * @param next another probe to call; null for none
   */
  @Nullable Probe jobs(@Nullable Probe next) {
    return wants(STEP | SUSPENDED) ? new StepRecorder(next) : next;
  }

  /**
   * The probe of rounds.
   *
   * @param next another probe to call; null for none
   */
  @Nullable RoundProbe rounds(@Nullable RoundProbe next) {
    return wants(SLOW | IDLE) ? new RoundRecorder(next) : next;
  }

  /** Records a slow step that has ended. Any thread. */
  void slow(HeldStep step, long end) {
    if (wants(SLOW)) {
      SlowStep event = new SlowStep();
      event.held = end - step.since();
      event.about(loop, step.task());
      event.commit();
    }
  }

  /** The probe that records slow steps and idle times. */
  private final class RoundRecorder implements RoundProbe {
    private final @Nullable RoundProbe next;

    RoundRecorder(@Nullable RoundProbe next) {
      this.next = next;
    }

    @Override
    public void roundEnded() {
      if (watchdog.hasHeldStep()) {
        watchdog.reportHeldStep(Clock.SYSTEM.nanos());
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

  /** The probe that records steps and suspensions. */
  private final class StepRecorder implements Probe {
    private final @Nullable Probe next;

    StepRecorder(@Nullable Probe next) {
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
