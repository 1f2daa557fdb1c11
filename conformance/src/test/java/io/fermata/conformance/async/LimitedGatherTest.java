package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Outcome;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** Many at the same time, but not all. */
class LimitedGatherTest extends AsyncTest {
  private final int[] running = new int[1];
  private final int[] most = new int[1];
  private final int[] begun = new int[1];

  /** Counts how many run. */
  private Async<Integer> counted(int number, long millis) {
    int[] now = running;
    int[] top = most;
    int[] all = begun;
    return Async.of(
        co -> {
          all[0]++;
          now[0]++;
          top[0] = Math.max(top[0], now[0]);
          try {
            co.await(sleep(millis));
          } finally {
            now[0]--;
          }
          return number;
        });
  }

  private List<Async<Integer>> several(int count) {
    List<Async<Integer>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(counted(i, 10 + i % 3));
    }
    return all;
  }

  /** Makes each when it is asked for; never ends. */
  private Iterable<Async<Integer>> endless(int[] made) {
    return () ->
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Async<Integer> next() {
            return counted(made[0]++, 10);
          }
        };
  }

  @EngineTest
  @Conforms("F-176")
  void atMostSoManyOfAGatherRun() throws Exception {
    for (int limit : new int[] {1, 2, 3, 7, 20, 100}) {
      most[0] = 0;
      List<Integer> expected = IntStream.range(0, 20).boxed().toList();
      runAction(co -> assertEquals(expected, co.await(Async.gather(several(20), limit))));
      assertEquals(Math.min(limit, 20), most[0]);
      List<Outcome<Integer>> outcomes = run(Async.gatherOutcomes(several(20), limit));
      assertEquals(
          expected,
          outcomes.stream().map(each -> ((Outcome.Value<Integer>) each).value()).toList());
    }
    assertEquals(List.of(), run(Async.gather(List.<Async<Integer>>of(), 3)));
    assertThrows(IllegalArgumentException.class, () -> Async.gather(several(2), 0));
    assertThrows(IllegalArgumentException.class, () -> Async.gatherOutcomes(several(2), -1));
    assertThrows(IllegalArgumentException.class, () -> Async.asCompleted(several(2), 0));
  }

  @EngineTest
  @Conforms("F-177")
  void whatHasNotBegunAtAFailureNeverDoes() throws Exception {
    IOException failure = new IOException("no");
    runAction(
        co -> {
          List<Async<Integer>> all = several(6);
          all.set(
              1,
              Async.of(
                  in -> {
                    in.await(sleep(5));
                    throw failure;
                  }));
          assertSame(
              failure, assertThrows(IOException.class, () -> co.await(Async.gather(all, 3))));
          assertEquals(2, begun[0]);
          co.await(sleep(50));
          assertEquals(2, begun[0]);
          assertEquals(0, running[0]); // those that ran went on

          List<Async<Integer>> again = several(6);
          again.set(
              1,
              Async.of(
                  in -> {
                    throw failure;
                  }));
          List<Outcome<Integer>> outcomes = co.await(Async.gatherOutcomes(again, 3));
          assertSame(failure, outcomes.get(1).failure());
          assertEquals(5, outcomes.stream().filter(each -> each.failure() == null).count());
        });
  }

  @EngineTest
  @Conforms("F-178")
  void aCancelledGatherBeginsNoMoreAndWaits() throws Exception {
    for (long at = 0; at < 40; at++) {
      long when = at;
      begun[0] = 0;
      runAction(
          co -> {
            Task<List<Integer>> task = Task.start(Async.gather(several(9), 3));
            co.await(sleep(when));
            boolean cancelled = task.cancel("enough");
            int before = begun[0];
            try {
              co.await(task);
              assertEquals(9, before);
            } catch (Cancelled why) {
              assertTrue(cancelled);
              assertTrue(begun[0] <= before + (when == 0 ? 0 : 3), begun[0] + " after " + before);
            }
            assertEquals(0, running[0]);
            assertEquals(List.of(Task.current()), List.copyOf(EventLoop.current().tasks()));
          });
    }
  }

  @EngineTest
  @Conforms("F-176")
  void anIterableThatFailsEndsTheGather() throws Exception {
    IllegalStateException broken = new IllegalStateException("iterator");
    int[] left = {4};
    Iterable<Async<Integer>> failing =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                if (left[0]-- == 0) {
                  throw broken;
                }
                return true;
              }

              @Override
              public Async<Integer> next() {
                return counted(1, 10);
              }
            };
    runAction(
        co -> {
          assertSame(
              broken,
              assertThrows(IllegalStateException.class, () -> co.await(Async.gather(failing, 2))));
          co.await(pause());
          co.await(pause());
          assertEquals(0, running[0]);
        });
  }

  @EngineTest
  @Conforms("F-179")
  void asCompletedRunsSoManyOfAnEndlessIterable() throws Exception {
    runAction(
        co -> {
          int[] made = new int[1];
          AsyncGenerator<Task<Integer>> ended = Async.asCompleted(endless(made), 3);
          assertEquals(0, made[0]);
          int sum = 0;
          for (int i = 0; i < 100; i++) {
            Task<Integer> task = co.await(ended.anext());
            assertTrue(task.done());
            sum += task.result();
          }
          assertEquals(4950, sum);
          assertEquals(3, most[0]);
          co.await(sleep(100));
          int before = made[0];
          assertTrue(before <= 103, before + " were made");
          co.await(ended.aclose());
          co.await(sleep(100));
          assertEquals(before, made[0]);
          assertEquals(0, running[0]);
        });
  }

  @EngineTest
  @Conforms("F-179")
  void asCompletedWithALimitYieldsEachOnce() throws Exception {
    for (int limit : new int[] {1, 2, 5, 50}) {
      most[0] = 0;
      runAction(
          co -> {
            List<Integer> seen = new ArrayList<>();
            AsyncGenerator<Task<Integer>> ended = Async.asCompleted(several(20), limit);
            while (co.await(ended.advance())) {
              seen.add(ended.current().result());
              co.await(sleep(seen.size() % 4 * 7));
            }
            assertEquals(IntStream.range(0, 20).boxed().toList(), seen.stream().sorted().toList());
          });
      assertEquals(Math.min(limit, 20), most[0]);
    }
  }
}
