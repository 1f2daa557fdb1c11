package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A generator with one yield as a resource scope. Python: contextlib.contextmanager. */
class ScopeTest {
  private interface Block<T> {
    void run(T resource) throws Exception;
  }

  /** Runs a block between the two halves of a generator. */
  private static <T> void within(Generator<T> scope, Block<T> block) throws Exception {
    if (!scope.advance()) {
      throw new IllegalStateException("generator didn't yield");
    }
    try {
      block.run(scope.current());
    } catch (Exception thrown) {
      leave(scope, thrown);
      return;
    }
    if (scope.advance()) {
      scope.close();
      throw new IllegalStateException("generator didn't stop");
    }
  }

  private static void leave(Generator<?> scope, Exception thrown) throws Exception {
    try {
      scope.raise(thrown);
    } catch (StopIteration ended) {
      return;
    } catch (IllegalStateException converted) {
      throw thrown instanceof StopIteration && converted.getCause() == thrown ? thrown : converted;
    }
    scope.close();
    throw new IllegalStateException("generator didn't stop after throw()");
  }

  private final List<String> log = new ArrayList<>();
  private final IOException failure = new IOException("of the block");

  private Generator<String> resource() {
    return Generator.of(
        co -> {
          log.add("opened");
          try {
            co.yield("resource");
          } finally {
            log.add("released");
          }
        });
  }

  @EngineTest
  @Conforms("G-089")
  void aBlockRunsBetweenTheHalvesAndGetsTheYieldedValue() throws Exception {
    Generator<String> scope = resource();
    within(scope, log::add);

    assertEquals(List.of("opened", "resource", "released"), log);
    assertEquals(State.CLOSED, scope.state());
  }

  @EngineTest
  @Conforms("G-089")
  void scopesNest() throws Exception {
    within(resource(), outer -> within(resource(), inner -> log.add(outer + " and " + inner)));

    assertEquals(List.of("opened", "opened", "resource and resource", "released", "released"), log);
  }

  @EngineTest
  @Conforms("G-089")
  void aScopeThatYieldsTwiceIsAnError() {
    Generator<String> scope =
        Generator.of(
            co -> {
              co.yield("resource");
              co.yield("again");
            });

    var out = assertThrows(IllegalStateException.class, () -> within(scope, log::add));
    assertEquals("generator didn't stop", out.getMessage());
  }

  @EngineTest
  @Conforms("G-090")
  void aScopeThatNeverYieldsIsAnErrorOnEntry() {
    Generator<String> scope = Generator.of(co -> {});

    var out = assertThrows(IllegalStateException.class, () -> within(scope, log::add));
    assertEquals("generator didn't yield", out.getMessage());
    assertEquals(List.of(), log);
  }

  @EngineTest
  @Conforms("G-091")
  void anExceptionOfTheBlockReleasesAndComesOutItself() {
    assertSame(failure, assertThrows(IOException.class, () -> within(resource(), this::fail)));
    assertEquals(List.of("opened", "released"), log);
  }

  private void fail(String resource) throws IOException {
    throw failure;
  }

  @EngineTest
  @Conforms("G-091")
  void aScopeThatCatchesTheExceptionAndEndsSwallowsIt() throws Exception {
    Generator<String> scope =
        Generator.of(
            co -> {
              try {
                co.yield("resource");
              } catch (Exception caught) {
                log.add("caught " + caught.getMessage());
              }
            });
    within(scope, this::fail);

    assertEquals(List.of("caught of the block"), log);
  }

  @EngineTest
  @Conforms("G-091")
  void aScopeMayReplaceTheException() {
    Generator<String> scope =
        Generator.of(
            co -> {
              try {
                co.yield("resource");
              } catch (Exception caught) {
                throw new IllegalArgumentException(caught);
              }
            });

    var out = assertThrows(IllegalArgumentException.class, () -> within(scope, this::fail));
    assertSame(failure, out.getCause());
  }

  @EngineTest
  @Conforms("G-091")
  void aScopeThatYieldsAfterAnExceptionIsAnError() {
    Generator<String> scope =
        Generator.of(
            co -> {
              try {
                co.yield("resource");
              } catch (Exception caught) {
                co.yield("again");
              }
            });

    var out = assertThrows(IllegalStateException.class, () -> within(scope, this::fail));
    assertEquals("generator didn't stop after throw()", out.getMessage());
  }

  @EngineTest
  @Conforms("G-092")
  void aStopIterationOfTheBlockPassesThrough() {
    StopIteration stop = new StopIteration("value");
    Block<String> block =
        resource -> {
          throw stop;
        };

    assertSame(stop, assertThrows(StopIteration.class, () -> within(resource(), block)));
    assertEquals(List.of("opened", "released"), log);
  }
}
