package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Cancelled;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.Overflow;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Operators that have tasks of their own. */
class StagesTest extends OperatorScene {
  // buffer

  @EngineTest
  @Conforms("F-070")
  void aBufferIsFilledAhead() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> buffer = logging(numbers(9)).buffer(3);
          assertEquals(1, co.await(buffer.anext()));
          co.await(sleep(10));
          assertEquals(List.of(1, 2, 3, 4), log); // one taken, three wait
          co.await(buffer.aclose());
        });
  }

  private AsyncGenerator<Integer> logging(AsyncGenerator<Integer> source) {
    List<Object> to = log;
    return source.map(
        n -> {
          to.add(n);
          return n;
        });
  }

  @EngineTest
  @Conforms("F-070")
  void aBufferKeepsOrderAndLosesNothing() throws Exception {
    assertEquals(List.of(1, 2, 3, 4, 5), run(numbers(5).buffer(1).toList()));
    assertEquals(List.of(1, 2, 3, 4, 5), run(numbers(5, 10).buffer(2).toList()));
    assertEquals(List.of(), run(numbers(0).buffer(2).toList()));
    assertThrows(IllegalArgumentException.class, () -> numbers(1).buffer(0));
    assertThrows(NullPointerException.class, () -> numbers(1).buffer(1, null));
  }

  @EngineTest
  @Conforms("F-071")
  void aFullBufferDropsWhatItIsTold() throws Exception {
    assertEquals(List.of(1, 4, 5), run(slowly(numbers(5, 10).buffer(2, Overflow.DROP_OLDEST))));
    assertEquals(List.of(1, 2, 3), run(slowly(numbers(5, 10).buffer(2, Overflow.DROP_LATEST))));
    assertEquals(List.of(1, 2, 3, 4, 5), run(slowly(numbers(5, 10).buffer(2, Overflow.WAIT))));
  }

  private static Async<List<Integer>> slowly(AsyncGenerator<Integer> generator) {
    return generator.mapAwait((in, n) -> in.await(Async.sleep(ms(100), n))).toList();
  }

  @EngineTest
  @Conforms("F-071")
  void aSourceThatNeverWaitsLetsOthersRun() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> endless =
              AsyncGenerator.of(
                  in -> {
                    for (int i = 0; ; i++) {
                      in.yield(i);
                    }
                  });
          AsyncGenerator<Integer> newest = endless.buffer(1, Overflow.DROP_OLDEST);
          int first = co.await(newest.anext());
          co.await(pause());
          assertTrue(co.await(newest.anext()) > first);
          co.await(newest.aclose());
        });
  }

  // mapConcurrently and mapUnordered

  @EngineTest
  @Conforms("F-072")
  void bodiesRunTogetherAndResultsStayInOrder() throws Exception {
    runAction(
        co -> {
          assertEquals(List.of(3, 2, 1), co.await(timed(backwards(3, true))));
          assertEquals(List.of("3@30", "2@30", "1@30"), log);
        });
  }

  @EngineTest
  @Conforms("F-073")
  void unorderedResultsComeAsTheyEnd() throws Exception {
    runAction(
        co -> {
          assertEquals(List.of(1, 2, 3), co.await(timed(backwards(3, false))));
          assertEquals(List.of("1@10", "2@20", "3@30"), log);
        });
  }

  /** Bodies that take 30, 20 and 10 ms. */
  private static AsyncGenerator<Integer> backwards(int limit, boolean isOrdered) {
    AsyncGenerator<Integer> source = AsyncGenerator.from(List.of(3, 2, 1));
    return isOrdered
        ? source.mapConcurrently(limit, (in, n) -> in.await(Async.sleep(ms(10 * n), n)))
        : source.mapUnordered(limit, (in, n) -> in.await(Async.sleep(ms(10 * n), n)));
  }

  @EngineTest
  @Conforms("F-074")
  void atMostLimitValuesAreInWork() throws Exception {
    for (boolean isOrdered : List.of(true, false)) {
      runAction(
          co -> {
            int[] counts = new int[3]; // running, most running, begun
            AsyncGenerator<Integer> mapped = counted(isOrdered, 3, counts);
            assertEquals(1, co.await(mapped.anext()));
            co.await(sleep(1000));
            assertEquals(3, counts[1]);
            assertEquals(4, counts[2]); // one was taken, three wait
            assertEquals(19, co.await(mapped.toList()).size());
            assertEquals(3, counts[1]);
          });
    }
  }

  private AsyncGenerator<Integer> counted(boolean isOrdered, int limit, int[] counts) {
    AsyncGenerator<Integer> source = numbers(20);
    return isOrdered
        ? source.mapConcurrently(
            limit,
            (in, n) -> {
              counts[0]++;
              counts[1] = Math.max(counts[1], counts[0]);
              counts[2]++;
              in.await(sleep(10));
              counts[0]--;
              return n;
            })
        : source.mapUnordered(
            limit,
            (in, n) -> {
              counts[0]++;
              counts[1] = Math.max(counts[1], counts[0]);
              counts[2]++;
              in.await(sleep(10));
              counts[0]--;
              return n;
            });
  }

  @EngineTest
  @Conforms("F-072")
  void lookupsAndLimitsAreChecked() throws Exception {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    assertEquals(List.of(2), run(numbers(1).mapConcurrently(lookup, 1, (in, n) -> 2 * n).toList()));
    assertEquals(List.of(2), run(numbers(1).mapUnordered(lookup, 1, (in, n) -> 2 * n).toList()));
    assertThrows(IllegalArgumentException.class, () -> numbers(1).mapConcurrently(0, (in, n) -> n));
    assertThrows(IllegalArgumentException.class, () -> numbers(1).mapUnordered(0, (in, n) -> n));
    assertThrows(NullPointerException.class, () -> numbers(1).mapUnordered(null, 1, (in, n) -> n));
  }

  @EngineTest
  @Conforms("F-075")
  void earlierBodiesGoOnWhenALaterOneFails() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException("three");
          AsyncGenerator<Integer> mapped =
              numbers(9)
                  .mapConcurrently(
                      4,
                      (in, n) -> {
                        try {
                          in.await(sleep(n == 3 ? 5 : 20));
                        } catch (Cancelled cancelled) {
                          log.add("cancelled " + n);
                          throw cancelled;
                        }
                        if (n == 3) {
                          throw failure;
                        }
                        return n;
                      });
          assertEquals(1, co.await(mapped.anext()));
          assertEquals(2, co.await(mapped.anext()));
          assertSame(failure, assertThrows(IOException.class, () -> co.await(mapped.anext())));
          assertEquals(List.of("cancelled 4", "closed"), log);
          assertFalse(co.await(mapped.advance()));
        });
  }

  @EngineTest
  @Conforms("F-075")
  void theFirstInOrderIsToldAndOthersSuppressed() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped =
              numbers(3)
                  .mapConcurrently(
                      3,
                      (in, n) -> {
                        in.await(sleep(40 - 10 * n));
                        throw new IOException("no " + n);
                      });
          IOException told = assertThrows(IOException.class, () -> co.await(mapped.anext()));
          assertEquals("no 1", told.getMessage());
          assertEquals("no 2", told.getSuppressed()[0].getMessage());
          assertEquals("no 3", told.getSuppressed()[0].getSuppressed()[0].getMessage());
        });
  }

  @EngineTest
  @Conforms("F-075")
  void anUnorderedFailureCancelsTheOthers() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> mapped =
              numbers(9)
                  .mapUnordered(
                      3,
                      (in, n) -> {
                        in.await(sleep(n == 3 ? 5 : n));
                        if (n == 3) {
                          fail(new IOException("three"));
                        }
                        in.await(sleep(n == 1 ? 0 : 500));
                        return n;
                      });
          long start = now();
          assertEquals(1, co.await(mapped.anext()));
          assertThrows(IOException.class, () -> co.await(mapped.anext()));
          assertTrue(now() - start < 20);
          assertEquals(List.of("closed"), log);
        });
  }

  @EngineTest
  @Conforms("F-075")
  void theSourcesFailureComesAfterTheBodies() throws Exception {
    for (boolean isOrdered : List.of(true, false)) {
      runAction(
          co -> {
            IOException failure = new IOException("source");
            AsyncGenerator<Integer> source = failingAfter(3, failure);
            AsyncGenerator<Integer> mapped =
                isOrdered
                    ? source.mapConcurrently(9, (in, n) -> in.await(Async.sleep(ms(50), n)))
                    : source.mapUnordered(9, (in, n) -> in.await(Async.sleep(ms(50), n)));
            for (int i = 1; i <= 3; i++) {
              assertEquals(i, co.await(mapped.anext()));
            }
            assertSame(failure, assertThrows(IOException.class, () -> co.await(mapped.anext())));
          });
    }
  }

  // merge

  @EngineTest
  @Conforms("F-076")
  void mergeGivesValuesAsTheyCome() throws Exception {
    assertEquals(
        List.of(10, 15, 20, 30, 45),
        run(AsyncGenerator.merge(at(10, 20, 30, 30), at(15, 45, 60)).toList()));
    assertEquals(List.of(), run(AsyncGenerator.merge().toList()));
    assertEquals(List.of(1, 2), run(AsyncGenerator.merge(List.of(numbers(2))).toList()));
  }

  @EngineTest
  @Conforms("F-076")
  void mergeIsFairAndOneAhead() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<String> merged =
              AsyncGenerator.merge(
                  logging(numbers(9)).map(n -> "a" + n), logging(numbers(9)).map(n -> "b" + n));
          List<String> first = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            first.add(co.await(merged.anext()));
            co.await(sleep(1));
          }
          assertEquals(List.of("a1", "b1", "a2", "b2", "a3", "b3"), first);
          assertEquals(8, log.size());
          co.await(merged.aclose());
          assertEquals(10, log.size()); // both sources were closed
        });
  }

  @EngineTest
  @Conforms("F-076")
  void aGeneratorIsNotMergedWithItself() throws Exception {
    AsyncGenerator<Integer> one = numbers(2);
    assertThrows(IllegalArgumentException.class, () -> AsyncGenerator.merge(one, one));
    assertThrows(NullPointerException.class, () -> AsyncGenerator.merge(one, null));
    assertEquals(List.of(1, 2), run(one.toList()));
  }

  @EngineTest
  @Conforms("F-076")
  void aFailureOfOneClosesAll() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException("one");
          AsyncGenerator<Integer> merged =
              AsyncGenerator.merge(
                  source("a", 9, 100, null), source("b", 2, 0, failure), closing("c", 0));
          assertEquals(1, co.await(merged.anext()));
          assertEquals(2, co.await(merged.anext()));
          assertSame(failure, assertThrows(IOException.class, () -> co.await(merged.anext())));
          assertEquals(List.of("b", "a", "c"), log);
        });
  }

  // What all have in common

  /** One of each. */
  private List<AsyncGenerator<?>> stages(List<AsyncGenerator<Integer>> sources) {
    return List.of(
        sources.get(0).buffer(1),
        sources.get(1).mapConcurrently(2, (in, n) -> in.await(Async.sleep(ms(1), n))),
        sources.get(2).mapUnordered(2, (in, n) -> in.await(Async.sleep(ms(1), n))),
        AsyncGenerator.merge(sources.get(3)),
        sources.get(4).chunked(1, ms(10)),
        sources.get(5).debounce(ms(1)),
        sources.get(6).throttle(ms(0)),
        sources.get(7).sample(ms(1)));
  }

  private List<AsyncGenerator<?>> stagesOver(int n, long millis) {
    List<AsyncGenerator<Integer>> sources = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sources.add(numbers(n, millis));
    }
    return stages(sources);
  }

  @EngineTest
  @Conforms("F-077")
  void tasksBeginAtTheFirstStep() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : stagesOver(3, 20)) {
            int before = EventLoop.current().tasks().size();
            stage.advance();
            co.await(sleep(50));
            assertEquals(before, EventLoop.current().tasks().size(), stage.toString());
            co.await(stage.advance());
            assertTrue(EventLoop.current().tasks().size() > before, stage.toString());
            co.await(stage.aclose());
            assertEquals(before, EventLoop.current().tasks().size(), stage.toString());
          }
        });
  }

  @EngineTest
  @Conforms("F-077")
  void tasksHaveTheContextOfTheFirstStep() throws Exception {
    ContextVar<String> name = ContextVar.of("name", "none");
    runAction(
        co -> {
          AsyncGenerator<String> names =
              AsyncGenerator.of(
                  in -> {
                    in.yield(name.get());
                    in.yield(name.get());
                  });
          AsyncGenerator<String> both =
              names.mapConcurrently(1, (in, from) -> from + " " + name.get());
          name.set("first");
          assertEquals("first first", co.await(both.anext()));
          name.set("second");
          assertEquals("first first", co.await(both.anext()));
          co.await(both.aclose());
        });
  }

  @EngineTest
  @Conforms("F-077")
  void tasksAreInNoScopeOfTheCaller() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : stagesOver(3, 20)) {
            co.await(
                TaskGroup.action(
                    (in, group) -> {
                      assertTrue(in.await(stage.advance()));
                      assertEquals(0, group.tasks().size());
                    }));
            assertThrows(
                TimeoutException.class,
                () ->
                    co.await(
                        Timeout.action(
                            ms(1),
                            (in, t) -> {
                              in.await(stage.advance());
                              in.await(sleep(5));
                            })));
            assertTrue(co.await(stage.advance()), stage.toString());
            co.await(stage.aclose());
          }
        });
  }

  @EngineTest
  @Conforms("F-078")
  void acloseCancelsTheTasksAndWaits() throws Exception {
    runAction(
        co -> {
          Promise<Integer> never = Promise.open();
          AsyncGenerator<Integer> mapped =
              numbers(3, 1)
                  .mapConcurrently(
                      5,
                      (in, n) -> {
                        try {
                          return n == 1 ? n : in.await(Async.shield(never));
                        } finally {
                          in.await(Async.uncancellable(sleep(20)));
                          log.add("body " + n);
                        }
                      });
          assertEquals(1, co.await(mapped.anext()));
          co.await(mapped.aclose());
          assertEquals(List.of("body 1", "body 2", "body 3", "closed"), sorted(log));
          assertEquals(1, EventLoop.current().tasks().size());
        });
  }

  private static List<String> sorted(List<Object> log) {
    return log.stream().map(Object::toString).sorted().toList();
  }

  @EngineTest
  @Conforms("F-078")
  void acloseOfAnUnstartedStageClosesTheSource() throws Exception {
    runAction(
        co -> {
          List<AsyncGenerator<Integer>> sources = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            sources.add(closing("closed " + i, 3));
          }
          for (AsyncGenerator<?> stage : stages(sources)) {
            co.await(stage.aclose());
            assertEquals(State.CLOSED, stage.state());
            assertFalse(co.await(stage.advance()));
          }
          assertEquals(8, log.size());
          assertEquals(1, EventLoop.current().tasks().size());
        });
  }

  @EngineTest
  @Conforms("F-078")
  void theSourceIsClosedBeforeTheEndIsTold() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : stagesOver(3, 5)) {
            while (co.await(stage.advance())) {
              assertEquals(State.SUSPENDED, stage.state());
            }
            assertEquals(List.of("closed"), log, stage.toString());
            assertEquals(1, EventLoop.current().tasks().size(), stage.toString());
            log.clear();
          }
        });
  }

  @EngineTest
  @Conforms("F-079")
  void failuresComeAfterTheValues() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException("source");
          List<AsyncGenerator<Integer>> sources = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            sources.add(failingAfter(1, failure));
          }
          for (AsyncGenerator<?> stage : stages(sources)) {
            assertTrue(co.await(stage.advance()), stage.toString());
            assertEquals(
                stage.toString().contains("chunked") ? List.of(1) : (Object) 1, stage.current());
            assertSame(failure, assertThrows(IOException.class, () -> co.await(stage.advance())));
            assertFalse(co.await(stage.advance()));
          }
          assertEquals(8, log.size());
        });
  }

  @EngineTest
  @Conforms("F-079")
  void aFailureThatNoStepToldIsReported() throws Exception {
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, failed) -> log.add(failed.exception()));
          IOException failure = new IOException("source");
          AsyncGenerator<Integer> buffer = failingAfter(2, failure).buffer(4);
          co.await(buffer.anext());
          co.await(sleep(5));
          co.await(buffer.aclose());
          assertEquals(List.of("closed", failure), log);
        });
  }

  @EngineTest
  @Conforms("F-079")
  void aSourcesFailureBehindBodiesIsReportedToo() throws Exception {
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, failed) -> log.add(failed.exception()));
          IOException failure = new IOException("source");
          AsyncGenerator<Integer> mapped =
              failingAfter(2, failure)
                  .mapUnordered(4, (in, n) -> in.await(Async.sleep(ms(n == 1 ? 1 : 100), n)));
          co.await(mapped.take(1).toList());
          assertEquals(List.of("closed", failure), log);
        });
  }

  @EngineTest
  @Conforms("F-078")
  void aSourceThatSwallowsTheCancellationEndsToo() throws Exception {
    runAction(
        co -> {
          for (int which = 0; which < 8; which++) {
            List<AsyncGenerator<Integer>> sources = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              sources.add(stubborn());
            }
            AsyncGenerator<?> stage = stages(sources).get(which);
            Task<Boolean> step = Task.start(stage.advance());
            co.await(sleep(5));
            co.await(Async.gatherOutcomes(step));
            co.await(stage.aclose());
            assertEquals(1, EventLoop.current().tasks().size(), stage.toString());
          }
        });
  }

  @EngineTest
  @Conforms("F-078")
  void aRequestThatWasSwallowedBeforeDoesNotKeepItOpen() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> buffer = stubborn().buffer(2);
          assertEquals(1, co.await(buffer.anext()));
          co.await(pause());
          for (Task<?> each : EventLoop.current().tasks()) {
            if (each.name().equals("buffer")) {
              each.cancel("by hand");
            }
          }
          assertEquals(2, co.await(buffer.anext()));
          co.await(sleep(500));
          co.await(buffer.aclose());
          assertEquals(1, EventLoop.current().tasks().size());
        });
  }

  /** Yields again when it is cancelled. */
  private static AsyncGenerator<Integer> stubborn() {
    return AsyncGenerator.of(
        co -> {
          co.yield(1);
          for (int i = 2; i < 9; i++) {
            try {
              co.await(sleep(50));
            } catch (Cancelled swallowed) {
              // goes on
            }
            co.yield(i);
          }
        });
  }

  @EngineTest
  @Conforms("F-079")
  void aFailureOfTheClosingComesOutOfAclose() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException("cleanup");
          AsyncGenerator<Integer> buffer =
              AsyncGenerator.<Integer>of(
                      in -> {
                        try {
                          in.yield(1);
                          in.await(sleep(100));
                        } finally {
                          in.await(sleep(1));
                          fail(failure);
                        }
                      })
                  .buffer(2);
          co.await(buffer.anext());
          co.await(sleep(1));
          assertSame(failure, assertThrows(IOException.class, () -> co.await(buffer.aclose())));
          assertEquals(State.CLOSED, buffer.state());
        });
  }

  @EngineTest
  @Conforms("F-080")
  void aCancelledStepLosesNothing() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : stagesOver(2, 20)) {
            cancelStep(co, stage, 5);
            assertEquals(stage.state(), State.SUSPENDED, "it can be stepped again: " + stage);
            cancelStep(co, stage, 5);
            List<?> rest = co.await(stage.toList());
            assertEquals(
                stage.toString().contains("chunked")
                    ? List.of(List.of(1), List.of(2))
                    : List.of(1, 2),
                rest);
          }
        });
  }

  @EngineTest
  @Conforms("F-080")
  void aRequestInTheRoundOfTheValueLosesNothing() throws Exception {
    runAction(
        co -> {
          AsyncQueue<Integer> queue = AsyncQueue.fifo(0);
          AsyncGenerator<Integer> items =
              AsyncGenerator.of(
                  in -> {
                    while (true) {
                      in.yield(in.await(queue.get()));
                    }
                  });
          AsyncGenerator<Integer> buffer = items.buffer(1);
          int given = 0;
          for (int wait = 0; wait < 8; wait++) {
            Task<Integer> step = Task.start(buffer.anext());
            co.await(sleep(1));
            queue.putNowait(given);
            for (int i = 0; i < wait; i++) {
              co.await(pause());
            }
            if (!step.cancel()) {
              assertEquals(given, step.result());
            } else {
              assertThrows(Cancelled.class, () -> co.await(step));
              assertEquals(given, co.await(buffer.anext()));
            }
            given++;
          }
          co.await(buffer.aclose());
        });
  }

  @EngineTest
  @Conforms("F-080")
  void aCancelledFirstStepLosesNothing() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : stagesOver(1, 20)) {
            Task<Boolean> step = Task.start(stage.advance());
            co.await(pause());
            step.cancel();
            co.await(Async.gatherOutcomes(step));
            assertTrue(co.await(stage.advance()));
            co.await(stage.aclose());
            assertEquals(List.of("closed"), log, stage.toString());
            log.clear();
          }
        });
  }

  @EngineTest
  @Conforms("F-080")
  void aClosedStageThatHardlyBeganClosesItsSource() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> buffer = closing("closed", 3).buffer(1);
          Task<Boolean> step = Task.start(buffer.advance());
          co.await(pause());
          step.cancel();
          assertThrows(Cancelled.class, () -> co.await(step));
          co.await(buffer.aclose());
          assertEquals(List.of("closed"), log);
        });
  }

  @EngineTest
  @Conforms("F-081")
  void theLoopEndsTheTasksAndClosesOnce() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : stagesOver(9, 20)) {
            co.await(stage.advance());
          }
          EventLoop.current().setExceptionHandler((loop, failed) -> log.add(failed));
        });
    assertEquals(java.util.Collections.nCopies(8, "closed"), log);
  }

  @EngineTest
  @Conforms("F-081")
  void aStageOverAStageEndsToo() throws Exception {
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, failed) -> log.add(failed));
          AsyncGenerator<Integer> chain =
              AsyncGenerator.merge(
                      numbers(99).mapConcurrently(2, (in, n) -> in.await(Async.sleep(ms(5), n))),
                      numbers(99, 3).buffer(3))
                  .filter(n -> n > 1)
                  .buffer(2);
          co.await(chain.anext());
          co.await(sleep(20));
        });
    assertEquals(List.of("closed", "closed"), log);
  }

  @EngineTest
  @Conforms("F-081")
  void aCancelledTaskOfAStageIsItsFailure() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> buffer = numbers(9, 50).buffer(2);
          Task<Boolean> step = Task.start(buffer.advance());
          co.await(sleep(1));
          for (Task<?> each : EventLoop.current().tasks()) {
            if (each.name().equals("buffer")) {
              each.cancel("by hand");
            }
          }
          assertThrows(Cancelled.class, () -> co.await(step));
          assertEquals(List.of("closed"), log);
          assertEquals(State.CLOSED, buffer.state());
        });
  }

  @EngineTest
  @Conforms("F-067")
  void stagesRefuseOverlappingSteps() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> buffer = numbers(2, 10).buffer(1);
          Task<Integer> step = Task.start(buffer.anext());
          co.await(sleep(1));
          assertThrows(AlreadyRunningException.class, () -> co.await(buffer.advance()));
          assertThrows(AlreadyRunningException.class, () -> co.await(buffer.aclose()));
          assertEquals(1, co.await(step));
          IOException thrown = new IOException("thrown");
          assertSame(
              thrown, assertThrows(IOException.class, () -> co.await(buffer.athrow(thrown))));
          assertEquals(List.of("closed"), log);
        });
  }

  @EngineTest
  @Conforms("F-078")
  void acloseInACancelledScopeClosesAllTheSame() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : stagesOver(9, 20)) {
            assertThrows(
                TimeoutException.class,
                () ->
                    co.await(
                        Timeout.action(
                            ms(30),
                            (in, t) -> {
                              try {
                                while (in.await(stage.advance())) {
                                  log.add("value");
                                }
                              } finally {
                                in.await(stage.aclose());
                              }
                            })));
            assertEquals(State.CLOSED, stage.state(), stage.toString());
            assertTrue(log.contains("closed"), stage.toString());
            assertEquals(1, EventLoop.current().tasks().size());
            log.clear();
          }
        });
  }
}
