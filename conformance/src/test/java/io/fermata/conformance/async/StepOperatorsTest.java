package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import io.fermata.async.StopAsyncIteration;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Operators that take their steps in the caller's task. */
class StepOperatorsTest extends OperatorScene {
  private static final Function<Integer, Integer> FAILS =
      n -> {
        throw new IllegalArgumentException("no " + n);
      };

  @EngineTest
  @Conforms("F-060")
  void mapsInOrder() throws Exception {
    assertEquals(List.of("1", "2", "3"), run(numbers(3).map(n -> "" + n).toList()));
    assertEquals(
        List.of(2, 4, 6),
        run(
            numbers(3)
                .mapAwait(
                    (in, n) -> {
                      in.await(sleep(10));
                      return 2 * n;
                    })
                .toList()));
  }

  @EngineTest
  @Conforms("F-060")
  void filtersInOrder() throws Exception {
    assertEquals(List.of(2, 4), run(numbers(5).filter(n -> n % 2 == 0).toList()));
    assertEquals(
        List.of(1, 3, 5),
        run(
            numbers(5)
                .filterAwait(
                    (in, n) -> {
                      in.await(sleep(1));
                      return n % 2 == 1;
                    })
                .toList()));
  }

  @EngineTest
  @Conforms("F-060")
  void aLookupIsTakenAsForOtherBodies() throws Exception {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    assertEquals(
        List.of(2, 3),
        run(
            numbers(3)
                .mapAwait(lookup, (in, n) -> in.await(Async.sleep(ms(1), n + 1)))
                .filterAwait(lookup, (in, n) -> in.await(Async.sleep(ms(1), n < 4)))
                .toList()));
    assertThrows(
        NullPointerException.class,
        () -> numbers(1).mapAwait((MethodHandles.Lookup) null, (in, n) -> n));
  }

  @EngineTest
  @Conforms("F-060")
  void nullIsAValue() throws Exception {
    List<Integer> nulls = new ArrayList<>();
    nulls.add(null);
    nulls.add(1);
    assertEquals(
        nulls, run(AsyncGenerator.from(nulls).map(n -> n).filter(n -> true).take(5).toList()));
  }

  @EngineTest
  @Conforms("F-061")
  void takesTheFirst() throws Exception {
    assertEquals(List.of(1, 2), run(numbers(5).take(2).toList()));
    assertEquals(List.of(1, 2), run(numbers(2).take(5).toList()));
    assertEquals(List.of(), run(numbers(2).take(0).toList()));
    assertEquals(List.of(1, 2), run(numbers(9).takeWhile(n -> n < 3).toList()));
    assertThrows(IllegalArgumentException.class, () -> numbers(1).take(-1));
  }

  @EngineTest
  @Conforms("F-061")
  void takeDoesNotStepBeyond() throws Exception {
    runAction(
        co -> {
          List<Integer> asked = new ArrayList<>();
          AsyncGenerator<Integer> taken =
              numbers(5)
                  .map(
                      n -> {
                        asked.add(n);
                        return n;
                      })
                  .take(2);
          co.await(taken.anext());
          co.await(taken.anext());
          assertThrows(StopAsyncIteration.class, () -> co.await(taken.anext()));
          assertEquals(List.of(1, 2), asked);
          assertEquals(List.of("closed"), log);
        });
  }

  @EngineTest
  @Conforms("F-062")
  void zipEndsWithTheShorter() throws Exception {
    assertEquals(
        List.of("1a", "2b"),
        run(numbers(5).zip(AsyncGenerator.from(List.of("a", "b")), (n, s) -> n + s).toList()));
    assertEquals(
        List.of("1a"),
        run(numbers(1).zip(AsyncGenerator.from(List.of("a", "b")), (n, s) -> n + s).toList()));
    assertEquals(List.of("closed", "closed"), log);
  }

  @EngineTest
  @Conforms("F-062")
  void zipWithItselfMakesPairs() throws Exception {
    AsyncGenerator<Integer> one = numbers(4);
    assertEquals(List.of(12, 34), run(one.zip(one, (a, b) -> 10 * a + b).toList()));
  }

  @EngineTest
  @Conforms("F-063")
  void theLastChunkMayBeShorter() throws Exception {
    assertEquals(List.of(List.of(1, 2), List.of(3)), run(numbers(3).chunked(2).toList()));
    assertEquals(List.of(List.of(1, 2)), run(numbers(2).chunked(2).toList()));
    assertThrows(IllegalArgumentException.class, () -> numbers(2).chunked(0));
  }

