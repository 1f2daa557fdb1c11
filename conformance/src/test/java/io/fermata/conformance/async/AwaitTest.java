package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.StopIteration;
import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Awaiter;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What an await is. */
class AwaitTest extends AsyncTest {
  @EngineTest
  @Conforms("C-001")
  void makingAnAsyncRunsNothing() throws Exception {
    Async<Integer> async =
        Async.of(
            co -> {
              log.add("ran");
              return 1;
            });

    assertEquals(List.of(), log);
    assertEquals(1, run(async));
    assertEquals(List.of("ran"), log);
  }

  @EngineTest
  @Conforms({"C-003"})
  void aSecondAwaitIsRefused() throws Exception {
    runAction(
        co -> {
          Async<String> once = step("x", 0);
          co.await(once);
          var refused = assertThrows(IllegalStateException.class, () -> co.await(once));
          assertTrue(refused.getMessage().contains("twice"), refused.getMessage());
        });
    assertEquals(List.of("x"), log);
  }

  @EngineTest
  @Conforms("C-003")
  void aSecondAwaitOfASleepIsRefused() throws Exception {
    runAction(
        co -> {
          Async<Void> once = sleep(1);
          co.await(once);
          assertThrows(IllegalStateException.class, () -> co.await(once));
        });
  }

  @EngineTest
  @Conforms("C-004")
  void anAwaitOfWhatIsAwaitedElsewhereIsRefused() throws Exception {
    runAction(
        co -> {
          Async<String> shared = step("x", 5);
          Task<String> first = Task.start(Async.of(in -> in.await(shared)));
          co.await(sleep(1));
          assertThrows(IllegalStateException.class, () -> co.await(shared));
          assertEquals("x", co.await(first));
        });
  }

  @EngineTest
  @Conforms("C-003")
  void startingWhatWasStartedIsRefused() throws Exception {
    runAction(
        co -> {
          Async<String> once = step("x", 0);
          Task<String> task = Task.start(once);
          assertThrows(IllegalStateException.class, () -> Task.start(once));
          assertEquals("x", co.await(task));
        });
  }

  @EngineTest
  @Conforms("C-006")
  void aFailureUnwindsEveryLevelInsideOut() throws Exception {
    IOException failure = new IOException();
    assertSame(failure, assertThrows(IOException.class, () -> run(level(3, failure))));
    assertEquals(List.of(1, 2, 3), log);
  }

  private Async<String> level(int n, IOException failure) {
    if (n == 0) {
      return failing(failure, 1);
    }
    return Async.of(
        co -> {
          try {
            return co.await(level(n - 1, failure));
          } finally {
            log.add(n);
          }
        });
  }

  @EngineTest
  @Conforms("C-011")
  void aStopIterationThatEscapesIsAnIllegalState() {
    StopIteration stop = new StopIteration(1);

    var failure =
        assertThrows(
            IllegalStateException.class,
            () ->
                run(
                    Async.action(
                        co -> {
                          throw stop;
                        })));

    assertSame(stop, failure.getCause());
  }

  @EngineTest
  @Conforms("C-012")
  void aReturnedAsyncIsAValueAndIsNotAwaited() throws Exception {
    Async<String> inner = step("x", 0);

    assertSame(inner, run(Async.<Object>of(co -> inner)));
    assertEquals(List.of(), log);
  }

  @EngineTest
  @Conforms("C-021")
  void anAwaitThatNeedNotWaitKeepsTheTurn() throws Exception {
    runAction(
        co -> {
          Task<String> other = Task.start(step("other", 0));
          co.await(Async.of(in -> log.add("inner")));
          log.add("outer");
          co.await(other);
        });
    assertEquals(List.of("inner", "outer", "other"), log);
  }

  @EngineTest
  @Conforms("C-023")
  void anAwaitOfNullIsRefusedAtTheAwait() throws Exception {
    runAction(
        co ->
            assertThrows(
                NullPointerException.class,
                () -> co.await(AwaitTest.<Awaitable<Object>>nothing())));
  }

  private static <T> T nothing() {
    return null;
  }

