package io.fermata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

class LoopExtensionTest {
  /** Not found by its name, but run by the tests of this class. */
  static class Guinea {
    @RegisterExtension final LoopExtension extension = new LoopExtension(Duration.ofMillis(300));

    @Test
    void ends(TestLoop loop) throws Exception {
      assertEquals("x", loop.run(Async.sleep(Duration.ofHours(1), "x")));
    }

    @Test
    void leavesATask(TestLoop loop) {
      loop.loop().named("forgotten").start(Async.sleep(Duration.ofHours(1)));
      loop.step();
    }

    @Test
    void hangs(TestLoop loop) throws Exception {
      loop.loop().named("waiter").start(Async.of(co -> co.await(Promise.open())));
      loop.run(Async.of(co -> co.await(Promise.open())));
    }

    @Test
    void spins(TestLoop loop) {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
    }

    @Test
    void fails(TestLoop loop) throws Exception {
      loop.run(
          Async.action(
              co -> {
                throw new IllegalStateException("its own");
              }));
    }
  }

  /** A class with tests that clean up, or do not. */
  static class Cleaning {
    static final List<String> LOG = new ArrayList<>();

    @RegisterExtension final LoopExtension extension = new LoopExtension(Duration.ofMillis(500));

    /** Waits for ever, and takes its time to end. */
    private static Async<Void> server(Duration cleanup) {
      return Async.action(
          co -> {
            try {
              co.await(Promise.open());
            } finally {
              co.await(Async.uncancellable(Async.sleep(cleanup)));
              LOG.add("cleaned up");
            }
          });
    }

    private static Async<Void> failingServer() {
      return Async.action(
          co -> {
            try {
              co.await(Promise.open());
            } finally {
              fail("in cleanup");
            }
          });
    }

    private static Task<Void> started(TestLoop loop, Async<Void> server) {
      Task<Void> task = loop.start(server);
      loop.settle();
      return task;
    }

    @Test
    void cancelsAtTheEnd(TestLoop loop) {
      started(loop, server(Duration.ZERO)).cancel();
    }

    @Test
    void cancelsInMain(TestLoop loop) throws Exception {
      loop.run(
          Async.action(
              co -> {
                Task<Void> task = Task.start(server(Duration.ofDays(1)));
                co.await(Async.sleep(Duration.ofHours(1)));
                task.cancel();
              }));
    }

    @Test
    void cancelsBeforeTheFirstStep(TestLoop loop) {
      loop.start(server(Duration.ZERO)).cancel();
    }

    @Test
    void failsInCleanup(TestLoop loop) {
      started(loop, failingServer()).cancel();
    }

    @Test
    void cancelsOneOfTwo(TestLoop loop) {
      started(loop, server(Duration.ZERO)).cancel();
      loop.loop().named("other").start(server(Duration.ZERO));
    }

    @Test
    void swallowsTheRequest(TestLoop loop) {
      started(
              loop,
              Async.action(
                  co -> {
                    while (true) {
                      try {
                        co.await(Async.sleep(Duration.ofHours(1)));
                      } catch (Cancelled swallowed) {
                        LOG.add("swallowed");
                      }
                    }
                  }))
          .cancel();
    }

    @Test
    void taskFails(TestLoop loop) throws Exception {
      loop.run(
          Async.action(
              co -> {
                Task.start(Async.action(in -> fail("lost")));
                co.await(Async.sleep(Duration.ofMillis(1)));
              }));
    }

    @Test
    void callbackFails(TestLoop loop) {
      loop.loop().callSoon(() -> fail("in a callback"));
    }

    @Test
    void failureIsSeen(TestLoop loop) {
      Task<Void> task = loop.start(Async.action(in -> fail("seen")));
      loop.settle();
      assertTrue(task.exception() instanceof AssertionError);
    }

    @Test
    void failureIsExpected(TestLoop loop) {
      List<String> heard = new ArrayList<>();
      loop.loop().setExceptionHandler((on, failure) -> heard.add(failure.message()));
      loop.loop().callSoon(() -> fail("expected"));
      loop.settle();
      assertEquals(1, heard.size());
    }
  }