  @EngineTest
  @Conforms("F-063")
  void aChunkComesBeforeTheFailure() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException("broken");
          AsyncGenerator<List<Integer>> chunks = failingAfter(3, failure).chunked(2);
          assertEquals(List.of(1, 2), co.await(chunks.anext()));
          assertEquals(List.of(3), co.await(chunks.anext()));
          assertSame(failure, assertThrows(IOException.class, () -> co.await(chunks.anext())));
          assertEquals(State.CLOSED, chunks.state());
        });
  }

  @EngineTest
  @Conforms("F-064")
  void toListCloses() throws Exception {
    List<Integer> all = run(closing("closed", 3).toList());
    assertEquals(List.of(1, 2, 3), all);
    all.add(4); // it is the caller's
    assertEquals(List.of("closed"), log);
    assertThrows(IOException.class, () -> run(failingAfter(2, new IOException()).toList()));
  }

  @EngineTest
  @Conforms("F-065")
  void nothingRunsBeforeTheFirstStep() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped = numbers(1).map(FAILS);
          mapped.advance();
          mapped.toList();
          co.await(sleep(5));
          assertEquals(State.CREATED, mapped.state());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms("F-066")
  void theSourceIsClosedBeforeTheEndIsTold() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> taken = closing("a", 9).zip(closing("b", 1), (a, b) -> a + b);
          assertTrue(co.await(taken.advance()));
          assertEquals(List.of(), log);
          assertFalse(co.await(taken.advance()));
          assertEquals(List.of("a", "b"), log);
          assertFalse(co.await(taken.advance()));
          co.await(taken.aclose());
          assertEquals(List.of("a", "b"), log);
        });
  }

  @EngineTest
  @Conforms("F-066")
  void aFailureClosesTheSource() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped = numbers(3).map(FAILS);
          assertThrows(IllegalArgumentException.class, () -> co.await(mapped.advance()));
          assertEquals(List.of("closed"), log);
          assertEquals(State.CLOSED, mapped.state());
        });
  }

  @EngineTest
  @Conforms("F-066")
  void acloseClosesTheSource() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped = numbers(3).map(n -> n).filter(n -> true);
          co.await(mapped.anext());
          co.await(mapped.aclose());
          assertEquals(List.of("closed"), log);
          assertFalse(co.await(mapped.advance()));
        });
  }

  @EngineTest
  @Conforms("F-066")
  void acloseOfAnUnstartedOneClosesToo() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> chain =
              closing("a", 3).zip(closing("b", 3), (a, b) -> a).map(n -> n).take(2);
          co.await(chain.aclose());
          assertEquals(List.of("a", "b"), log);
          assertEquals(State.CLOSED, chain.state());
          assertFalse(co.await(chain.advance()));
        });
  }

  @EngineTest
  @Conforms("F-066")
  void aFailingCloseIsToldOrSuppressed() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException("close");
          AsyncGenerator<Integer> first = brokenClose(failure).take(1);
          co.await(first.anext());
          assertSame(failure, assertThrows(IOException.class, () -> co.await(first.advance())));

          AsyncGenerator<Integer> second = brokenClose(failure).map(FAILS);
          Throwable thrown =
              assertThrows(IllegalArgumentException.class, () -> co.await(second.advance()));
          assertEquals(List.of(failure), List.of(thrown.getSuppressed()));
        });
  }

  private static AsyncGenerator<Integer> brokenClose(IOException failure) {
    return AsyncGenerator.of(
        co -> {
          try {
            co.yield(1);
          } finally {
            fail(failure);
          }
        });
  }

  @EngineTest
  @Conforms("F-067")
  void athrowEndsItAndClosesTheSource() throws Exception {
    runAction(
        co -> {
          IOException thrown = new IOException("thrown");
          AsyncGenerator<Integer> mapped = numbers(3).map(n -> n);
          co.await(mapped.anext());
          assertSame(
              thrown, assertThrows(IOException.class, () -> co.await(mapped.athrow(thrown))));
          assertEquals(List.of("closed"), log);

          AsyncGenerator<Integer> unstarted = closing("unstarted", 3).map(n -> n);
          assertSame(
              thrown, assertThrows(IOException.class, () -> co.await(unstarted.athrow(thrown))));
          assertEquals(List.of("closed", "unstarted"), log);
          assertEquals(State.CLOSED, unstarted.state());
        });
  }

  @EngineTest
  @Conforms("F-067")
  void overlappingStepsAreRefused() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped = numbers(2, 10).map(n -> n);
          Task<Integer> step = Task.start(mapped.anext());
          co.await(sleep(1));
          assertThrows(AlreadyRunningException.class, () -> co.await(mapped.advance()));
          assertThrows(AlreadyRunningException.class, () -> co.await(mapped.aclose()));
          assertEquals(1, co.await(step));
          co.await(mapped.aclose());
        });
  }

  @EngineTest
  @Conforms("F-068")
  void aCancelledStepCancelsTheSourcesStep() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped = numbers(3, 100).map(n -> n);
          cancelStep(co, mapped, 10);
          assertEquals(List.of("closed"), log);
          assertEquals(State.CLOSED, mapped.state());
          assertFalse(co.await(mapped.advance()));
        });
  }

  @EngineTest
  @Conforms("F-068")
  void aSourceThatLosesNothingGoesOn() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<List<Integer>> chain =
              numbers(4, 100).buffer(1).map(n -> n * 10).filter(n -> n != 20).chunked(2);
          cancelStep(co, chain, 150);
          cancelStep(co, chain, 100);
          assertEquals(State.SUSPENDED, chain.state());
          assertEquals(List.of(List.of(10, 30), List.of(40)), co.await(chain.toList()));
          assertEquals(List.of("closed"), log);
        });
  }

  @EngineTest
  @Conforms("F-068")
  void zipKeepsTheValueOfTheFirst() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<String> pairs =
              numbers(2).zip(source("b", 2, 100, null).buffer(1), (a, b) -> a + "-" + b);
          cancelStep(co, pairs, 50);
          assertEquals(List.of("1-1", "2-2"), co.await(pairs.toList()));
        });
  }

  @EngineTest
  @Conforms("F-068")
  void aTimeoutAroundAStepGoesOn() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> chain = numbers(2, 100).buffer(1).map(n -> -n);
          assertThrows(
              TimeoutException.class, () -> co.await(Async.waitFor(chain.anext(), ms(50))));
          assertEquals(-1, co.await(chain.anext()));
          assertThrows(
              TimeoutException.class,
              () -> co.await(Timeout.of(ms(50), (in, t) -> in.await(chain.anext()))));
          assertEquals(-2, co.await(chain.anext()));
          assertFalse(co.await(chain.advance()));
        });
  }

  @EngineTest
  @Conforms("F-068")
  void aCancelledBodyEndsIt() throws Exception {
    runAction(
        co -> {
          Promise<Integer> never = Promise.open();
          AsyncGenerator<Integer> mapped = numbers(3).mapAwait((in, n) -> in.await(never));
          cancelStep(co, mapped, 10);
          assertTrue(never.cancelled());
          assertEquals(List.of("closed"), log);
          assertFalse(co.await(mapped.advance()));
        });
  }

  @EngineTest
  @Conforms("F-068")
  void aRequestBeforeTheStepIsNotLost() throws Exception {
    Task<?>[] tasks = new Task<?>[1];
    runAction(
        co -> {
          tasks[0] =
              Task.start(
                  Async.action(
                      in -> {
                        Task.current().cancel("early");
                        in.await(numbers(2).map(n -> n).toList());
                        in.await(pause());
                      }));
          assertThrows(Cancelled.class, () -> co.await(tasks[0]));
        });
    assertTrue(tasks[0].cancelled());
  }

  @EngineTest
  @Conforms("F-069")
  void theLoopClosesEachSourceOnce() throws Exception {
    run(
        Async.of(
            co -> {
              AsyncGenerator<Integer> open = numbers(3).map(n -> n).filter(n -> true);
              co.await(open.anext());
              log.add(open);
              return null;
            }));
    assertEquals(2, log.size());
    assertEquals("closed", log.get(1));
    assertEquals(State.CLOSED, ((AsyncGenerator<?>) log.get(0)).state());
  }

  @EngineTest
  @Conforms("F-067")
  void anOperatorIsNoCoroutine() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped = numbers(2).map(n -> n);
          assertEquals(1, co.await(mapped.anext(7)));
          assertEquals("library", mapped.engine());
          assertEquals(2, co.await(mapped.anext(7)));
          assertEquals(7, co.await(mapped.anext(7)));
          assertNull(co.await(mapped.aclose()));
        });
  }
}
