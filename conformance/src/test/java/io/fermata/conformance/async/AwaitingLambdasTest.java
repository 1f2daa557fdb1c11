package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaiter;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Lambdas that await, given to iteration. */
class AwaitingLambdasTest extends NestingTest {
  private interface Act<T> {
    void on(T x) throws Exception;
  }

  private static <T> void each(List<T> list, Act<T> act) throws Exception {
    for (T x : list) {
      act.on(x);
    }
  }

  private static <T> Async<T> compiled(Async<T> async) {
    assertEquals(
        EveryEngine.compiles() ? "compiled" : "thread", async.engine(), async.engineReason());
    return async;
  }

  @EngineTest
  void aMethodOfTheProgramMayAwaitInALambda() throws Exception {
    run(compiled(Async.action(co -> each(List.of(1, 2), n -> log.add(co.await(later(n)))))));
    assertEquals(List.of(1, 2), log);
  }

  private Object quietly(Awaiter co, Object n) {
    try {
      return co.await(later(n));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @EngineTest
  void iterationOfTheJdkMayAwait() throws Exception {
    run(
        compiled(
            Async.action(
                co -> {
                  new ArrayList<>(List.of(1, 2)).forEach(n -> log.add(quietly(co, n)));
                  IntStream.range(3, 5).forEach(n -> log.add(quietly(co, n)));
                  Optional.of(5).ifPresent(n -> log.add(quietly(co, n)));
                })));
    assertEquals(List.of(1, 2, 3, 4, 5), log);
  }

  @EngineTest
  void aLambdaMayAwaitThroughTheOuterCo() throws Exception {
    run(
        compiled(
            Async.of(
                co ->
                    co.await(
                        TaskGroup.of(
                            (in, tg) -> {
                              each(
                                  List.of(1, 2),
                                  n -> {
                                    log.add(co.await(later(n)));
                                    log.add(in.await(later(n * 10)));
                                  });
                              return null;
                            })))));
    assertEquals(List.of(1, 10, 2, 20), log);
  }

  @EngineTest
  void aLambdaMayCaptureCoForANestedBody() throws Exception {
    run(
        compiled(
            Async.action(
                co ->
                    each(
                        List.of(1, 2),
                        n -> log.add(co.await(Async.of(in -> co.await(later(n)))))))));
    assertEquals(List.of(1, 2), log);
  }

  @EngineTest
  void anAsyncGeneratorMayYieldInALambda() throws Exception {
    AsyncGenerator<Integer> generator =
        AsyncGenerator.of(
            co ->
                each(
                    List.of(1, 2),
                    n -> {
                      co.await(later(n));
                      co.yield(n);
                    }));
    run(Async.action(co -> co.await(generator.forEach((in, x) -> log.add(x)))));
    assertEquals(List.of(1, 2), log);
  }
}
