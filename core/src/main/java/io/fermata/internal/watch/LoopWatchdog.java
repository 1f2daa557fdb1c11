package io.fermata.internal.watch;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopMonitor;
import io.fermata.internal.loop.LoopTask;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The watchdog of one loop. It reports a step that holds the loop for too long, tasks of a sleeping
 * loop that wait for each other, and a run in which nothing can happen any more. It reports each
 * finding once, and a step that goes on again each time its time has doubled.
 *
 * <p><b>Guarantee.</b> Watching costs a step nothing: the watchdog reads numbers that the kernel
 * counts anyway. A reported step was seen by every look within its limit; the report comes at most
 * a quarter of the limit late. A loop in virtual time is never disturbed.
 *
 * <p><b>Structure.</b> {@link WatchThread} looks at all loops, a few times per second. Fields
 * belong to that thread unless their comment says otherwise. {@link FlightRecording} and {@link
 * BusyTimes} are the observers of the loop; only the loop's thread installs them.
 *
 * <p><b>Protocol.</b> The watching thread reads the kernel's numbers of steps and rounds without a
 * lock; they may be a little old. Everything that reads tasks runs on the loop's thread: it is
 * posted as a job.
 *
 * <pre>
 * FREE      -&gt; SEEN      a look finds a step
 * SEEN      -&gt; HELD      the next look finds the same step
 * HELD      -&gt; REPORTED  it was held for the limit
 * REPORTED  -&gt; REPORTED  it was held for twice the time of the last report
 * any       -&gt; SEEN      a look finds another step; if REPORTED, that it goes on is logged
 * any       -&gt; FREE      a look finds no step; likewise
 * </pre>
 *
 * <p><b>Rejected.</b> A time that each step notes at its beginning. To read the clock takes as long
 * as a switch between tasks.
 */
public final class LoopWatchdog implements LoopMonitor {
  /** The name of the system property: a limit in milliseconds, or {@code off}. */
  static final String PROPERTY = "fermata.watchdog";

  private static final long MILLI = 1_000_000;
  private static final long DEFAULT = limit(System.getProperty(PROPERTY, "2000"));
  private static final long IN_DEBUG_MODE = 100 * MILLI;
  private static final long NOT_SET = -1;

  /** The number of looks within a limit, so a report is not much late. */
  private static final int LOOKS_PER_LIMIT = 4;

  /** The time for which running times are taken after somebody has looked at them. */
  private static final long SHOWN = 10_000 * MILLI;

  final Loop loop;

  // The observers; written by the loop's thread, read by the watch thread

  /** The kinds of events that {@link #flight} records. */
  private volatile int recorded;

  /** Null while nobody looks at running times. */
  private volatile @Nullable BusyTimes busyTimes;

  /** The source of events for recordings; null if there are none. Written by the loop's thread. */
  volatile @Nullable FlightRecording flight;

  /** The time at which somebody last looked at the running times. Any thread. */
  private volatile long shownAt;

  /** Whether a guest has begun a round. Belongs to the loop's thread. */
  private boolean hasHadRounds;

  /** The limit of one step; 0 for none. Written by the loop's thread. */
  private volatile long limit = NOT_SET;

  /**
   * The step that the last look saw, negative for none, and the time for which it has been the
   * same.
   */
  private long step = -1;

  private long held;

  /** The time of the last look that saw it again. */
  private long lastSeen;

  /** The time of the first look that saw it. */
  private long seenSince;

  /**
   * A held step that is not recorded yet; null if there is none. The watch thread sets it; the
   * thread that takes it out, after the end of the step, records it.
   */
  private final AtomicReference<@Nullable HeldStep> heldStep = new AtomicReference<>();

  /** The time in {@link #held} at which the next report is due; 0 before the first. */
  private long nextReport;

  /** The time for which the loop has slept, and the number of the round before that. */
  private long slept;

  private int lastRound;

  /** The round of the last search for deadlocks. Written by the loop's thread. */
  private volatile int searchedIn = -1;

  /**
   * The earliest time of the next search: searches take at most a thousandth of the time. Written
   * by the loop's thread.
   */
  private volatile long nextSearch = Long.MIN_VALUE;

  /** The text of the last findings, without times. Belongs to the loop's thread. */
  private String found = "";

  /** Whether it was said that the run can never end. Belongs to the loop's thread. */
  private boolean isOverTold;

