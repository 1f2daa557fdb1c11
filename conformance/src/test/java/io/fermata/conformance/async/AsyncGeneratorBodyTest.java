package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncCoroutine;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncYielder;
import io.fermata.async.ContextVar;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/** Bodies of asynchronous generators: helpers, loops, context, scopes. */
class AsyncGeneratorBodyTest extends AsyncTest {
  @EngineTest
  @Conforms("A-002")
  void valuesAwaitsAndYieldsMix() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Object> generator =
              AsyncGenerator.of(
                  in -> {
                    in.yield("first");
                    String slept = in.await(Async.sleep(ms(5), "slept"));
                    in.yield(slept);
                    in.yield(in.await(Async.sleep(ms(5), "inside")) + now());
                  });
          assertEquals(EveryEngine.compiles() ? "compiled" : "thread", generator.engine());
          assertEquals("first", co.await(generator.anext()));
          assertEquals(0, now());
          assertEquals("slept", co.await(generator.anext()));
          assertEquals(5, now());
          assertEquals("inside10", co.await(generator.anext()));
        });
  }

  @EngineTest
  @Conforms("A-010")
  void theEventsAreThoseOfASyncGeneratorOfTheSameShape() throws Exception {
    List<Object> sync = new ArrayList<>();
    Generator<Integer> generator =
        Generator.of(
            co -> {
              try {
                co.yield(1);
                sync.add("between");
                co.yield(2);
                throw new IOException();
              } catch (IOException e) {
                sync.add("caught");
                co.yield(3);
              } finally {
                co.yield(4);
                sync.add("finally");
              }
            });
    while (generator.advance()) {
      sync.add(generator.current());
    }
    runAction(
        co -> {
          AsyncGenerator<Integer> async =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                      log.add("between");
                      in.await(sleep(1));
                      in.yield(2);
                      throw new IOException();
                    } catch (IOException e) {
                      log.add("caught");
                      in.yield(3);
                    } finally {
                      in.yield(4);
                      in.await(sleep(1));
                      log.add("finally");
                    }
                  });
          while (co.await(async.advance())) {
            log.add(async.current());
          }
        });
    assertEquals(sync, log);
  }

  @EngineTest
  @Conforms("A-050")
  void theBodyRunsInTheContextOfWhoeverTakesTheStep() throws Exception {
    ContextVar<String> user = ContextVar.of("user", "nobody");
    runAction(
        co -> {
          AsyncGenerator<String> generator =
              AsyncGenerator.of(
                  in -> {
                    while (true) {
                      in.await(pause());
                      in.yield(user.get());
                    }
                  });
          for (String name : List.of("ann", "bob")) {
            log.add(
                co.await(
                    Task.start(
                        Async.of(
                            in -> {
                              user.set(name);
                              return in.await(generator.anext());
                            }))));
          }
          log.add(co.await(generator.anext()));
          co.await(generator.aclose());
        });
    assertEquals(List.of("ann", "bob", "nobody"), log);
  }

  @EngineTest
  void helpersYieldAndAwaitForTheBody() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    twice(in, 1);
                    twice(in, 2);
                  });
          co.await(generator.forEach((in, value) -> log.add(value)));
        });
    assertEquals(List.of(1, 1, 2, 2), log);
  }

  private static void twice(AsyncYielder<?, Integer> co, int value) throws Exception {
    co.yield(value);
    co.await(sleep(1));
    co.yield(value);
  }

  @EngineTest
  void aLookupReachesABodyThatIsNotOpen() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> one =
              AsyncGenerator.of(MethodHandles.lookup(), in -> in.yield(1));
          AsyncCoroutine<String, Integer> two =
              AsyncCoroutine.of(MethodHandles.lookup(), in -> in.yield(2));
          assertEquals(1, co.await(one.anext()));
          assertEquals(2, co.await(two.anext()));
          assertTrue(
              one.engineReason().contains("AsyncGeneratorBodyTest.java"), one.engineReason());
        });
  }

  @EngineTest
  @Conforms("A-053")
  void aYieldInAScopeIsRefusedAndTheScopeIsLeft() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> inTimeout =
              AsyncGenerator.of(out -> out.await(Timeout.action(ms(10), (in, t) -> out.yield(1))));
          AsyncGenerator<Integer> inGroup =
              AsyncGenerator.of(out -> out.await(TaskGroup.action((in, tg) -> out.yield(1))));
          assertThrows(IllegalStateException.class, () -> co.await(inTimeout.anext()));
          var group = assertThrows(Exception.class, () -> co.await(inGroup.anext()));
          assertTrue(group.toString().contains("cannot yield") || group.getSuppressed().length > 0);
          assertEquals(State.CLOSED, inTimeout.state());
          assertEquals(State.CLOSED, inGroup.state());
          co.await(sleep(100));
        });
  }
}