  @EngineTest
  @Conforms("C-027")
  void anAwaitMayStandAnywhereInAnExpression() throws Exception {
    assertEquals(
        "1-2 true 12",
        run(
            Async.of(
                co ->
                    co.await(Async.sleep(ms(1), 1))
                        + "-"
                        + co.await(Async.sleep(ms(1), 2))
                        + (co.await(Async.sleep(ms(1), true)) ? " true " : " false ")
                        + String.format(
                            "%d%d",
                            co.await(Async.sleep(ms(1), 1)), co.await(Async.sleep(ms(1), 2))))));
  }

  @EngineTest
  void aCheckedExceptionOfAnAwaitCanBeCaught() throws Exception {
    IOException failure = new IOException();

    assertEquals(
        true,
        run(
            Async.of(
                co -> {
                  try {
                    co.await(failing(failure, 1));
                    return false;
                  } catch (IOException caught) {
                    return caught == failure && caught.getSuppressed().length == 0;
                  }
                })));
  }

  @EngineTest
  void theAwaitChainStandsInTheStackTrace() {
    var failure = assertThrows(IOException.class, () -> run(outer()));

    List<String> methods =
        Arrays.stream(failure.getStackTrace())
            .map(StackTraceElement::getMethodName)
            .filter(name -> name.contains("inner") || name.contains("outer"))
            .map(name -> name.contains("inner") ? "inner" : "outer")
            .toList();
    assertEquals(List.of("inner", "outer"), methods.stream().distinct().toList());
  }

  private static Async<Void> inner() {
    return Async.action(
        co -> {
          co.await(sleep(1));
          throw new IOException();
        });
  }

  private static Async<Void> outer() {
    return Async.action(co -> co.await(inner()));
  }

  @EngineTest
  void aDeepChainOfAwaitsNeitherOverflowsNorLosesAnything() throws Exception {
    int depth = EveryEngine.compiles() ? 10_000 : 200;

    assertEquals(depth, run(nested(depth)));
  }

  private static Async<Integer> nested(int depth) {
    return Async.of(
        co -> depth == 0 ? co.await(Async.sleep(ms(1), 0)) : co.await(nested(depth - 1)) + 1);
  }

  @EngineTest
  void aHelperAwaitsForItsBody() throws Exception {
    assertEquals("ab", run(Async.of(co -> helper("a", co) + helper("b", co))));
  }

  private static String helper(String value, Awaiter co) throws Exception {
    co.await(sleep(1));
    return co.await(Async.sleep(ms(1), value));
  }

  @EngineTest
  void aLambdaMayAwaitForItsBody() throws Exception {
    runAction(
        co ->
            List.of("a", "b")
                .forEach(
                    name -> {
                      try {
                        log.add(co.await(Async.sleep(ms(1), name)));
                      } catch (Exception e) {
                        throw new AssertionError(e);
                      }
                    }));
    assertEquals(List.of("a", "b"), log);
  }

  @EngineTest
  void anOuterCoMeansTheSameInANestedBodyOfTheSameTask() throws Exception {
    assertEquals(
        List.of(1, 2),
        run(
            Async.of(
                co ->
                    co.await(
                        TaskGroup.of(
                            (in, tg) ->
                                List.of(
                                    co.await(Async.sleep(ms(1), 1)),
                                    in.await(Async.sleep(ms(1), 2))))))));
  }

  @EngineTest
  void anOuterCoInAnotherTaskIsRefused() throws Exception {
    runAction(
        co -> {
          Task<Void> other = Task.start(Async.action(in -> co.await(sleep(1))));
          assertThrows(IllegalStateException.class, () -> co.await(other));
        });
  }

  @EngineTest
  @Conforms({"T-015", "T-028"})
  void aDoneTaskCanBeAwaitedAgainAndAgain() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 1));
          String first = co.await(task);
          assertSame(first, co.await(task));
          Promise<String> failed = Promise.open();
          IOException failure = new IOException();
          failed.setException(failure);
          assertSame(failure, assertThrows(IOException.class, () -> co.await(failed)));
          assertSame(failure, assertThrows(IOException.class, () -> co.await(failed)));
        });
  }

  @EngineTest
  void anAsyncTellsWhichEngineRunsIt() {
    Async<Void> body = Async.action(co -> co.await(sleep(1)));

    assertEquals(EveryEngine.compiles() ? "compiled" : "thread", body.engine());
    assertTrue(body.engineReason().contains("AwaitTest.java"), body.engineReason());
    assertInstanceOf(Async.class, body.toAsync());
  }
}
