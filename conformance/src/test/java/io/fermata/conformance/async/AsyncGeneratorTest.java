package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.NotPrimedException;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.async.Async;
import io.fermata.async.AsyncCoroutine;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.StopAsyncIteration;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asynchronous generators: steps, values that are sent, the end. */
class AsyncGeneratorTest extends AsyncTest {
  private static AsyncGenerator<Integer> count(int n) {
    return AsyncGenerator.of(
        co -> {
          for (int i = 0; i < n; i++) {
            co.await(Async.sleep(ms(1)));
            co.yield(i);
          }
        });
  }

  @EngineTest
  @Conforms("A-001")
  void noBodyCodeRunsBeforeAStepIsAwaited() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    log.add("ran");
                    in.yield(1);
                  });
          Async<Boolean> step = generator.advance();
          generator.anext();
          generator.aclose();
          co.await(pause());
          assertEquals(List.of(), log);
          assertEquals(State.CREATED, generator.state());
          assertTrue(co.await(step));
          assertEquals(List.of("ran"), log);
        });
  }

  @EngineTest
  @Conforms("A-003")
  void theEndIsAStopAsyncIterationAgainAndAgain() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = count(1);
          assertEquals(0, co.await(generator.anext()));
          for (int i = 0; i < 3; i++) {
            assertThrows(StopAsyncIteration.class, () -> co.await(generator.anext()));
            assertFalse(co.await(generator.advance()));
          }
        });
  }

  @EngineTest
  @Conforms("A-005")
  void whatIsSentIsTheValueOfTheYield() throws Exception {
    runAction(
        co -> {
          AsyncCoroutine<String, Integer> coroutine =
              AsyncCoroutine.of(
                  in -> {
                    for (int i = 0; ; i++) {
                      String sent = in.yield(i);
                      in.await(sleep(1));
                      log.add(String.valueOf(sent));
                    }
                  });
          assertEquals(0, co.await(coroutine.asend(null)));
          assertEquals(1, co.await(coroutine.asend("a")));
          assertEquals(2, co.await(coroutine.anext()));
          assertTrue(co.await(coroutine.advance("b")));
          assertEquals(3, coroutine.current());
          assertEquals(List.of("a", "null", "b"), log);
          co.await(coroutine.aclose());
        });
  }

  @EngineTest
  @Conforms("A-006")
  void aFirstSendOfAValueIsRefusedAndTheGeneratorCanStillBeStarted() throws Exception {
    runAction(
        co -> {
          AsyncCoroutine<String, Integer> coroutine =
              AsyncCoroutine.of(
                  in -> {
                    log.add("ran");
                    in.yield(1);
                  });
          assertThrows(NotPrimedException.class, () -> co.await(coroutine.asend("x")));
          assertThrows(NotPrimedException.class, () -> co.await(coroutine.advance("x")));
          assertEquals(List.of(), log);
          assertEquals(1, co.await(coroutine.anext()));
          co.await(coroutine.aclose());
        });
  }

  @EngineTest
  @Conforms("A-007")
  void aFailureComesOutOfTheStepAfterTheFinallyBlocks() throws Exception {
    IOException failure = new IOException();
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                      throw failure;
                    } finally {
                      in.await(sleep(2));
                      log.add("cleaned");
                    }
                  });
          co.await(generator.anext());
          assertSame(failure, assertThrows(IOException.class, () -> co.await(generator.anext())));
          assertEquals(List.of("cleaned"), log);
          assertEquals(State.CLOSED, generator.state());
          assertThrows(StopAsyncIteration.class, () -> co.await(generator.anext()));
        });
  }

  @EngineTest
  @Conforms("A-008")
  void anEndOfIterationThatEscapesIsAnIllegalState() throws Exception {
    runAction(
        co -> {
          for (RuntimeException stop : List.of(new StopAsyncIteration(), new StopIteration(1))) {
            AsyncGenerator<Integer> generator =
                AsyncGenerator.of(
                    in -> {
                      in.await(sleep(1));
                      throw stop;
                    });
            var failure =
                assertThrows(IllegalStateException.class, () -> co.await(generator.anext()));
            assertSame(stop, failure.getCause());
          }
        });
  }

  @EngineTest
  @Conforms("A-009")
  void aValueIsDeliveredAsItIsWhateverItIs() throws Exception {
    runAction(
        co -> {
          List<Object> values =
              Arrays.asList(new StopAsyncIteration(), new StopIteration(), null, sleep(1), ms(1));
          AsyncGenerator<Object> generator =
              AsyncGenerator.of(
                  in -> {
                    for (Object value : values) {
                      in.yield(value);
                    }
                  });
          for (Object value : values) {
            assertSame(value, co.await(generator.anext()));
          }
          assertThrows(StopAsyncIteration.class, () -> co.await(generator.anext()));
        });
  }

  @EngineTest
  @Conforms({"A-011", "A-012"})
  void aLoopDrivesStepsToTheEnd() throws Exception {
    record Table(int size) {
      AsyncGenerator<Integer> rows() {
        return count(size);
      }
    }
    runAction(
        co -> {
          AsyncGenerator<Integer> rows = new Table(3).rows();
          while (co.await(rows.advance())) {
            log.add(rows.current());
            assertEquals(rows.current(), rows.current());
          }
          co.await(
              new Table(2)
                  .rows()
                  .forEach(
                      (in, row) -> {
                        in.await(sleep(1));
                        log.add(row);
                      }));
        });
    assertEquals(List.of(0, 1, 2, 0, 1), log);
  }

  @EngineTest
  @Conforms("A-013")
  void aStepWithADefaultGivesItAtTheEndAgainAndAgain() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = count(1);
          assertEquals(0, co.await(generator.anext(-1)));
          assertEquals(-1, co.await(generator.anext(-1)));
          assertNull(co.await(generator.anext(null)));
          assertEquals(-2, co.await(generator.anext(-2)));
        });
  }

  @EngineTest
  @Conforms("A-042")
  void theStateTellsWhereItStands() throws Exception {
    runAction(
        co -> {
          List<AsyncGenerator<Integer>> self = new ArrayList<>();
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    log.add(self.get(0).state());
                    in.await(sleep(5));
                    in.yield(1);
                  });
          self.add(generator);
          assertEquals(State.CREATED, generator.state());
          Task<Boolean> step = Task.start(generator.advance());
          co.await(sleep(1));
          assertEquals(State.RUNNING, generator.state());
          co.await(step);
          assertEquals(State.SUSPENDED, generator.state());
          assertTrue(generator.toString().contains("SUSPENDED"), generator.toString());
          co.await(generator.aclose());
          assertEquals(State.CLOSED, generator.state());
          assertEquals(List.of(State.RUNNING), log);
        });
  }

  @EngineTest
  void theCurrentValueIsThereOnlyAfterAnAdvanceThatGaveTrue() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = count(3);
          assertThrows(IllegalStateException.class, generator::current);
          co.await(generator.advance());
          assertEquals(0, generator.current());
          co.await(generator.anext());
          assertThrows(IllegalStateException.class, generator::current);
          co.await(generator.advance());
          co.await(generator.advance());
          assertThrows(IllegalStateException.class, generator::current);
        });
  }

  @EngineTest
  void aGeneratorMayLoopOverAnother() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> doubled =
              AsyncGenerator.of(
                  in -> {
                    AsyncGenerator<Integer> source = count(3);
                    try {
                      while (in.await(source.advance())) {
                        in.yield(source.current() * 2);
                      }
                    } finally {
                      in.await(source.aclose());
                    }
                  });
          co.await(doubled.forEach((in, value) -> log.add(value)));
          assertEquals(3, now());
        });
    assertEquals(List.of(0, 2, 4), log);
  }
}
