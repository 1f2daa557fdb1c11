package io.fermata.internal.waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.ContextVar;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.SteppedLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadCallTest {
  private static final ContextVar<String> VARIABLE = ContextVar.of("variable", "unset");

  private final SteppedLoop stepped = new SteppedLoop();

  /** An executor that runs nothing before the test says so. */
  private final Deque<Runnable> jobs = new ArrayDeque<>();

  @AfterEach
  void close() {
    stepped.close();
  }

  private void runJobs() {
    while (!jobs.isEmpty()) {
      jobs.remove().run();
    }
    stepped.settle();
  }

  @Test
  void itGivesWhatTheCallReturns() throws Exception {
    LoopTask<String> task = stepped.started(new ThreadCall<>(jobs::add, () -> "value", false));
    assertFalse(task.done());
    assertEquals(1, jobs.size());
    runJobs();
    assertEquals("value", task.result());
  }

  @Test
  void itThrowsWhatTheCallThrows() {
    IOException failure = new IOException("broken");
    LoopTask<String> task =
        stepped.started(
            new ThreadCall<>(
                jobs::add,
                () -> {
                  throw failure;
                },
                false));
    runJobs();
    assertSame(failure, task.exception());
  }

  @Test
  void itThrowsWhatTheExecutorThrows() {
    LoopTask<String> task =
        stepped.started(
            new ThreadCall<>(
                job -> {
                  throw new RejectedExecutionException("full");
                },
                () -> "value",
                false));
    assertEquals("full", task.exception().getMessage());
  }

  @Test
  void aResultThatComesAfterACancellationIsDropped() {
    LoopTask<String> task = stepped.started(new ThreadCall<>(jobs::add, () -> "late", false));
    task.cancel(null);
    stepped.settle();
    assertTrue(task.cancelled());
    runJobs();
    assertTrue(task.cancelled());
    assertEquals(0, stepped.failures.size());
  }

  @Test
  void aResultBetweenACancellationAndItsStepIsDropped() {
    LoopTask<String> task = stepped.started(new ThreadCall<>(jobs::add, () -> "late", false));
    task.cancel("enough");
    runJobs();
    assertTrue(task.cancelled());
    assertTrue(stepped.loop.kernel.isIdle());
  }

  @Test
  void aCallSeesTheContextOfItsTaskIfItIsToBe() throws Exception {
    VARIABLE.set("set");
    LoopTask<String> within = stepped.started(new ThreadCall<>(jobs::add, VARIABLE::get, true));
    LoopTask<String> without = stepped.started(new ThreadCall<>(jobs::add, VARIABLE::get, false));
    VARIABLE.set("changed");
    runJobs();
    assertEquals("set", within.result());
    assertEquals("changed", without.result());
  }

  @Test
  void withoutAnExecutorItRunsOnAThreadOfTheLoop() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    LoopTask<String> task =
        stepped.started(
            (ThreadCall<String>)
                ThreadCall.withContext(
                    () -> {
                      called.countDown();
                      return Thread.currentThread().getName();
                    }));
    assertTrue(called.await(10, TimeUnit.SECONDS));
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        !task.done() && System.nanoTime() < end; ) {
      stepped.round();
      Thread.onSpinWait();
    }
    assertEquals("fermata worker", task.result());
  }

  @Test
  void aCallThroughTheFaceIsInContext() throws Exception {
    VARIABLE.set("set");
    CountDownLatch over = new CountDownLatch(1);
    String[] seen = new String[1];
    stepped.started(
        ThreadCall.withContext(
            () -> {
              seen[0] = VARIABLE.get();
              over.countDown();
              return null;
            }));
    assertTrue(over.await(10, TimeUnit.SECONDS));
    assertEquals("set", seen[0]);
    while (!stepped.loop.taskList.isEmpty()) {
      stepped.round();
    }
  }

  @Test
  void itSaysWhatItIs() {
    assertEquals("call on another thread", new ThreadCall<>(jobs::add, () -> "", false).toString());
  }
}