  public LoopWatchdog(Loop loop) {
    this.loop = loop;
  }

  private static long limit(String setting) {
    if (setting.equals("off")) {
      return 0;
    }
    try {
      return Math.max(Long.parseLong(setting), 0) * MILLI;
    } catch (NumberFormatException wrong) {
      System.getLogger("io.fermata.async")
          .log(
              Level.WARNING,
              "-D"
                  + PROPERTY
                  + "="
                  + setting
                  + " is neither a number of milliseconds nor off; 2000 is used");
      return 2000 * MILLI;
    }
  }

  // On the loop's thread

  @Override
  public void begin() {
    WatchThread.begin(this);
  }

  @Override
  public void beginRun() {
    observeWhereWanted(); // a recording that runs already sees the run from its first step
  }

  private void observeWhereWanted() {
    if (Platform.HAS_FLIGHT_RECORDER) {
      observe(FlightRecording.wanted(), busyTimes);
    }
  }

  @Override
  public void end() {
    WatchThread.end(this);
  }

  @Override
  public void closed() {
    NeverAwaited.closed(loop);
  }

  @Override
  public void beginRound() {
    // A guest has no run, so its first round takes the place of beginRun().
    if (!hasHadRounds) {
      hasHadRounds = true;
      observeWhereWanted();
    }
    BusyTimes times = busyTimes;
    if (times != null) {
      times.beginRound();
    }
  }

  private void observe(int nowRecorded, @Nullable BusyTimes times) {
    recorded = nowRecorded;
    busyTimes = times;
    FlightRecording recording = nowRecorded == 0 ? null : new FlightRecording(this, nowRecorded);
    flight = recording;
    loop.taskObserver = recording;
    // Each probe calls the next one; without any the kernel runs its jobs by a plain call.
    if (recording == null) {
      loop.kernel.observe(times, times);
    } else {
      loop.kernel.observe(recording.jobs(times), recording.rounds(times));
    }
  }

  private String table(int rows) {
    BusyTimes times = busyTimes;
    if (times == null) {
      times = new BusyTimes(loop);
      observe(recorded, times);
    }
    return times.table(rows);
  }

  @Override
  public void setStepLimit(long nanos) {
    limit = Math.max(nanos, 0);
    WatchThread.lookSoon();
  }

  // Dumps, on any thread

  @Override
  public void dump(Appendable out) throws IOException {
    DumpRequest.loop(loop, out);
  }

