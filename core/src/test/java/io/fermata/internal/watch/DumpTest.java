package io.fermata.internal.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.loop.LoopPromise;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scripted;
import io.fermata.internal.loop.SteppedLoop;
import io.fermata.internal.waiting.ChildrenWait;
import io.fermata.internal.waiting.Pause;
import io.fermata.internal.waiting.Sleep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DumpTest {
  private static final Pattern LABEL = Pattern.compile("^ *(#\\d+ \\w+) ", Pattern.MULTILINE);

  private final SteppedLoop stepped = new SteppedLoop();
  private final LoopPromise<String> promise = stepped.promise();
  private final List<LoopTask<?>> tasks = new ArrayList<>();

  @AfterEach
  void close() {
    stepped.close();
  }

  private LoopTask<Object> start(String name, Scripted.Step awaited) {
    LoopTask<Object> task = stepped.named(name, Scripted.of(awaited, sent -> sent));
    tasks.add(task);
    return task;
  }

  /** All of the dump but its first line. */
  private String dump() throws IOException {
    StringBuilder out = new StringBuilder();
    new Dump(stepped.loop, out).writeAll(false);
    return out.substring(out.indexOf("\n") + 1);
  }

  private String head() throws IOException {
    StringBuilder out = new StringBuilder();
    new Dump(stepped.loop, out).writeAll(false);
    return out.substring(0, out.indexOf("\n"));
  }

  private String label(int index) {
    return Dump.label(tasks.get(index));
  }

  @Test
  void theHeadCountsTasksAndTellsTheNextTimer() throws IOException {
    assertTrue(head().endsWith(": 0 tasks"), head());
    start("one", sent -> promise);
    stepped.settle();
    assertTrue(head().endsWith(": 1 task"), head());
    LoopTask<Object> sleeping = start("two", sent -> new Sleep<>(7_000_000, "slept"));
    assertTrue(head().endsWith(": 2 tasks, 1 ready"), head());
    stepped.settle();
    assertTrue(head().endsWith(": 2 tasks, next timer in 7 ms"), head());
    assertTrue(head().contains(" on " + Thread.currentThread()), head());
    sleeping.cancel(null);
  }

  @Test
  void anAwaitedTaskIsIndented() throws IOException {
    start("outer", sent -> tasks.get(1));
    start("inner", sent -> promise);
    stepped.settle();
    assertEquals(
        label(0)
            + (" waits for " + label(1) + "\n    in script\n")
            + ("  " + label(1) + " waits for promise (pending)\n      in script\n"),
        dump());
  }

  @Test
  void aTaskHasOnePlace() throws IOException {
    start("one", sent -> joint(tasks.get(2), tasks.get(1)));
    start("two", sent -> joint(tasks.get(2)));
    start("three", sent -> promise);
    stepped.settle();
    String text = dump();
    assertEquals(
        List.of(label(0), label(2), label(1)),
        LABEL.matcher(text).results().map(match -> match.group(1)).toList());
    assertTrue(text.contains("\n    see " + label(2) + "\n"), text);
  }

  private static ChildrenWait joint(LoopTask<?>... children) {
    ChildrenWait wait = new ChildrenWait();
    for (LoopTask<?> each : children) {
      wait.add(each);
    }
    return wait;
  }

  @Test
  void tasksInACircleHaveAPlace() throws IOException {
    start("one", sent -> tasks.get(1));
    start("two", sent -> tasks.get(0));
    stepped.settle();
    String text = dump();
    assertEquals(
        List.of(label(0), label(1)),
        LABEL
            .matcher(text.substring(0, text.indexOf("DEADLOCK")))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList());
  }

  @Test
  void aTaskThatHasNotBegunSaysSo() throws IOException {
    start("one", sent -> promise);
    assertEquals(label(0) + " has not begun, body at script\n", dump());
  }

  @Test
  void theTaskThatRunsSaysSo() throws IOException {
    String[] seen = new String[1];
    start(
        "one",
        sent -> {
          seen[0] = dump();
          return promise;
        });
    stepped.settle();
    assertEquals(label(0) + " runs, body at script\n", seen[0]);
  }

  @Test
  void aReadyTaskSaysWhatItHasWaitedFor() throws IOException {
    start("one", sent -> new Pause<>("paused"));
    stepped.round();
    assertTrue(dump().startsWith(label(0) + " is ready, after sleep of 0 ns\n"), dump());
  }

  @Test
  void aSleepSaysHowMuchIsLeft() throws IOException {
    LoopTask<Object> task = start("one", sent -> new Sleep<>(7_000_000, "slept"));
    stepped.settle();
    stepped.pass(2_000_000);
    assertTrue(dump().startsWith(label(0) + " waits for sleep, 5 ms left\n"), dump());
    task.cancel(null);
  }

  @Test
  void aJointWaitNamesSome() throws IOException {
    for (int i = 0; i < 10; i++) {
      start("t" + i, sent -> promise);
    }
    start("joint", sent -> joint(tasks.subList(0, 10).toArray(new LoopTask<?>[0])));
    stepped.settle();
    String text = dump();
    assertTrue(text.contains("waits for 10 of 10: " + label(0) + ", " + label(1) + ", "), text);
    assertTrue(text.contains(label(7) + " and 2 more\n"), text);
    assertFalse(text.contains(label(7) + ", "), text);
  }

  @Test
  void deepTasksAreNotIndentedForEver() throws IOException {
    for (int i = 0; i < 40; i++) {
      int next = i + 1;
      start("t" + i, sent -> next == 40 ? promise : tasks.get(next));
    }
    stepped.settle();
    String text = dump();
    assertTrue(text.contains("\n" + "  ".repeat(24) + label(24) + " "), text);
    assertTrue(text.contains("\n" + "  ".repeat(24) + "(level 25) " + label(25) + " "), text);
    assertTrue(text.contains("(level 39) " + label(39)), text);
  }

  // One task

  @Test
  void oneTaskIsWrittenWithThoseBelowIt() throws IOException {
    start("outer", sent -> tasks.get(1));
    start("inner", sent -> promise);
    start("other", sent -> promise);
    stepped.settle();
    StringBuilder out = new StringBuilder();
    new Dump(stepped.loop, out).writeOne(tasks.get(0));
    assertEquals(
        List.of(label(0), label(1)),
        LABEL.matcher(out).results().map(match -> match.group(1)).toList());
  }

  @Test
  void aTaskThatHasEndedSaysHow() throws IOException {
    start("one", sent -> promise);
    promise.setResult("value");
    stepped.settle();
    StringBuilder out = new StringBuilder();
    new Dump(stepped.loop, out).writeOne(tasks.get(0));
    assertEquals(label(0) + ": task one (finished)\n", out.toString());
  }
}
