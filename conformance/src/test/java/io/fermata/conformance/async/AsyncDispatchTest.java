package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncYielder;
import io.fermata.async.Awaiter;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.util.List;

/** Calls of methods that can be overridden, in asynchronous bodies. */
class AsyncDispatchTest extends AsyncTest {
  private interface Source {
    String read(Awaiter co) throws Exception;

    default String both(Awaiter co, Source other) throws Exception {
      return read(co) + other.read(co);
    }
  }

  private record Waiting(String name, int millis) implements Source {
    @Override
    public String read(Awaiter co) throws Exception {
      co.await(sleep(millis));
      return name + now();
    }
  }

  /** Captures co. */
  private record Nested(Source inner) implements Source {
    @Override
    public String read(Awaiter co) throws Exception {
      Async<String> nested =
          Async.of(
              in -> {
                in.await(sleep(1));
                return inner.read(co);
              });
      return "(" + co.await(nested) + ")";
    }
  }

  private record Groups(Source inner) implements Source {
    @Override
    public String read(Awaiter co) throws Exception {
      return co.await(
          TaskGroup.of(
              (in, group) -> {
                String first = inner.read(in);
                return first + inner.read(co);
              }));
    }
  }

  private static void assertCompiled(Async<?> async) {
    assertEquals(
        EveryEngine.compiles() ? "compiled" : "thread", async.engine(), async::engineReason);
  }

  @EngineTest
  void implementationsAwaitThroughTheirBody() throws Exception {
    Source slow = new Waiting("a", 10);
    Source nested = new Nested(new Nested(slow));
    Source groups = new Groups(slow);
    for (Source source : List.of(slow, nested, groups)) {
      Async<String> async = Async.of(co -> source.both(co, slow));
      assertCompiled(async);
      log.add(run(async));
    }
    assertEquals(List.of("a10a20", "((a12))a22", "a10a20a30"), log);
  }

  @EngineTest
  void theOuterCoMayBePassedOn() throws Exception {
    Source slow = new Waiting("a", 10);
    runAction(
        co -> {
          Async<String> nested = Async.of(in -> slow.read(co) + slow.read(in));
          assertCompiled(nested);
          log.add(co.await(nested));
        });
    assertEquals(List.of("a10a20"), log);
  }

  @EngineTest
  void aCallThatIsNotCompiledAwaitsOnAThread() throws Exception {
    Source lambda =
        co -> {
          co.await(sleep(10));
          return "lambda" + now();
        };
    Source locked =
        new Source() {
          @Override
          public synchronized String read(Awaiter co) throws Exception {
            return "locked" + co.await(Async.of(in -> lambda.read(co)));
          }
        };
    for (Source source : List.of(lambda, locked)) {
      log.add(run(Async.of(co -> source.read(co) + source.read(co))));
    }
    assertEquals(List.of("lambda10lambda20", "lockedlambda10lockedlambda20"), log);
  }

  @EngineTest
  void aFailureOfWhatIsAwaitedArrivesInTheCall() throws Exception {
    Source catching =
        co -> {
          try {
            return co.await(failing(new IllegalStateException("x"), 10));
          } catch (IllegalStateException e) {
            return "caught " + e.getMessage();
          }
        };
    assertEquals("caught x", run(Async.of(co -> catching.read(co))));
  }

  private interface Emitter {
    void emit(AsyncYielder<?, String> co, String prefix) throws Exception;
  }

  private record Steps(Source source) implements Emitter {
    @Override
    public void emit(AsyncYielder<?, String> co, String prefix) throws Exception {
      co.yield(prefix + source.read(co));
      co.yield(prefix + source.read(co));
    }
  }

  @EngineTest
  void anAsyncGeneratorYieldsAndAwaitsInImplementations() throws Exception {
    Emitter compiled = new Steps(new Waiting("w", 5));
    Emitter lambda = (co, prefix) -> co.yield(prefix + new Waiting("l", 5).read(co));
    AsyncGenerator<String> items =
        AsyncGenerator.of(
            co -> {
              compiled.emit(co, "1");
              lambda.emit(co, "2");
            });
    runAction(
        co -> {
          while (co.await(items.advance())) {
            log.add(items.current());
          }
        });
    assertEquals(List.of("1w5", "1w10", "2l15"), log);
  }
}