  @Override
  public String dump() {
    LongText text = new LongText();
    try {
      dump(text);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return text.toString();
  }

  @Override
  public void dump(LoopTask<?> task, Appendable out) throws IOException {
    DumpRequest.task(task, out);
  }

  @Override
  public String dump(LoopTask<?> task) {
    LongText text = new LongText();
    DumpRequest.task(task, text);
    return text.toString();
  }

  // On any other thread

  boolean hasHeldStep() {
    return heldStep.get() != null;
  }

  /** Records the end of a held step, unless another thread has done so. */
  void reportHeldStep(long end) {
    HeldStep ended = heldStep.getAndSet(null); // one of two threads gets it
    FlightRecording recording = flight;
    if (ended != null && recording != null) {
      recording.slow(ended, end);
    }
  }

  /**
   * A table of the tasks that were busiest since the last call. The loop takes running times for a
   * while after each call.
   */
  String top(int rows) {
    shownAt = Clock.SYSTEM.nanos();
    return DumpRequest.ask(loop, () -> table(rows), () -> DumpRequest.stuckText(loop));
  }

  // On the watch thread

  /** Reports dropped failures and lost hosts, and installs the observers that are wanted now. */
  void adapt(int nowRecorded, long now) {
    boolean shown = busyTimes != null && now - shownAt < SHOWN;
    boolean isCurrent = nowRecorded == recorded && shown == (busyTimes != null);
    if (!loop.isInRealTime()) {
      return; // a job would change the schedule of a loop in virtual time
    }
    loop.home.noticeLoss();
    loop.failures.unretrieved.handOver(loop);
    if (!isCurrent) {
      loop.postIfOpen(() -> observe(nowRecorded, shown ? busyTimes : null));
    }
  }

  private long limitNow() {
    long set = limit;
    if (set != NOT_SET) {
      return set;
    }
    return loop.isDebug() ? Math.min(DEFAULT, IN_DEBUG_MODE) : DEFAULT;
  }

  /** The longest pause between two looks. */
  long pause() {
    long now = limitNow();
    return now == 0 ? Long.MAX_VALUE : now / LOOKS_PER_LIMIT;
  }

  /**
   * Looks once.
   *
   * @param time the time of the look
   * @param elapsed the time since the last look
   */
  void look(long time, long elapsed) {
    long allowed = limitNow();
    long now = loop.kernel.step();
    if (now < 0 || now != step) {
      reportHeldStep(lastSeen);
      seenSince = time;
      if (nextReport > 0) {
        log("the event loop goes on; it was held for about " + Durations.text(held));
      }
      step = now; // SEEN, or FREE if negative
      held = 0;
      nextReport = 0;
      lookAtSleep(time, elapsed, allowed);
      return;
    }
    if (held == 0 && flight != null) {
      // currentTask may be of a later step by now; a recording accepts that.
      heldStep.set(new HeldStep(seenSince, loop.currentTask));
    }
    held += elapsed;
    lastSeen = time;
    if (allowed > 0 && held >= Math.max(allowed, nextReport)) {
      report();
      nextReport = 2 * held;
    }
  }

  private void report() {
    LoopTask<?> task = loop.currentTask;
    StackTraceElement[] stack = loop.runningStack();
    if (loop.kernel.step() != step) {
      return; // the step has just ended, so the stack may be of another one
    }
    StringBuilder text = new StringBuilder();
    text.append(task == null ? "a callback" : task.noun());
    text.append(" holds the event loop for ").append(Durations.text(held));
    text.append(" already without an await, so nothing else runs in it. Run blocking calls with");
    text.append(" Async.toThread(); in a long calculation, let other tasks run with");
    text.append(" co.await(Async.sleep(Duration.ZERO)). (-D").append(PROPERTY);
    text.append("=MILLIS or off sets the limit.) ").append(loop.thread()).append(" stands at");
    for (StackTraceElement line : stack) {
      text.append("\n    at ").append(line);
    }
    log(text.toString());
  }

  private static void log(String text) {
    System.getLogger("io.fermata.async.stuck").log(Level.WARNING, text);
  }

  // Deadlocks

  /** Has a loop searched for deadlocks that has slept for the limit. Only in real time. */
  private void lookAtSleep(long time, long elapsed, long allowed) {
    int round = loop.kernel.beat();
    // The same round as at the last look, so it has slept the whole time.
    boolean sleeps = round == lastRound && loop.kernel.waitsUntil() != Kernel.AWAKE;
    lastRound = round;
    slept = sleeps && loop.isInRealTime() ? slept + elapsed : 0;
    boolean isDue = allowed > 0 && slept >= allowed && time >= nextSearch;
    // Since the last search nothing has run, unless the number of the round has changed.
    if (isDue && round != searchedIn && !loop.taskList.isEmpty()) {
      slept = 0; // the search itself wakes the loop
      loop.postIfOpen(this::search);
    }
  }

  /** Searches for deadlocks, and reports new ones. On the loop's thread. */
  private void search() {
    long start = Clock.SYSTEM.nanos();
    searchedIn = loop.kernel.beat() + 1; // the number after this round
    StringBuilder text = new StringBuilder();
    try {
      DeadlockReport report = new DeadlockReport(loop, new WaitGraph(loop), text);
      boolean anyProblem = report.writeProblems();
      if (!anyProblem && !isOverTold && report.isRunOver()) {
        isOverTold = true;
        logDeadlock(
            "the run can never end: no task is ready, no timer runs, no call is under way, and"
                + " nothing outside of the loop is known that could wake a task\n"
                + dump().stripTrailing());
      }
      String withoutTimes = text.toString().replaceAll("\\d+ m?s", "");
      boolean isNew = !withoutTimes.equals(found);
      found = withoutTimes;
      if (anyProblem && isNew) {
        logDeadlock(
            "tasks of the event loop cannot go on; EventLoop.dump() shows all tasks.\n"
                + text.toString().stripTrailing());
      }
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    long end = Clock.SYSTEM.nanos();
    nextSearch = end + 1000 * (end - start);
  }

  private static void logDeadlock(String text) {
    System.getLogger("io.fermata.async.deadlock").log(Level.WARNING, text);
  }
}
