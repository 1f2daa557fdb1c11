package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncBody;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaitable;
import io.fermata.async.Awaiter;
import io.fermata.async.ScopeAction;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * Bodies whose {@code co} goes where the compiler cannot follow it: they run on a thread and say
 * why.
 */
class NestedReasonsTest extends NestingTest {
  private Awaiter kept;

  /** Makes sure that it runs on a thread, as the best engine says with this text and its line. */
  private static <T> Async<T> onThread(Async<T> async, String reason) {
    assertEquals("thread", async.engine(), async.engineReason());
    if (EveryEngine.compiles()) {
      assertTrue(async.engineReason().contains(reason), async.engineReason());
      assertTrue(
          async.engineReason().matches(".* because .* at NestedReasonsTest.java:\\d+"),
          async.engineReason());
    }
    return async;
  }

  @EngineTest
  void aLambdaThatIsNoBodyIsNamed() throws Exception {
    Async<Void> main =
        Async.action(
            co ->
                List.of(1, 2).stream()
                    .forEach(
                        n -> {
                          try {
                            log.add(co.await(later(n)));
                          } catch (Exception e) {
                            throw new AssertionError(e);
                          }
                        }));
    run(onThread(main, "co is captured by a lambda that is passed to Stream.forEach() at"));
    assertEquals(List.of(1, 2), log);
  }

  private static <T> T callNow(AsyncBody<T> body) throws Exception {
    return body.run(null);
  }

  @EngineTest
  void aBodyThatIsGivenToSomebodyElseIsNamed() throws Exception {
    Async<String> main = Async.of(co -> callNow(in -> co.await(later("called"))));
    assertEquals(
        "called",
        run(
            onThread(
                main,
                "a body that captures co is passed to NestedReasonsTest.callNow(), which might call it"
                    + " anywhere")));
  }

  @EngineTest
  void aBodyThatIsCalledIsNamed() throws Exception {
    Async<String> main =
        Async.of(
            co -> {
              AsyncBody<String> body = in -> co.await(later("called"));
              return body.run(null);
            });
    assertEquals(
        "called",
        run(onThread(main, "a body that captures co is called by run(), and not by the")));
  }

  @EngineTest
  void aBodyThatIsStoredIsNamed() throws Exception {
    List<AsyncBody<String>> bodies = new ArrayList<>();
    Async<String> main =
        Async.of(
            co -> {
              AsyncBody<?>[] array = {in -> co.await(later("x"))};
              return "" + array.length;
            });
    assertEquals("1", run(onThread(main, "a body that captures co is stored")));
    Async<String> other =
        Async.of(
            co -> {
              bodies.add(in -> co.await(later("listed")));
              return co.await(Async.of(bodies.get(0)));
            });
    assertEquals("listed", run(onThread(other, "a body that captures co is passed to List.add()")));
  }

  @EngineTest
  void aLambdaThatCapturesABodyIsNamed() throws Exception {
    Async<String> main =
        Async.of(
            co -> {
              AsyncBody<String> body = in -> co.await(later("x"));
              return co.await(Async.of(in -> in.await(Async.of(body))));
            });
    assertEquals("x", run(onThread(main, "a body that captures co is captured by another lambda")));
  }

  @EngineTest
  void aBodyMayLieInVariablesAndBeChosen() throws Exception {
    Async<String> main =
        Async.of(
            co -> {
              String got = "";
              for (int i = 0; i < 3; i++) {
                AsyncBody<String> body = i == 1 ? in -> co.await(later("b")) : null;
                AsyncBody<String> same = i == 0 ? in -> "a" : body;
                co.await(sleep(1));
                got += same == null ? "c" : co.await(Async.of(same));
              }
              return got;
            });
    assertEquals(EveryEngine.compiles() ? "compiled" : "thread", main.engine());
    assertEquals("abc", run(main));
  }

  @EngineTest
  void anAwaitThroughAFieldIsNamed() throws Exception {
    Async<String> outer =
        Async.of(
            co -> {
              kept = co;
              Async<String> nested = Async.of(in -> kept.await(later("kept")));
              return co.await(
                  onThread(
                      nested,
                      "it awaits through a co that is neither its own nor a captured variable"));
            });
    assertEquals("kept", run(onThread(outer, "co is stored")));
  }

