package io.fermata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.fermata.async.Async;
import io.fermata.async.Promise;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

class AsyncMethodEngineTest {
  /** No test of its own returns nothing, so that JUnit does not look at the class at all. */
  static class Asynchronous {
    @Test
    Async<Void> one() {
      return Async.action(co -> fail("nobody awaits it"));
    }

    @RepeatedTest(2)
    Promise<String> two() {
      return Promise.open();
    }

    Async<Void> noTest() {
      return Async.action(co -> {});
    }

    @Test
    void ordinary() {}
  }

  static class Inheriting extends Asynchronous {}

  static class Outer {
    @Nested
    class Inner {
      @Test
      Async<Void> nested() {
        return Async.action(co -> {});
      }
    }
  }

  private static List<String> failures(DiscoverySelector selector) {
    return EngineTestKit.engine(new AsyncMethodEngine())
        .selectors(selector)
        .execute()
        .testEvents()
        .failed()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow().getMessage())
        .map(message -> message.replaceFirst(":.*", ""))
        .sorted()
        .toList();
  }

  private static final List<String> BOTH =
      List.of("Asynchronous.one returns Async", "Asynchronous.two returns Promise");

  @Test
  void eachAsyncMethodFails() {
    assertEquals(BOTH, failures(selectClass(Asynchronous.class)));
  }

  @Test
  void anInheritedOneFails() {
    assertEquals(BOTH, failures(selectClass(Inheriting.class)));
  }

  @Test
  void oneInANestedClassFails() {
    assertEquals(List.of("Inner.nested returns Async"), failures(selectClass(Outer.class)));
  }

  @Test
  void oneThatIsSelectedFails() {
    assertEquals(BOTH.subList(0, 1), failures(selectMethod(Asynchronous.class, "one")));
  }

  @Test
  void otherMethodsAreLeftToJUnit() {
    assertEquals(List.of(), failures(selectMethod(Asynchronous.class, "ordinary")));
    assertEquals(List.of(), failures(selectClass(AsyncMethodEngineTest.class)));
  }

  @Test
  void theLauncherFindsTheEngine() {
    assertTrue(
        ServiceLoader.load(TestEngine.class).stream()
            .anyMatch(engine -> engine.type() == AsyncMethodEngine.class));
  }
}
