package io.fermata.conformance.random.models;

import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A program: for each of its tasks the acts, one after the other. */
record Acts(Sort sort, List<List<Act>> tasks) implements Checked<Acts> {
  /** Longer than all pauses, limits and holds of a program together. */
  private static final Duration REST = Duration.ofMinutes(1);

  static Acts of(Sort sort, SplittableRandom random) {
    int count = random.nextInt(2, 6);
    List<List<Act>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Act> acts = new ArrayList<>();
      for (int left = random.nextInt(1, 6); left > 0; left--) {
        acts.add(act(sort, count, random));
      }
      tasks.add(acts);
    }
    return new Acts(sort, tasks);
  }

  private static Act act(Sort sort, int tasks, SplittableRandom random) {
    boolean cancels = random.nextInt(6) == 0;
    String what = cancels ? Act.CANCEL : sort.acts.get(random.nextInt(sort.acts.size()));
    return new Act(
        what,
        random.nextInt(cancels ? tasks : 6),
        Math.max(0, random.nextInt(-3, 4)),
        random.nextInt(4) == 0 ? random.nextInt(4) : Act.NO_LIMIT,
        random.nextInt(3) == 0);
  }

  @Override
  public void run(long seed) throws Exception {
    try (TestLoop loop = TestLoop.seeded(seed)) {
      Performance performance = new Performance(this);
      loop.run(Async.action(performance::run));
    }
  }

  @Override
  public Stream<Acts> smaller() {
    Stream.Builder<Acts> all = Stream.builder();
    for (int task = 0; task < tasks.size(); task++) {
      List<Act> acts = tasks.get(task);
      if (!acts.isEmpty()) {
        all.add(with(task, List.of()));
      }
      for (int at = 0; at < acts.size(); at++) {
        List<Act> fewer = new ArrayList<>(acts);
        Act act = fewer.remove(at);
        all.add(with(task, fewer));
        for (Act simpler : List.of(act.withoutLimit(), act.withoutPause())) {
          if (!simpler.equals(act)) {
            List<Act> changed = new ArrayList<>(acts);
            changed.set(at, simpler);
            all.add(with(task, changed));
          }
        }
      }
    }
    return all.build();
  }

  private Acts with(int task, List<Act> acts) {
    List<List<Act>> changed = new ArrayList<>(tasks);
    changed.set(task, acts);
    return new Acts(sort, changed);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(sort.name());
    for (int i = 0; i < tasks.size(); i++) {
      text.append("\n  task ").append(i).append(": ").append(tasks.get(i));
    }
    return text.toString();
  }

  /** One run of a program. */
  private static final class Performance {
    private final Acts program;
    private final List<Task<Void>> tasks = new ArrayList<>();
    private final Act[] under;

    /** Whether a task was asked to cancel, and has not got the request. */
    private final boolean[] asked;

    private Subject subject;

    Performance(Acts program) {
      this.program = program;
      under = new Act[program.tasks.size()];
      asked = new boolean[under.length];
    }

    void run(Awaiter co) throws Exception {
      subject = program.sort.subject.get();
      for (int i = 0; i < under.length; i++) {
        int who = i;
        tasks.add(Task.named("task " + i).start(Async.action(in -> play(in, who))));
      }
      co.await(Async.sleep(REST));
      failIfOneHas();
      subject.atRest(stuck());
      tasks.forEach(task -> task.cancel("the run is over"));
      co.await(Async.sleep(REST));
      failIfOneHas();
      Subject.check(stuck().isEmpty(), "not ended although cancelled: " + stuck());
      subject.atEnd(co);
    }

    private void failIfOneHas() throws Exception {
      for (Task<Void> task : tasks) {
        if (task.done() && !task.cancelled()) {
          task.result();
        }
      }
    }

    private List<Subject.Stuck> stuck() {
      List<Subject.Stuck> stuck = new ArrayList<>();
      for (int i = 0; i < under.length; i++) {
        if (!tasks.get(i).done()) {
          stuck.add(new Subject.Stuck(i, under[i]));
        }
      }
      return stuck;
    }

    private void play(Awaiter co, int who) throws Exception {
      for (Act act : program.tasks.get(who)) {
        under[who] = act;
        try {
          pause(co, who, act.pause());
          perform(co, who, act);
        } catch (Cancelled cancelled) {
          asked[who] = false;
          if (!act.swallows() || !String.valueOf(cancelled.reason()).startsWith("by task")) {
            throw cancelled;
          }
          Task.current().uncancel();
        } catch (TimeoutException late) {
          // its limit
        }
      }
    }

    private void pause(Awaiter co, int who, int millis) throws Exception {
      if (millis > 0) {
        boolean wasAsked = asked[who];
        co.await(Async.sleep(Duration.ofMillis(millis)));
        Subject.check(!wasAsked, "task " + who + " has not got a request");
      }
    }

    private void perform(Awaiter co, int who, Act act) throws Exception {
      if (act.what().equals(Act.CANCEL)) {
        int whom = act.number() % tasks.size();
        asked[whom] |= tasks.get(whom).cancel("by task " + who);
      } else if (act.limit() < 0) {
        subject.perform(co, who, act);
      } else {
        Duration limit = Duration.ofMillis(act.limit());
        co.await(Timeout.action(limit, (in, timeout) -> subject.perform(in, who, act)));
      }
    }
  }
}