  @EngineTest
  void aCoFromAFieldThatIsGivenToAMethodIsNamed() throws Exception {
    Async<String> outer =
        Async.of(
            co -> {
              kept = co;
              Async<String> nested = Async.of(in -> helper(kept));
              return co.await(
                  onThread(
                      nested,
                      "a co that is neither its own nor a captured variable is passed to"
                          + " NestedReasonsTest.helper()"));
            });
    assertEquals("kept", run(onThread(outer, "co is stored")));
  }

  private static String helper(Awaiter co) throws Exception {
    return co.await(later("kept"));
  }

  @EngineTest
  void theOuterCoMayGoNowhereElseThanTheOwn() throws Exception {
    runAction(
        co -> {
          checkEngine();
          List<Async<Object>> bodies =
              List.of(
                  onThread(
                      Async.of(in -> String.valueOf(co).isEmpty()),
                      "the co of an outer body is passed to String.valueOf() as an object"),
                  onThread(
                      Async.of(
                          in -> {
                            kept = co;
                            return kept.await(later("stored"));
                          }),
                      "co is stored"));
          for (Async<Object> body : bodies) {
            log.add(co.await(body));
          }
        });
    assertEquals(List.of(false, "stored"), log);
  }

  @EngineTest
  void aYieldThroughAnOuterCoIsNamed() throws Exception {
    AsyncGenerator<String> items =
        AsyncGenerator.of(
            co -> {
              checkEngine();
              Async<Void> nested = Async.action(in -> co.yield("wrong"));
              onThread(nested, "it yields through the co of an outer body");
              co.yield(String.valueOf(failureOf(co, nested) instanceof IllegalStateException));
            });
    runAction(co -> log.add(co.await(items.anext())));
    assertEquals(List.of("true"), log);
  }

  @EngineTest
  void aGeneratorThatCapturesACoIsNamed() throws Exception {
    runAction(
        co -> {
          Generator<String> g = Generator.of(own -> own.yield(String.valueOf(co != null)));
          if (EveryEngine.compiles()) {
            assertTrue(
                g.engineReason().contains("it captures the co of another body, and only an async"),
                g.engineReason());
          }
          log.add(g.next());
          g.close();
        });
    assertEquals(List.of("true"), log);
  }

  /** An awaiter of the program's own. */
  private record Doubling(Awaiter co) implements Awaiter {
    @Override
    @SuppressWarnings("unchecked")
    public <T> T await(Awaitable<T> awaitable) throws Exception {
      return (T) ("" + co.await(awaitable) + "2");
    }

    @Override
    public <T> T await(CompletionStage<T> stage) throws Exception {
      return co.await(stage);
    }

    @Override
    public <T> T await(Future<T> future) throws Exception {
      return co.await(future);
    }

    @Override
    public <T> T await(CompletableFuture<T> future) throws Exception {
      return co.await(future);
    }
  }

  private static Async<String> through(Awaiter co) {
    return Async.of(in -> co.await(later("x")));
  }

  @EngineTest
  void anAwaiterOfTheProgramsOwnIsCalledAsItIs() throws Exception {
    runAction(
        co -> {
          Async<String> other = through(new Doubling(co));
          assertEquals("thread", other.engine());
          if (EveryEngine.compiles()) {
            assertTrue(
                other.engineReason().contains("it has captured an Awaiter that is not the co of a"),
                other.engineReason());
          }
          log.add(co.await(other));
        });
    runAction(
        co -> {
          checkEngine();
          log.add(co.await(through(co)));
        });
    assertEquals(List.of("x2", "x"), log);
  }

  /** A generator that calls the body of a loop itself. */
  private record Calling() implements AsyncGenerator<String> {
    @Override
    public Async<Void> forEach(ScopeAction<String> body) {
      return Async.action(in -> body.run(null, "item"));
    }

    @Override
    public Async<Boolean> advance() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String current() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Async<String> athrow(Throwable exception) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Async<Void> aclose() {
      throw new UnsupportedOperationException();
    }

    @Override
    public State state() {
      return State.SUSPENDED;
    }
  }

  @EngineTest
  void aBodyThatAUsersClassCallsByItselfCannotSuspendACompiledOne() throws Exception {
    AsyncGenerator<String> calling = new Calling();
    runAction(
        co -> {
          checkEngine();
          Throwable failure =
              failureOf(co, calling.forEach((in, item) -> log.add(co.await(later(item)))));
          if (EveryEngine.compiles()) {
            assertInstanceOf(IllegalStateException.class, failure);
            assertTrue(
                failure.getMessage().startsWith("cannot suspend here: "), failure.getMessage());
          } else {
            log.clear();
          }
        });
    assertEquals(List.of(), log);
  }
}
