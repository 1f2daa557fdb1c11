package io.fermata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.fermata.async.Async;
import io.fermata.async.Promise;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
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

  private static String failureOf(String method) {
    List<TestExecutionResult> results =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(Guinea.class, method, TestLoop.class))
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
