package io.fermata.internal.watch;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.Probe;
import io.fermata.internal.kernel.RoundProbe;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The running times of the tasks of a loop, which {@code ./fermata top} shows. They are taken only
 * while somebody looks at them: the clock is read once after each step.
 *
 * <p>Belongs to the loop's thread.
 */
final class BusyTimes implements Probe, RoundProbe {
  private static final double MILLI = 1e6; // in nanoseconds

  private final Loop loop;
  private final Map<LoopTask<?>, Account> accounts = new HashMap<>();

  /** The account of callbacks, and of tasks that have ended. */
  private final Account others = new Account();

  /** The time of the last reading of the clock; everything before it is on an account. */
  private long last = Clock.SYSTEM.nanos();

  /** The sum of all time between the rounds. */
  private long idle;

  /** The time of the last table, and the sum of idle time then. */
  private long tableTime = last;

  private long tableIdle;

  /** The time and steps of one task. */
  private static final class Account {
    long busy;
    long steps;

    /** The values at the last table. */
    long busyBefore;

    long stepsBefore;
  }

  BusyTimes(Loop loop) {
    this.loop = loop;
  }

  @Override
  public void run(Runnable job) {
    if (loop.currentTask != null) {
      charge(account(loop.currentTask)); // a step within a step: the task starts another eagerly
    }
    job.run();
    Account account = job instanceof LoopTask<?> task ? account(task) : others;
    charge(account);
    account.steps++;
    if (account != others && ((LoopTask<?>) job).done()) { // its account must not keep the task
      accounts.remove(job);
      others.busy += account.busy;
      others.steps += account.steps;
      others.busyBefore += account.busyBefore;
      others.stepsBefore += account.stepsBefore;
    }
  }

  private Account account(LoopTask<?> task) {
    return accounts.computeIfAbsent(task, fresh -> new Account());
  }

  private void charge(Account account) {
    long now = Clock.SYSTEM.nanos();
    account.busy += now - last;
    last = now;
  }

  @Override
  public void roundEnded() {}

  @Override
  public void sleep(Host host, long deadline) {
    host.sleep(deadline);
    beginRound();
  }

  /**
   * Charges the time since the last step to no task: the loop slept, or its host did other work.
   */
  void beginRound() {
    long now = Clock.SYSTEM.nanos();
    idle += now - last;
    last = now;
  }

  /**
   * A table of the tasks that have used most time since the last table, with the waits of these
   * tasks.
   *
   * @param count the number of tasks at most
   */
  String table(int count) {
    long now = Clock.SYSTEM.nanos();
    long time = Math.max(now - tableTime, 1);
    StringBuilder text = new StringBuilder(head(time));
    for (Row row : rows(count)) {
      text.append(row.text(time)).append('\n');
    }
    closeTable(now);
    return text.toString();
  }

  private String head(long time) {
    long slept = idle - tableIdle;
    return String.format(
        Locale.ROOT,
        "%s #%d on %s: %d tasks, busy %.1f %% of %.1f s; callbacks and ended tasks %.1f ms%n%s%n",
        loop,
        loop.number,
        loop.thread() == null ? "no thread" : loop.thread().getName(),
        loop.taskList.size(),
        Math.max(0, 100.0 * (time - slept) / time),
        time / 1e9,
        (others.busy - others.busyBefore) / MILLI,
        Row.HEAD);
  }

  private List<Row> rows(int count) {
    PriorityQueue<Row> best = new PriorityQueue<>(Comparator.reverseOrder());
    for (LoopTask<?> task : loop.taskList.toList()) {
      Account account = accounts.get(task);
      best.add(
          account == null
              ? new Row(task, 0, 0, 0)
              : new Row(
                  task,
                  account.busy - account.busyBefore,
                  account.busy,
                  account.steps - account.stepsBefore));
      if (best.size() > count) {
        best.remove(); // the least busy one, as the order is reversed
      }
    }
    List<Row> rows = new ArrayList<>(best);
    rows.sort(Comparator.naturalOrder());
    return rows;
  }

  private void closeTable(long now) {
    tableTime = now;
    tableIdle = idle;
    others.busyBefore = others.busy;
    others.stepsBefore = others.steps;
    for (Account account : accounts.values()) {
      account.busyBefore = account.busy;
      account.stepsBefore = account.steps;
    }
  }

  /** The row of one task. The busiest task comes first; of equally busy ones, the first started. */
  private record Row(LoopTask<?> task, long busy, long total, long steps)
      implements Comparable<Row> {
    static final String HEAD = "  BUSY   TOTAL ms    STEPS  TASK                  WAITS FOR";

    @Override
    public int compareTo(Row other) {
      return busy != other.busy
          ? Long.compare(other.busy, busy)
          : Integer.compare(task.number(), other.task.number());
    }

    String text(long time) {
      return String.format(
          Locale.ROOT,
          "%5.1f %% %9.1f %8d  %-20s  %s",
          100.0 * busy / time,
          total / MILLI,
          steps,
          Dump.label(task),
          where());
    }

    private String where() {
      StackTraceElement[] stack = task.stack();
      StackTraceElement line = stack.length == 0 ? null : stack[0];
      String place =
          line == null
              ? task.place()
              : line.getFileName() == null
                  ? line.getClassName() + "." + line.getMethodName()
                  : line.getFileName() + ":" + line.getLineNumber();
      return waitsFor() + " (" + place + ")";
    }

    private String waitsFor() {
      return task.loop.currentTask == task
          ? "runs"
          : task.waitsFor() == null ? "has not begun" : Dump.describe(task.waitsFor());
    }
  }
}
