package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Operators that go by the loop's clock. */
class TimedStagesTest extends OperatorScene {
  private <Y> void assertTimes(List<String> expected, AsyncGenerator<Y> generator)
      throws Exception {
    log.clear();
    run(timed(generator));
    assertEquals(expected, log);
  }

  // chunked

  @EngineTest
  @Conforms("F-085")
  void aChunkIsCompleteByNumberOrTime() throws Exception {
    assertTimes(
        List.of("[1, 2, 3]@3", "[4, 30]@54", "[100]@120"),
        at(1, 2, 3, 4, 30, 100, 120).chunked(3, ms(50)));
  }

  @EngineTest
  @Conforms("F-085")
  void theTimeOfAChunkBeginsWithItsFirstValue() throws Exception {
    assertTimes(List.of("[100]@110", "[300]@310"), at(100, 300, 400).chunked(5, ms(10)));
  }

  @EngineTest
  @Conforms("F-085")
  void aValueAtTheDeadlineBeginsTheNextChunk() throws Exception {
    assertTimes(List.of("[10, 59]@60", "[60]@110"), at(10, 59, 60, 200).chunked(5, ms(50)));
    assertTimes(List.of("[10]@10", "[20]@20"), at(10, 20, 200).chunked(5, Duration.ZERO));
  }

  @EngineTest
  @Conforms("F-085")
  void atMostOneChunkIsAhead() throws Exception {
    runAction(
        co -> {
          int[] asked = new int[1];
          AsyncGenerator<List<Integer>> chunks =
              numbers(99)
                  .map(
                      n -> {
                        asked[0] = n;
                        return n;
                      })
                  .chunked(3, ms(10));
          assertEquals(List.of(1, 2, 3), co.await(chunks.anext()));
          co.await(sleep(100));
          assertEquals(6, asked[0]);
          assertEquals(List.of(4, 5, 6), co.await(chunks.anext()));
          co.await(chunks.aclose());
        });
  }

