package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Outcome;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Gathers and asCompleted with a limit, races, and timeouts that move on. */
class LimitedTest extends AsyncTest {
  private int running;
  private int most;
  private int begun;

  private Async<Integer> counted(int index, long millis) {
    return Async.of(
        co -> {
          begun++;
          running++;
          most = Math.max(most, running);
          try {
            co.await(sleep(millis));
            return index;
          } finally {
            try {
              co.await(Async.uncancellable(sleep(2)));
            } finally {
              running--;
            }
          }
        });
  }

  /** Makes each when it is read. */
  private Iterable<Async<Integer>> endless() {
    return () ->
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Async<Integer> next() {
            return counted(next++, 10);
          }
        };
  }

  private Iterable<Async<Integer>> first(int n) {
    return () -> IntStream.range(0, n).mapToObj(i -> counted(i, 10)).iterator();
  }

  // Gather

  @EngineTest
  @Conforms("F-120")
  void noMoreThanTheLimitRun() throws Exception {
    runAction(
        co -> {
          assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), co.await(Async.gather(first(7), 3)));
          assertEquals(3, most);
          assertEquals(36, now());
          List<Outcome<Integer>> outcomes = co.await(Async.gatherOutcomes(first(3), 1));
          assertEquals(3, outcomes.size());
          assertEquals(72, now());
          assertEquals(List.of(), co.await(Async.gather(first(0), 1)));
        });
    assertThrows(IllegalArgumentException.class, () -> Async.gather(first(1), 0));
    assertThrows(IllegalArgumentException.class, () -> Async.gatherOutcomes(first(1), -1));
    assertThrows(IllegalArgumentException.class, () -> Async.asCompleted(first(1), 0));
  }

  @EngineTest
  @Conforms("F-120")
  void aRepeatedOneRunsOnce() throws Exception {
    runAction(
        co -> {
          Async<Integer> one = counted(1, 10);
          assertEquals(List.of(1, 1, 1), co.await(Async.gather(Collections.nCopies(3, one), 1)));
          assertEquals(1, begun);
          Promise<Integer> known = Promise.open();
          known.setResult(5);
          assertEquals(List.of(5, 5), co.await(Async.gather(List.of(known, known), 2)));
        });
  }

  @EngineTest
  @Conforms("F-121")
  void afterAFailureNothingBegins() throws Exception {
    runAction(
        co -> {
          List<Async<Integer>> all =
              List.of(
                  counted(0, 50),
                  Async.of(
                      in -> {
                        throw new IOException("first");
                      }),
                  Async.of(in -> begun++));
          IOException thrown =
              assertThrows(IOException.class, () -> co.await(Async.gather(all, 2)));
          assertEquals("first", thrown.getMessage());
          co.await(sleep(100));
          assertEquals(1, begun);
          assertEquals(52, now() - 48); // the other one went on
          Task.start(all.get(2));
        });
  }

  @EngineTest
  @Conforms("F-122")
  void aCancelledGatherWaitsForThoseThatRun() throws Exception {
    for (int rounds = 0; rounds < 6; rounds++) {
      int pauses = rounds;
      running = 0;
      runAction(
          co -> {
            Task<?> task = Task.start(Async.gather(endless(), 3));
            co.await(sleep(12));
            for (int i = 0; i < pauses; i++) {
              co.await(pause());
            }
            task.cancel("asked");
            assertThrows(Cancelled.class, () -> co.await(task));
            assertEquals(0, running);
          });
    }
  }

  @EngineTest
  @Conforms("F-123")
  void anIterableThatFailsCancelsThoseThatRun() throws Exception {
    runAction(
        co -> {
          Iterable<Async<Integer>> breaks =
              () ->
                  new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                      return true;
                    }

                    @Override
                    public Async<Integer> next() {
                      if (next == 3) {
                        throw new NoSuchElementException("broken");
                      }
                      return counted(next, next++ == 0 ? 10 : 1000);
                    }
                  };
          assertThrows(NoSuchElementException.class, () -> co.await(Async.gather(breaks, 3)));
          assertThrows(NoSuchElementException.class, () -> co.await(Async.gather(breaks, 4)));
          assertEquals(0, running);
          assertTrue(now() < 100);
        });
  }

  // asCompleted

  @EngineTest
  @Conforms({"F-124", "F-120"})
  void anEndlessSourceIsReadAsItIsNeeded() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Task<Integer>> ended = Async.asCompleted(endless(), 3);
          List<Integer> got = new ArrayList<>();
          while (got.size() < 9 && co.await(ended.advance())) {
            got.add(ended.current().result());
          }
          co.await(ended.aclose());
          assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), got);
          assertEquals(3, most);
          assertTrue(begun <= 12, begun + " begun");
          Async<Integer> one = counted(1, 10);
          co.await(
              Async.asCompleted(List.of(one, one), 1)
                  .forEach((in, task) -> log.add(task.result())));
          assertEquals(List.of(1), log);
        });
  }

  // Race

  @EngineTest
  @Conforms("F-130")
  void theFirstEndCounts() throws Exception {
    runAction(
        co -> {
          assertEquals("b", co.await(Async.race(step("a", 20), step("b", 10), cleaningUpAs("c"))));
          assertEquals(15, now());
          IOException failure = new IOException("first");
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () -> co.await(Async.race(step("a", 20), failing(failure, 10)))));
          assertEquals("one", co.await(Async.race(List.of(step("one", 10), step("two", 10)))));
          Async<String> same = step("same", 1);
          assertEquals("same", co.await(Async.race(same, same)));
        });
    assertThrows(IllegalArgumentException.class, () -> Async.race());
    assertThrows(IllegalArgumentException.class, () -> Async.race(List.<Async<String>>of()));
  }

  private Async<String> cleaningUpAs(String name) {
    Async<Void> cleaning = cleaningUp();
    return Async.of(
        co -> {
          co.await(cleaning);
          return name;
        });
  }

  @EngineTest
  @Conforms("F-131")
  void whatTheLosersFailWithIsNotLost() throws Exception {
    runAction(
        co -> {
          List<Throwable> reported = new ArrayList<>();
          EventLoop.current()
              .setExceptionHandler((l, failure) -> reported.add(failure.exception()));
          IOException lost = new IOException("cleanup");
          IOException first = new IOException("first");
          assertEquals("a", co.await(Async.<Object>race(step("a", 1), cleaningUpWith(lost, 1))));
          assertEquals(List.of(lost), reported);
          assertThrows(
              IOException.class,
              () -> co.await(Async.<Object>race(failing(first, 1), cleaningUpWith(lost, 1))));
          assertEquals(List.of(lost), List.of(first.getSuppressed()));
          assertEquals(1, reported.size());
        });
  }

  @EngineTest
  @Conforms("F-132")
  void aCancelledRaceWaitsForAll() throws Exception {
    for (int rounds = 0; rounds < 6; rounds++) {
      int pauses = rounds;
      running = 0;
      runAction(
          co -> {
            Task<?> task = Task.start(Async.race(counted(0, 10), counted(1, 1000)));
            co.await(sleep(12));
            for (int i = 0; i < pauses; i++) {
              co.await(pause());
            }
            if (task.cancel("asked")) {
              assertThrows(Cancelled.class, () -> co.await(task));
            }
            assertEquals(0, running);
          });
    }
  }

  // Moving on

  @EngineTest
  @Conforms("F-135")
  void aLimitThatCutsTheBodyShortIsTold() throws Exception {
    runAction(
        co -> {
          assertTrue(co.await(Timeout.moveOn(ms(5), (in, t) -> in.await(sleep(10)))));
          assertFalse(co.await(Timeout.moveOn(ms(50), (in, t) -> in.await(sleep(10)))));
          assertFalse(co.await(Timeout.moveOn(null, (in, t) -> in.await(sleep(10)))));
          assertEquals("x", co.await(Timeout.moveOnOr(ms(50), "y", (in, t) -> "x")));
          assertEquals(
              "y",
              co.await(
                  Timeout.moveOnOr(
                      ms(5),
                      "y",
                      (in, t) -> {
                        in.await(sleep(10));
                        return "x";
                      })));
          assertTrue(
              co.await(
                  Timeout.moveOn(MethodHandles.lookup(), ms(5), (in, t) -> in.await(sleep(10)))));
          assertEquals(
              "x", co.await(Timeout.moveOnOr(MethodHandles.lookup(), ms(5), "y", (in, t) -> "x")));
        });
  }

  @EngineTest
  @Conforms("F-135")
  void aLimitThatPassedUnnoticedIsNotTold() throws Exception {
    runAction(
        co -> {
          assertFalse(
              co.await(
                  Timeout.moveOn(
                      ms(5),
                      (in, t) -> {
                        try {
                          in.await(sleep(10));
                        } catch (Cancelled swallowed) {
                          assertTrue(t.expired());
                        }
                      })));
          assertFalse(
              co.await(
                  Timeout.moveOn(
                      ms(5),
                      (in, t) -> {
                        t.rescheduleIn(ms(0)); // no await follows
                        assertTrue(t.expired());
                      })));
        });
  }

  @EngineTest
  @Conforms("F-136")
  void otherFailuresComeOut() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException("body");
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () -> co.await(Timeout.moveOn(ms(5), (in, t) -> fail(failure)))));
          TimeoutException inner = new TimeoutException("inner");
          assertSame(
              inner,
              assertThrows(
                  TimeoutException.class,
                  () -> co.await(Timeout.moveOn(ms(5), (in, t) -> fail(inner)))));
          IOException closing = new IOException("closing");
          IOException thrown =
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Timeout.moveOn(
                              ms(5),
                              (in, t) -> {
                                try {
                                  in.await(sleep(10));
                                } catch (Cancelled c) {
                                  c.addSuppressed(closing);
                                  throw c;
                                }
                              })));
          assertSame(closing, thrown);
        });
  }

  @EngineTest
  @Conforms("F-136")
  void aRequestOrAnOuterLimitIsNoMovingOn() throws Exception {
    runAction(
        co -> {
          Task<Boolean> task = Task.start(Timeout.moveOn(ms(50), (in, t) -> in.await(sleep(100))));
          co.await(sleep(10));
          task.cancel("asked");
          assertThrows(Cancelled.class, () -> co.await(task));
          assertInstanceOf(
              Cancelled.class,
              assertThrows(
                      TimeoutException.class,
                      () ->
                          co.await(
                              Timeout.action(
                                  ms(5),
                                  (outer, t) ->
                                      outer.await(
                                          Timeout.moveOn(ms(5), (in, u) -> in.await(sleep(10)))))))
                  .getCause());
        });
  }
}
