package io.fermata.internal.watch;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import java.util.Set;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingControl;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of JDK Flight Recorder. The class is loaded only where a recording may want them. */
final class FlightEvents {
  private FlightEvents() {}

  /** An event of a loop. */
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  abstract static class LoopEvent extends Event {
    @Label("Loop")
    @Description("The number of the loop")
    int loop;
  }

  /** An event of a task or of a callback. */
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  abstract static class TaskEvent extends LoopEvent {
    @Label("Task")
    @Description("The number of the task in its loop; 0 for a callback")
    int number;

    @Label("Name")
    @Nullable String name;

    final void about(Loop loop, @Nullable LoopTask<?> task) {
      this.loop = loop.number;
      if (task != null) {
        number = task.number();
        name = task.name();
      }
    }
  }

  /** The beginning of the first step of a task. */
  @Name("io.fermata.TaskStarted")
  @Label("Task Started")
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  static final class TaskStarted extends TaskEvent {
    @Label("Body")
    @Description("File and line of the body")
    @Nullable String body;
  }

  /** The end of a task. */
  @Name("io.fermata.TaskEnded")
  @Label("Task Ended")
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  static final class TaskEnded extends TaskEvent {
    @Label("Outcome")
    @Description("finished, cancelled, or the failure")
    @Nullable String outcome;
  }

  /** A step of a task: from one suspension to the next. */
  @Name("io.fermata.TaskStep")
  @Label("Task Step")
  @Description("Off by default: there may be millions per second")
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  @Enabled(false)
  static final class TaskStep extends TaskEvent {}

  /** A suspension of a task. */
  @Name("io.fermata.TaskSuspended")
  @Label("Task Suspended")
  @Description("Off by default: there may be millions per second")
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  @Enabled(false)
  static final class TaskSuspended extends TaskEvent {
    @Label("Waits For")
    @Nullable String waitsFor;

    @Label("Line")
    @Description("The innermost line of the await")
    @Nullable String line;
  }

  /** A step or callback that held its loop for long; committed at its end. */
  @Name("io.fermata.SlowStep")
  @Label("Slow Step")
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  static final class SlowStep extends TaskEvent {
    @Label("Held")
    @Description("The least time for which it held the loop; it may be a few milliseconds more")
    @Timespan(Timespan.NANOSECONDS)
    long held;

    @Label("At Least")
    @Name("atLeast")
    @SettingDefinition
    boolean atLeast(AtLeast setting) {
      return held >= setting.nanos;
    }
  }

  /**
   * The setting of {@link SlowStep}, such as {@code 20 ms}. Of several recordings the shortest
   * counts.
   */
  static final class AtLeast extends SettingControl {
    private static final String DEFAULT = "20 ms";
    volatile long nanos = parsed(DEFAULT); // read by loops, written by JFR
    private volatile String value = DEFAULT;

    /** For JFR. */
    AtLeast() {}

    private static long parsed(String text) {
      String[] parts = text.trim().split("\\s+", 2);
      long number = Long.parseLong(parts[0]);
      return switch (parts.length == 1 ? "ms" : parts[1]) {
        case "ns" -> number;
        case "us" -> number * 1_000;
        case "s" -> number * 1_000_000_000;
        default -> number * 1_000_000;
      };
    }

    @Override
    public String combine(Set<String> settings) {
      String shortest = DEFAULT;
      long nanosOfShortest = Long.MAX_VALUE;
      for (String each : settings) {
        if (parsed(each) < nanosOfShortest) {
          nanosOfShortest = parsed(each);
          shortest = each;
        }
      }
      return shortest;
    }

    @Override
    public void setValue(String setting) {
      value = setting;
      nanos = parsed(setting);
    }

    @Override
    public String getValue() {
      return value;
    }
  }

  /** A time in which a loop had nothing to do. */
  @Name("io.fermata.LoopIdle")
  @Label("Loop Idle")
  @Category({"Fermata", "Event Loop"})
  @StackTrace(false)
  @Threshold("1 ms")
  static final class LoopIdle extends LoopEvent {}
}
