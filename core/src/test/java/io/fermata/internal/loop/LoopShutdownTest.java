package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopShutdownTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final LoopPromise<String> promise = stepped.promise();

  @AfterEach
  void close() {
    stepped.close();
  }

  private LoopShutdown shutdown() {
    return new LoopShutdown(stepped.loop, "the end");
  }

  private void advanceToTheEnd(LoopShutdown shutdown) {
    for (int i = 0; !shutdown.advance(); i++) {
      assertTrue(i < 20, "the shutdown does not end");
      stepped.round();
    }
  }

  private static String reason(LoopTask<?> task) {
    return ((Cancelled) task.failure()).reason();
  }

  @Test
  void withoutTasksItIsOverAtOnce() {
    assertTrue(shutdown().advance());
  }

  @Test
  void tasksAreCancelledWithTheReason() {
    LoopTask<String> waiting = stepped.started(promise);
    LoopTask<String> fresh = stepped.start(stepped.<String>promise());
    LoopShutdown shutdown = shutdown();
    assertFalse(shutdown.advance());
    stepped.round();
    assertTrue(shutdown.advance());
    assertEquals("the end", reason(waiting));
    assertEquals("the end", reason(fresh));
  }

  @Test
  void aTaskThatAwaitsAnotherPassesTheRequestOn() {
    LoopTask<String> inner = stepped.started(promise);
    LoopTask<String> outer = stepped.started(inner);
    advanceToTheEnd(shutdown());
    assertEquals(1, inner.cancelling());
    assertEquals(1, outer.cancelling());
    assertEquals("the end", reason(inner));
    assertEquals("the end", reason(outer));
  }

  @Test
  void tasksThatAwaitEachOtherEnd() {
    LoopTask<?>[] tasks = new LoopTask<?>[3];
    for (int i = 0; i < 3; i++) {
      int next = (i + 1) % 3;
      tasks[i] = stepped.start(Scripted.of(sent -> tasks[next], sent -> sent));
    }
    stepped.settle();
    advanceToTheEnd(shutdown());
    for (LoopTask<?> each : tasks) {
      assertTrue(each.cancelled());
      assertEquals(1, each.cancelling());
    }
  }

  @Test
  void itWaitsForCleanup() {
    LoopTask<Object> task =
        stepped.started(
            Scripted.of(sent -> promise, sent -> stepped.<String>promise(), sent -> "cleaned")
                .goingOn());
    LoopShutdown shutdown = shutdown();
    stepped.settle();
    assertFalse(shutdown.advance());
    task.cancel("again");
    stepped.settle();
    assertTrue(shutdown.advance());
    assertEquals("cleaned", task.passed());
  }

  @Test
  void theFailureOfALeftoverIsReported() {
    IOException failure = new IOException("broken");
    LoopTask<Object> task =
        stepped.started(
            Scripted.of(
                    sent -> promise,
                    sent -> {
                      throw failure;
                    })
                .goingOn());
    advanceToTheEnd(shutdown());
    assertEquals(1, stepped.failures.size());
    assertEquals(failure, stepped.failures.get(0).exception());
    assertEquals(
        task.name() + " failed while the loop was being closed", stepped.failures.get(0).message());
  }

  @Test
  void aFailureThatAnotherLeftoverAwaitsIsNotReported() {
    LoopTask<Object> failing =
        stepped.started(
            Scripted.of(
                    sent -> promise,
                    sent -> {
                      throw new IOException("broken");
                    })
                .goingOn());
    stepped.started(Scripted.of(sent -> failing, sent -> sent).goingOn());
    advanceToTheEnd(shutdown());
    assertEquals(0, stepped.failures.size());
  }

  @Test
  void failuresOfPromisesAreReportedOnceAtTheEnd() {
    stepped.started(promise);
    LoopPromise<String> failed = stepped.promise();
    failed.setException(new IOException("broken"));
    LoopShutdown shutdown = shutdown();
    assertFalse(shutdown.advance());
    assertEquals(0, stepped.failures.size());
    advanceToTheEnd(shutdown);
    assertTrue(shutdown.advance());
    assertEquals(1, stepped.failures.size());
  }
}