  @EngineTest
  @Conforms("F-085")
  void aSlowStepGetsTheChunksAsTheyWere() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<List<Integer>> chunks = at(10, 60, 110, 120, 200).chunked(9, ms(20));
          cancelStep(co, chunks, 5);
          co.await(sleep(145));
          assertEquals(
              List.of(List.of(10), List.of(60), List.of(110, 120)), co.await(chunks.toList()));
        });
  }

  // debounce

  @EngineTest
  @Conforms("F-086")
  void aValueWaitsForQuiet() throws Exception {
    assertTimes(
        List.of("2@52", "100@150", "220@230"),
        at(1, 2, 100, 190, 200, 210, 220, 230).debounce(ms(50)));
  }

  @EngineTest
  @Conforms("F-086")
  void theLastValueComesAtTheEnd() throws Exception {
    assertTimes(List.of("3@4"), at(1, 2, 3, 4).debounce(ms(50)));
    assertTimes(List.of("3@0"), AsyncGenerator.from(List.of(1, 2, 3)).debounce(ms(50)));
    assertTimes(List.of(), at(10).debounce(ms(50)));
  }

  @EngineTest
  @Conforms("F-086")
  void aValueAtTheEndOfQuietComesAfter() throws Exception {
    assertTimes(List.of("10@60", "60@110"), at(10, 60, 200).debounce(ms(50)));
  }

  @EngineTest
  @Conforms("F-086")
  void settledValuesWaitForASlowStep() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> settled = at(10, 100, 110, 200, 300).debounce(ms(20));
          cancelStep(co, settled, 5);
          co.await(sleep(245));
          assertEquals(List.of(10, 110, 200), co.await(settled.toList()));
        });
  }

  // throttle

  @EngineTest
  @Conforms("F-087")
  void afterAValueNoneComesForATime() throws Exception {
    assertTimes(
        List.of("10@10", "60@60", "120@120"), at(10, 20, 59, 60, 109, 120, 130).throttle(ms(50)));
    assertTimes(List.of("1@0"), AsyncGenerator.from(List.of(1, 2, 3)).throttle(ms(50)));
    assertTimes(List.of("1@0", "2@0"), AsyncGenerator.from(List.of(1, 2)).throttle(Duration.ZERO));
  }

  @EngineTest
  @Conforms("F-087")
  void theTimeCountsFromTheComing() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> throttled = at(10, 40, 70, 80, 200).throttle(ms(50));
          cancelStep(co, throttled, 5);
          co.await(sleep(60));
          assertEquals(List.of(10, 70), co.await(throttled.toList()));
        });
  }

  // sample

  @EngineTest
  @Conforms("F-088")
  void eachPeriodGivesItsNewest() throws Exception {
    assertTimes(List.of("20@50", "90@100", "210@250"), at(10, 20, 60, 90, 210, 300).sample(ms(50)));
  }

  @EngineTest
  @Conforms("F-088")
  void theLastPeriodEndsWithTheSource() throws Exception {
    assertTimes(List.of("10@50", "70@75"), at(10, 60, 70, 75).sample(ms(50)));
  }

  @EngineTest
  @Conforms("F-088")
  void aValueAtTheEndOfAPeriodIsOfTheNext() throws Exception {
    assertTimes(List.of("10@50", "50@100"), at(10, 50, 160).sample(ms(50)));
    assertTimes(List.of("50@100"), at(50, 160).sample(ms(50)));
  }

  @EngineTest
  @Conforms("F-088")
  void periodsWithoutAStepAreKept() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> samples = at(10, 20, 60, 110, 120, 400).sample(ms(50));
          cancelStep(co, samples, 5);
          co.await(sleep(195));
          assertEquals(List.of(20, 60, 120), co.await(samples.toList()));
        });
  }

  // All

  private static List<AsyncGenerator<?>> all(List<AsyncGenerator<Integer>> sources) {
    return List.of(
        sources.get(0).chunked(9, ms(50)),
        sources.get(1).debounce(ms(50)),
        sources.get(2).throttle(ms(50)),
        sources.get(3).sample(ms(50)));
  }

  /** A value and the deadline come in one round; every order of that round gives the same. */
  @EngineTest
  @Conforms("F-089")
  void theOrderOfARoundMakesNoDifference() throws Exception {
    List<List<?>> expected =
        List.of(
            List.of(List.of(0), List.of(50), List.of(100, 149)),
            List.of(0, 50, 149),
            List.of(0, 50, 100),
            List.of(0, 50, 149));
    for (int which = 0; which < 4; which++) {
      int one = which;
      for (long seed = 0; seed < 25; seed++) {
        try (TestLoop loop = TestLoop.seeded(seed)) {
          loop.run(
              Async.action(
                  co -> {
                    AsyncQueue<Integer> queue = AsyncQueue.fifo(0);
                    List<AsyncGenerator<Integer>> sources = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                      sources.add(of(queue));
                    }
                    AsyncGenerator<?> stage = all(sources).get(one);
                    Task<? extends List<?>> list = Task.start(listOf(stage));
                    for (int each : new int[] {0, 50, 100, 149}) {
                      EventLoop.current().callLater(ms(each), () -> queue.putNowait(each));
                    }
                    EventLoop.current().callLater(ms(200), queue::shutdown);
                    assertEquals(expected.get(one), co.await(list), stage.toString());
                  }));
        }
      }
    }
  }

  private static <Y> Async<List<Y>> listOf(AsyncGenerator<Y> stage) {
    return stage.toList();
  }

  private static AsyncGenerator<Integer> of(AsyncQueue<Integer> queue) {
    return AsyncGenerator.of(
        co -> {
          while (true) {
            int next;
            try {
              next = co.await(queue.get());
            } catch (io.fermata.async.QueueShutDown end) {
              return;
            }
            co.yield(next);
          }
        });
  }

  @EngineTest
  @Conforms("F-089")
  void closingStopsTheTimers() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage : all(List.of(at(1, 90), at(1, 90), at(1, 90), at(1, 90)))) {
            long start = now();
            cancelStep(co, stage, 0);
            cancelStepIfItWaits(co, stage);
            co.await(stage.aclose());
            assertTrue(now() - start < 50, stage.toString());
            assertFalse(co.await(stage.advance()));
          }
        });
  }

  private static void cancelStepIfItWaits(io.fermata.async.Awaiter co, AsyncGenerator<?> stage)
      throws Exception {
    Task<Boolean> step = Task.start(stage.advance());
    co.await(sleep(10));
    step.cancel();
    co.await(Async.gatherOutcomes(step));
  }

  @EngineTest
  @Conforms("F-089")
  void aStageWithoutValuesHoldsNoTimer() throws Exception {
    runAction(
        co -> {
          for (AsyncGenerator<?> stage :
              all(List.of(at(9999, 10000), at(9999, 10000), at(9999, 10000), at(9999, 10000)))) {
            long start = now();
            assertTrue(co.await(stage.advance()));
            assertTrue(now() - start >= 9999);
            co.await(stage.aclose());
          }
        });
  }

  @EngineTest
  @Conforms("F-089")
  void manyValuesWaitAndThenTheSource() throws Exception {
    runAction(
        co -> {
          int[] asked = new int[1];
          AsyncGenerator<Integer> throttled =
              numbers(1000)
                  .map(
                      n -> {
                        asked[0] = n;
                        return n;
                      })
                  .throttle(Duration.ZERO);
          assertEquals(1, co.await(throttled.anext()));
          co.await(sleep(50));
          assertEquals(65, asked[0]);
          assertEquals(999, co.await(throttled.toList()).size());
        });
  }

  @EngineTest
  @Conforms("F-089")
  void spansAreChecked() throws Exception {
    AsyncGenerator<Integer> source = numbers(1);
    assertThrows(IllegalArgumentException.class, () -> source.debounce(ms(-1)));
    assertThrows(IllegalArgumentException.class, () -> source.throttle(ms(-1)));
    assertThrows(IllegalArgumentException.class, () -> source.sample(ms(0)));
    assertThrows(IllegalArgumentException.class, () -> source.chunked(1, ms(-1)));
    assertThrows(IllegalArgumentException.class, () -> source.chunked(0, ms(1)));
    assertThrows(NullPointerException.class, () -> source.debounce(null));
    assertEquals(List.of(1), run(source.toList()));
  }
}