  /** A class with a test that JUnit does not run. */
  @ExtendWith(LoopExtension.class)
  static class Asynchronous {
    @Test
    void ends() {}

    @Test
    Async<Void> neverRuns() {
      return Async.action(co -> fail("nobody awaits it"));
    }
  }

  @BeforeEach
  void clear() {
    Cleaning.LOG.clear();
  }

  @Test
  void aCancelledTaskRunsToItsEnd() {
    for (String test : List.of("cancelsAtTheEnd", "cancelsInMain", "cancelsBeforeTheFirstStep")) {
      assertEquals("", failureOf(Cleaning.class, test));
    }
    assertEquals(List.of("cleaned up", "cleaned up"), Cleaning.LOG);
  }

  @Test
  void aFailingCleanupFailsTheTest() {
    String failure = failureOf(Cleaning.class, "failsInCleanup");
    assertTrue(failure.contains("in cleanup"), failure);
  }

  @Test
  void aTaskThatNobodyCancelledIsLeft() {
    String failure = failureOf(Cleaning.class, "cancelsOneOfTwo");
    assertTrue(failure.contains("has left other behind"), failure);
  }

  @Test
  void aTaskThatDoesNotEndThoughCancelledFails() {
    String failure = failureOf(Cleaning.class, "swallowsTheRequest");
    assertTrue(failure.contains("not ended after PT0.5S"), failure);
    assertEquals("swallowed", Cleaning.LOG.get(0));
  }

  @Test
  void aFailureThatNobodySawFailsTheTest() {
    String task = failureOf(Cleaning.class, "taskFails");
    assertTrue(task.contains("never retrieved") && task.contains("lost"), task);
    String callback = failureOf(Cleaning.class, "callbackFails");
    assertTrue(callback.contains("in a callback"), callback);
  }

  @Test
  void aFailureThatSomebodySawDoesNot() {
    assertEquals("", failureOf(Cleaning.class, "failureIsSeen"));
    assertEquals("", failureOf(Cleaning.class, "failureIsExpected"));
  }

  @Test
  void aClassWithAnAsyncMethodIsRefused() {
    List<String> failures =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Asynchronous.class))
            .execute()
            .containerEvents()
            .failed()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .map(result -> result.getThrowable().orElseThrow().getMessage())
            .toList();
    assertEquals(1, failures.size());
    assertTrue(failures.get(0).startsWith("Asynchronous.neverRuns returns Async"), failures.get(0));
  }

  private static String failureOf(String method) {
    return failureOf(Guinea.class, method);
  }

  private static String failureOf(Class<?> tests, String method) {
    List<TestExecutionResult> results =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(tests, method, TestLoop.class))
            .execute()
            .testEvents()
            .finished()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .toList();
    assertEquals(1, results.size());
    return results.get(0).getThrowable().map(Throwable::toString).orElse("");
  }

  @Test
  void aTestThatEndsPasses() {
    assertEquals("", failureOf("ends"));
  }

  @Test
  void aTestThatLeavesATaskBehindFails() {
    String failure = failureOf("leavesATask");
    assertTrue(failure.contains("has left forgotten behind"), failure);
  }

  @Test
  void aTestThatHangsFailsWithWhatItsTasksWaitFor() {
    String failure = failureOf("hangs");
    assertTrue(failure.contains("not ended after PT0.3S"), failure);
    assertTrue(failure.contains("waiter"), failure);
    assertTrue(failure.contains("LoopExtensionTest.java"), failure);
  }

  @Test
  void aTestWhoseThreadIsBusyFailsWithItsStack() {
    String failure = failureOf("spins");
    assertTrue(failure.contains("its thread is busy"), failure);
    assertTrue(failure.contains("Guinea.spins"), failure);
  }

  @Test
  void aTestThatFailsKeepsItsFailure() {
    assertEquals("java.lang.IllegalStateException: its own", failureOf("fails"));
  }
}
