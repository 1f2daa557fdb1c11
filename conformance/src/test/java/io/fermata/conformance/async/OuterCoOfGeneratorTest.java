package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaiter;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;

/** The {@code co} of an asynchronous generator in nested bodies. */
class OuterCoOfGeneratorTest extends NestingTest {
  @EngineTest
  void theCoOfAnAsyncGeneratorAwaitsInANestedBody() throws Exception {
    AsyncGenerator<Object> items =
        AsyncGenerator.of(
            co -> {
              checkEngine();
              for (int i = 0; i < 2; i++) {
                int turn = i;
                co.yield(
                    co.await(
                        Timeout.of(
                            ms(5),
                            (in, t) -> {
                              checkEngine();
                              return co.await(later(turn)) + in.await(later(10));
                            })));
              }
              co.yield(yielded(co, "helper"));
            });
    runAction(co -> co.await(items.forEach((in, item) -> log.add(item))));
    assertEquals(List.of(10, 11, "helper"), log);
  }

  private String yielded(Awaiter co, String text) throws Exception {
    checkEngine();
    return co.await(Async.of(in -> co.await(later(text))));
  }

  @EngineTest
  void theCoOfAnAsyncGeneratorServesTheTaskThatSteps() throws Exception {
    AsyncGenerator<String> items =
        AsyncGenerator.of(
            co -> {
              checkEngine();
              Async<String> first = Async.of(in -> co.await(later("first")));
              Async<String> second = Async.of(in -> co.await(later("second")));
              co.yield(co.await(first));
              co.yield(co.await(second));
            });
    runAction(
        co -> {
          checkEngine();
          log.add(co.await(items.anext()));
          Task<String> other = Task.start(items.anext());
          log.add(co.await(other));
          co.await(items.aclose());
        });
    assertEquals(List.of("first", "second"), log);
  }

  @EngineTest
  void theCoOfASuspendedAsyncGeneratorIsRefusedToOtherTasks() throws Exception {
    List<Async<String>> made = new ArrayList<>();
    AsyncGenerator<String> items =
        AsyncGenerator.of(
            co -> {
              checkEngine();
              made.add(Async.of(in -> co.await(later("same task"))));
              made.add(Async.of(in -> co.await(later("never"))));
              made.add(Async.of(in -> co.await(later("never"))));
              co.yield("x");
            });
    runAction(
        co -> {
          checkEngine();
          log.add(co.await(items.anext()));
          log.add(co.await(made.get(0)));
          assertRefused("is not", failureOf(co, Task.start(made.get(1))));
          co.await(items.aclose());
          assertRefused("", failureOf(co, made.get(2)));
        });
    assertEquals(List.of("x", "same task"), log);
  }

  @EngineTest
  void aNestedBodyCannotYieldThroughIt() throws Exception {
    AsyncGenerator<String> items =
        AsyncGenerator.of(
            co -> {
              checkEngine();
              Async<Void> nested = Async.action(in -> co.yield("wrong"));
              Throwable failure = failureOf(co, nested);
              assertInstanceOf(IllegalStateException.class, failure);
              co.yield(failure.getMessage().substring(0, 22));
            });
    runAction(co -> log.add(co.await(items.anext())));
    assertEquals(List.of("yield outside its body"), log);
  }
}
