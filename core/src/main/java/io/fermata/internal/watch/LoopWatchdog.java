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
 * Notices when one step holds a loop for too long, and when a loop sleeps whose tasks wait for each
 * other. Each is said once, a step that goes on for long again each time that it took twice as
 * long.
 *
 * <p>Unless it says otherwise, it belongs to the thread of {@link WatchThread}, and reads what the
 * loop writes without a lock: the kernel's numbers of steps.
 */
public final class LoopWatchdog implements LoopMonitor {
  /** Name of the system property: a limit in milliseconds, or {@code off}. */
  static final String PROPERTY = "fermata.watchdog";

  private static final long MILLI = 1_000_000;
  private static final long DEFAULT = limit(System.getProperty(PROPERTY, "2000"));
  private static final long IN_DEBUG_MODE = 100 * MILLI;
  private static final long NOT_SET = -1;

  /** Looks within a limit, so that it is noticed not much later. */
  private static final int LOOKS = 4;

  /** How long times are taken after somebody has looked at them. */
  private static final long SHOWN = 10_000 * MILLI;

  final Loop loop;

  // Who looks on; written by the loop's thread
  private volatile int recorded;
  private volatile @Nullable BusyTimes busyTimes;

  /** What recordings are told by; null if there are none. Written by the loop's thread. */
  volatile @Nullable FlightRecording flight;

  /** When somebody looked at the times. */
  private volatile long shownAt;

  /** Of a guest. The loop's thread's. */
  private boolean hasHadRounds;

  /** Written by the loop's thread; 0 is none. */
  private volatile long limit = NOT_SET;

  /** The step that was seen last, and how long it has been the same one. */
  private long step = -1;

  private long held;

  /** When it was seen last. */
  private long lastSeen;

  /** When the step that runs was seen first. */
  private long seenSince;

  /** One that nobody has reported to a recording; null if there is none. Any thread. */
  private final AtomicReference<@Nullable HeldStep> heldStep = new AtomicReference<>();

  /** How long it may be held until the next report; 0 before the first. */
  private long nextReport;

  /** How long it has slept, and the number of the round before. */
  private long slept;

  private int lastRound;

  /** The round in which deadlocks were looked for last. Written by the loop's thread. */
  private volatile int searchedIn = -1;

  /** Not before that: the search takes a thousandth of the time. Written by the loop's thread. */
  private volatile long nextSearch = Long.MIN_VALUE;

  /** What was found last. Belongs to the loop's thread. */
  private String found = "";

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
                  + " is not a number of milliseconds, and not off; 2000 is used");
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
    observeWhereWanted();
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
    FlightRecording telling = nowRecorded == 0 ? null : new FlightRecording(this, nowRecorded);
    flight = telling;
    loop.taskObserver = telling;
    if (telling == null) {
      loop.kernel.observe(times, times);
    } else {
      loop.kernel.observe(telling.jobs(times), telling.rounds(times));
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
    WatchThread.hurry();
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

  /** One has ended: tells a recording, if nobody else has done so. */
  void reportHeldStep(long end) {
    HeldStep ended = heldStep.getAndSet(null);
    FlightRecording telling = flight;
    if (ended != null && telling != null) {
      telling.slow(ended, end);
    }
  }

  /** The tasks that were busiest since the last call; the loop takes times for a while after it. */
  String top(int rows) {
    shownAt = Clock.SYSTEM.nanos();
    return DumpRequest.on(loop, () -> table(rows), () -> DumpRequest.stuckText(loop));
  }

  // On the thread that watches

  /** Has the loop report failures that were dropped, and be observed by those who want to. */
  void adapt(int nowRecorded, long now) {
    boolean shown = busyTimes != null && now - shownAt < SHOWN;
    boolean isRight = nowRecorded == recorded && shown == (busyTimes != null);
    if (!loop.isInRealTime()) {
      return; // one whose time is virtual must not be disturbed
    }
    loop.home.noticeLoss();
    loop.failures.unretrieved.handOver(loop);
    if (!isRight) {
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

  /** How long to wait at most between two looks. */
  long pause() {
    long now = limitNow();
    return now == 0 ? Long.MAX_VALUE : now / LOOKS;
  }

  /**
   * Looks once.
   *
   * @param time of the look
   * @param elapsed since the last look
   */
  void look(long time, long elapsed) {
    long most = limitNow();
    long now = loop.kernel.step();
    if (now < 0 || now != step) {
      reportHeldStep(lastSeen);
      seenSince = time;
      if (nextReport > 0) {
        log("the event loop goes on; it was held for about " + Durations.text(held));
      }
      step = now;
      held = 0;
      nextReport = 0;
      lookAtSleep(time, elapsed, most);
      return;
    }
    if (held == 0 && flight != null) {
      heldStep.set(new HeldStep(seenSince, loop.currentTask));
    }
    held += elapsed;
    lastSeen = time;
    if (most > 0 && held >= Math.max(most, nextReport)) {
      report();
      nextReport = 2 * held;
    }
  }

  private void report() {
    LoopTask<?> task = loop.currentTask;
    StackTraceElement[] stack = loop.runningStack();
    if (loop.kernel.step() != step) {
      return; // it has just gone on
    }
    StringBuilder text = new StringBuilder();
    text.append(task == null ? "a callback" : "task " + task.name());
    text.append(" holds the event loop for ").append(Durations.text(held));
    text.append(
        " already without an await, so that nothing else runs in it. Blocking calls belong");
    text.append(" into Async.toThread(); a long calculation lets others run with");
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

  /** Only in real time: a loop whose time is virtual must not be disturbed. */
  private void lookAtSleep(long time, long elapsed, long most) {
    int round = loop.kernel.beat();
    boolean sleeps = round == lastRound && loop.kernel.waitsUntil() != Kernel.AWAKE;
    lastRound = round;
    slept = sleeps && loop.isInRealTime() ? slept + elapsed : 0;
    boolean isDue = most > 0 && slept >= most && time >= nextSearch;
    if (isDue && round != searchedIn && !loop.taskList.isEmpty()) {
      slept = 0;
      loop.postIfOpen(this::search);
    }
  }

  /** On the loop's thread. */
  private void search() {
    long start = Clock.SYSTEM.nanos();
    searchedIn = loop.kernel.beat() + 1;
    StringBuilder text = new StringBuilder();
    try {
      boolean wrong = new DeadlockReport(loop, new WaitGraph(loop), text).writeWrongs();
      boolean isNew = !text.toString().replaceAll("\\d+ m?s", "").equals(found);
      found = text.toString().replaceAll("\\d+ m?s", "");
      if (wrong && isNew) {
        System.getLogger("io.fermata.async.deadlock")
            .log(
                Level.WARNING,
                "tasks of the event loop cannot go on; EventLoop.dump() tells more.\n"
                    + text.toString().stripTrailing());
      }
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    long end = Clock.SYSTEM.nanos();
    nextSearch = end + 1000 * (end - start);
  }
}
