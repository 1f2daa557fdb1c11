package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.thread.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of JDK Flight Recorder says of a loop. */
class FlightRecorderTest extends AsyncTest {
  @TempDir Path directory;

  private List<RecordedEvent> recorded(Consumer<Recording> settings, Async<?> main)
      throws Exception {
    Path file = directory.resolve("loop.jfr");
    try (Recording recording = new Recording()) {
      settings.accept(recording);
      recording.start();
      EventLoop.run(main);
      recording.stop();
      recording.dump(file);
    }
    return ours(file);
  }

  private static List<RecordedEvent> ours(Path file) throws IOException {
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    Files.delete(file);
    return events.stream()
        .filter(event -> event.getEventType().getName().startsWith("io.fermata."))
        .sorted((one, other) -> one.getEndTime().compareTo(other.getEndTime()))
        .toList();
  }

  private static List<RecordedEvent> named(String type, List<RecordedEvent> events) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("io.fermata." + type))
        .toList();
  }

  @EngineTest
  void theStartAndTheEndOfEachTaskAreRecorded() throws Exception {
    List<RecordedEvent> events =
        recorded(
            recording -> {},
            Async.action(
                co -> {
                  Task.current().setName("main");
                  co.await(Task.named("one").start(step("x", 1)));
                  Task<String> failing = Task.named("two").start(failing(new IOException("no"), 1));
                  Task<Void> cancelled = Task.named("three").start(sleep(1000));
                  co.await(Async.wait(List.of(failing)));
                  failing.exception();
                  cancelled.cancel();
                  co.await(pause());
                }));

    List<RecordedEvent> starts = named("TaskStarted", events);
    assertEquals(
        List.of("Task-1", "one", "two", "three"),
        starts.stream().map(event -> event.getString("name")).toList());
    assertTrue(starts.get(1).getString("body").startsWith("AsyncTest.java:"));
    assertEquals(
        List.of(
            "one finished",
            "two failed with java.io.IOException: no",
            "three cancelled",
            "main finished"),
        named("TaskEnded", events).stream()
            .map(event -> event.getString("name") + " " + event.getString("outcome"))
            .toList());
  }

  @EngineTest
  void stepsAndSuspensionsAreRecordedIfAskedFor() throws Exception {
    List<RecordedEvent> events =
        recorded(
            recording -> {
              recording.enable("io.fermata.TaskStep").withThreshold(Duration.ZERO);
              recording.enable("io.fermata.TaskSuspended");
            },
            Async.action(
                co -> {
                  for (int i = 0; i < 4; i++) {
                    co.await(pause());
                  }
                }));

    assertEquals(5, named("TaskStep", events).size());
    List<RecordedEvent> suspensions = named("TaskSuspended", events);
    assertEquals(4, suspensions.size());
    assertEquals("sleep of 0 ns", suspensions.get(0).getString("waitsFor"));
    assertTrue(suspensions.get(0).getString("line").contains("FlightRecorderTest.java:"));
  }

  @EngineTest
  void withoutBeingAskedForStepsAreNotRecorded() throws Exception {
    List<RecordedEvent> events = recorded(recording -> {}, Async.action(co -> co.await(pause())));

    assertEquals(List.of(), named("TaskStep", events));
    assertEquals(List.of(), named("TaskSuspended", events));
  }

  @EngineTest
  void aSlowStepIsRecordedWithTheTimeThatItTook() throws Exception {
    long begin = System.nanoTime();
    List<RecordedEvent> events =
        recorded(
            recording -> recording.enable("io.fermata.SlowStep").with("atLeast", "50 ms"),
            Async.action(
                co -> {
                  Task.current().setName("slow");
                  co.await(pause());
                  spin(300);
                  co.await(pause());
                }));
    long whole = System.nanoTime() - begin;

    List<RecordedEvent> slow =
        named("SlowStep", events).stream()
            .filter(event -> "slow".equals(event.getString("name")))
            .toList();
    assertEquals(1, slow.size(), slow.toString());
    long held = slow.get(0).getDuration("held").toNanos();
    assertTrue(held > 50_000_000 && held < whole, held + " of " + whole);
  }

  /** Another thread sees the loop wait: what it then takes is idle, on a busy machine too. */
  @EngineTest
  void theTimeInWhichALoopHasNothingToDoIsRecorded() throws Exception {
    long[] waited = {Long.MAX_VALUE};
    long begin = System.nanoTime();
    List<RecordedEvent> events =
        recorded(
            recording -> recording.enable("io.fermata.LoopIdle").withThreshold(Duration.ZERO),
            Async.action(
                co -> {
                  EventLoop loop = EventLoop.current();
                  AsyncEvent over = AsyncEvent.open();
                  loop.callSoon(
                      () -> {
                        Thread sleeper = Thread.currentThread();
                        new Thread(
                                () -> {
                                  try {
                                    Eventually.waiting(sleeper);
                                    waited[0] = spin(50);
                                  } finally {
                                    loop.callSoonThreadSafe(over::set);
                                  }
                                })
                            .start();
                      });
                  co.await(over.whenSet());
                }));
    long whole = System.nanoTime() - begin;

    long idle =
        named("LoopIdle", events).stream().mapToLong(event -> event.getDuration().toNanos()).sum();
    assertTrue(idle > waited[0] - 1_000_000 && idle < whole, waited[0] + " " + idle + " " + whole);
  }

  /** Keeps the processor busy, and tells for how long it did. */
  private static long spin(int millis) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < millis * 1_000_000L) {
      Thread.onSpinWait();
    }
    return System.nanoTime() - start;
  }

  @EngineTest
  void aRecordingThatBeginsWhileALoopRunsSeesIt() throws Exception {
    Path file = directory.resolve("loop.jfr");
    EventLoop.run(
        Async.action(
            co -> {
              try (Recording recording = new Recording()) {
                recording.start();
                long start = System.nanoTime();
                while (System.nanoTime() - start < 1_500_000_000) {
                  co.await(sleep(10));
                }
                co.await(Task.named("late").start(step("x", 1)));
                recording.stop();
                recording.dump(file);
              }
            }));

    assertTrue(
        named("TaskStarted", ours(file)).stream()
            .anyMatch(event -> "late".equals(event.getString("name"))));
  }
}
