package io.fermata.internal.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.compose.TimeLimit;
import io.fermata.internal.compose.TimeoutFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scripted;
import io.fermata.internal.loop.SteppedLoop;
import io.fermata.internal.waiting.Sleep;
import io.fermata.internal.waiting.ThreadCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlockReportTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final List<LoopTask<?>> tasks = new ArrayList<>();

  @AfterEach
  void close() {
    stepped.close();
  }

  /** Starts a task that awaits another one, by its place. */
  private void startAwaiting(int other) {
    tasks.add(
        stepped.named("t" + tasks.size(), Scripted.of(sent -> tasks.get(other), sent -> sent)));
  }

  private DeadlockReport report(Appendable out) {
    return new DeadlockReport(stepped.loop, new WaitGraph(stepped.loop), out);
  }

  private String written(boolean fromOutside) throws IOException {
    stepped.settle();
    StringBuilder out = new StringBuilder();
    report(out).write(fromOutside);
    return out.toString();
  }

  private String label(int index) {
    return "#" + tasks.get(index).number() + " t" + index;
  }

  @Test
  void withoutTasksThereIsNothingToSay() throws IOException {
    assertEquals("", written(true));
  }

  @Test
  void aDeadlockNamesItsTasksAndWhoIsBlockedByIt() throws IOException {
    startAwaiting(1);
    startAwaiting(0);
    startAwaiting(1);
    assertEquals(
        "DEADLOCK: 2 tasks wait for each other, for ever if nobody cancels one:\n"
            + ("  " + label(0) + " waits for " + label(1) + "\n")
            + ("  " + label(1) + " waits for " + label(0) + "\n")
            + ("blocked by that: " + label(2) + "\n"),
        written(true));
  }

  @Test
  void aTaskThatWaitsForWhatItHasIsADeadlock() throws IOException {
    tasks.add(stepped.named("t0", Scripted.of(s -> new OwnedDoor(() -> tasks.get(0)), s -> s)));
    String text = written(true);
    assertEquals(
        "DEADLOCK: a task waits for itself, for ever if nobody cancels one:\n"
            + ("  " + label(0) + " waits for door, held by " + label(0) + "\n"),
        text);
  }

  @Test
  void aTimeoutAroundADeadlockEndsIt() throws IOException {
    startAwaiting(1);
    tasks.add(
        stepped.named(
            "t1",
            new TimeoutFrame<>(
                TimeLimit.in(Duration.ofMillis(40)),
                Scripted.of(sent -> tasks.get(0), sent -> sent))));
    String text = written(true);
    assertTrue(text.contains("2 tasks wait for each other; a timeout in 40 ms ends it:\n"), text);
  }

  @Test
  void onlySomeOfManyDeadlocksAreListed() throws IOException {
    for (int i = 0; i < 22; i++) {
      startAwaiting(2 * i + 1);
      startAwaiting(2 * i);
    }
    String text = written(true);
    assertEquals(20, text.split("DEADLOCK: ", -1).length - 1);
    assertTrue(text.endsWith("and 2 more deadlocks\n"), text);
  }

  @Test
  void onlySomeTasksOfALargeDeadlockAreListed() throws IOException {
    for (int i = 0; i < 23; i++) {
      startAwaiting((i + 1) % 23);
    }
    String text = written(true);
    assertTrue(text.startsWith("DEADLOCK: 23 tasks wait for each other"), text);
    assertTrue(text.endsWith("  and 3 more\n"), text);
  }

  @Test
  void onlySomeBlockedTasksAreNamed() throws IOException {
    startAwaiting(1);
    startAwaiting(0);
    for (int i = 0; i < 22; i++) {
      startAwaiting(0);
    }
    String text = written(true);
    assertTrue(text.contains("blocked by that: " + label(2) + ", " + label(3)), text);
    assertTrue(text.endsWith(label(21) + " and 2 more\n"), text);
  }

  @Test
  void aLockWhoseHolderHasEndedIsLost() throws IOException {
    LoopTask<?> ended = stepped.named("gone", Scripted.of(sent -> "at once"));
    tasks.add(stepped.named("t0", Scripted.of(s -> new OwnedDoor(() -> ended), s -> s)));
    assertEquals(
        "LOST LOCK: "
            + label(0)
            + (" waits for a lock that #" + ended.number() + " gone has acquired;")
            + " that task has ended without releasing it\n",
        written(true));
  }

  @Test
  void problemsAreWhatIsCertain() throws IOException {
    startAwaiting(1);
    tasks.add(stepped.start(stepped.<String>promise()));
    stepped.settle();
    assertFalse(report(new StringBuilder()).writeProblems());
    startAwaiting(3);
    startAwaiting(2);
    stepped.settle();
    assertTrue(report(new StringBuilder()).writeProblems());
  }

  // Asleep for good

  @Test
  void aLoopThatOnlyAnotherThreadCanWakeSaysSo() throws IOException {
    stepped.started(stepped.<String>promise());
    String text = written(true);
    assertTrue(text.startsWith("nothing that this loop does can end a wait: "), text);
    assertEquals("", written(false));
  }

  @Test
  void aLoopWithATimerIsNotAsleepForGood() throws IOException {
    stepped.started(stepped.<String>promise());
    LoopTask<String> sleeping = stepped.started(new Sleep<>(5, "slept"));
    assertEquals("", written(true));
    sleeping.cancel(null);
  }

  @Test
  void aWaitForSomethingOutsideIsNotForGood() throws IOException {
    stepped.started(stepped.<String>promise());
    stepped.started(new ThreadCall<>(job -> {}, () -> "", false));
    assertEquals("", written(true));
  }

  // About one task

  @Test
  void aReportAboutATaskTellsItsDeadlock() throws IOException {
    startAwaiting(1);
    startAwaiting(0);
    startAwaiting(0);
    tasks.add(stepped.named("t3", stepped.<String>promise()));
    stepped.settle();
    StringBuilder about = new StringBuilder();
    report(about).writeAbout(3);
    assertEquals("", about.toString());
    report(about).writeAbout(2);
    assertTrue(about.toString().startsWith("DEADLOCK: 2 tasks wait for each other"));
  }
}
