package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Context;
import io.fermata.async.ErrorGroup;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.FailureGroup;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** The ways in which programs write it: all of them compile without type witnesses. */
class ShapesTest extends AsyncTest {
  static Async<String> greet(String name) {
    return Async.of(
        co -> {
          co.await(Async.sleep(ms(10)));
          return "hello " + name;
        });
  }

  private static Async<Integer> count(String text) {
    return Async.of(co -> text.length());
  }

  private static Async<Void> connect() {
    return sleep(1);
  }

  private void retry(List<Throwable> failures) {
    log.add(failures);
  }

  @EngineTest
  void anAsyncFunctionIsRun() throws Exception {
    String s = EventLoop.run(greet("you"));

    assertEquals("hello you", s);
  }

  @EngineTest
  void aBodyIsAnExpression() throws Exception {
    String text = run(Async.of(co -> co.await(greet("you"))));
    run(Async.action(co -> co.await(greet("you"))));

    assertEquals("hello you", text);
  }

  @EngineTest
  void aBodyThatOnlyThrowsHasAnyResult() {
    Async<Integer> of =
        Async.of(
            co -> {
              throw new IOException();
            });
    Async<Void> action =
        Async.action(
            co -> {
              throw new IOException();
            });

    assertThrows(IOException.class, () -> run(of));
    assertThrows(IOException.class, () -> run(action));
  }

  @EngineTest
  void aBodyLoopsForEver() throws Exception {
    runAction(
        co -> {
          Task<Void> worker =
              Task.start(
                  Async.action(
                      in -> {
                        while (true) {
                          log.add(in.await(greet("again")));
                        }
                      }));
          co.await(sleep(25));
          worker.cancel("enough");
          assertThrows(Cancelled.class, () -> co.await(worker));
        });
    assertEquals(List.of("hello again", "hello again"), log);
  }

  @EngineTest
  void aGroupHasAResult() throws Exception {
    int total =
        run(
            Async.of(
                co -> {
                  int sum =
                      co.await(
                          TaskGroup.of(
                              (in, tg) -> {
                                Task<Integer> a = tg.start(count("a"));
                                Task<Integer> b = tg.start(count("bb"));
                                return in.await(a) + in.await(b);
                              }));
                  return sum;
                }));

    assertEquals(3, total);
  }

  @EngineTest
  void aTimeoutIsMoved() throws Exception {
    runAction(
        co -> {
          co.await(
              Timeout.action(
                  ms(500),
                  (in, t) -> {
                    in.await(connect());
                    t.rescheduleIn(ms(2000));
                    in.await(sleep(1500));
                  }));
          try {
            co.await(Timeout.of(ms(5), (in, t) -> in.await(greet("late"))));
          } catch (TimeoutException e) {
            log.add("timeout");
          }
        });
    assertEquals(List.of("timeout"), log);
  }

  @EngineTest
  void aGroupsFailuresAreHandledByType() throws Exception {
    IOException failure = new IOException();
    runAction(
        co -> {
          try {
            co.await(TaskGroup.action((in, tg) -> tg.start(failing(failure, 1))));
          } catch (ExceptionGroup | ErrorGroup g) {
            FailureGroup.handling(g)
                .on(IOException.class, part -> retry(part.failures()))
                .rethrow();
          }
        });
    assertEquals(List.of(List.of(failure)), log);
  }

  @EngineTest
  void aTaskIsStartedInEveryWay() throws Exception {
    runAction(
        co -> {
          Context context = Context.copy();
          Task<String> task = Task.named("x").eager().in(context).start(greet("a"));
          Task<String> second = EventLoop.current().named("y").start(greet("b"));
          assertEquals("hello a", co.await(task));
          assertEquals("hello b", co.await(second));
          assertEquals("hello c", co.await(Task.ensure(greet("c"))));
          assertEquals("hello d", co.await(Async.waitFor(greet("d"), ms(100))));
          assertEquals("hello e", co.await(Async.shield(greet("e"))));
        });
  }

  @EngineTest
  void futuresOfAllKindsAreAwaited() throws Exception {
    runAction(
        co -> {
          Promise<Integer> promise = Promise.open();
          promise.setResult(1);
          int sum =
              co.await(promise)
                  + co.await(CompletableFuture.completedFuture(2))
                  + co.await(CompletableFuture.completedStage(3));
          assertEquals(6, sum);
          try {
            co.await(Async.toThread(() -> Integer.parseInt("x")));
          } catch (NumberFormatException e) {
            log.add("thrown");
          }
          co.await(
              Async.toThread(
                  () -> {
                    log.add("block");
                  }));
        });
    assertEquals(List.of("thrown", "block"), log);
  }

  @EngineTest
  void cleanupAwaits() throws Exception {
    runAction(
        co -> {
          try {
            co.await(connect());
          } finally {
            co.await(Async.uncancellable(step("closed", 1)));
          }
        });
    assertEquals(List.of("closed"), log);
  }

  @EngineTest
  void aLocalOutlivesAnAwaitThatNeedNotWaitBeforeOneThatDoes() throws Exception {
    runAction(
        co -> {
          String local = String.valueOf(now());
          co.await(Async.action(in -> log.add("at once")));
          co.await(step("waited", 1));
          log.add(local);
        });
    assertEquals(List.of("at once", "waited", "0"), log);
  }
}
