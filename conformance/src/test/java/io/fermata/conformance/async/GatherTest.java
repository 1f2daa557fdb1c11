package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.Outcome;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Several at the same time: gather, and what becomes of failures and cancellations. */
class GatherTest extends AsyncTest {
  /** Sleeps; if it is cancelled, cleans up for some time and logs it. */
  private Async<String> cleaning(String name, long cleanup) {
    List<Object> to = log;
    return Async.of(
        co -> {
          try {
            co.await(Async.sleep(ms(100)));
            return name;
          } finally {
            co.await(Async.sleep(ms(cleanup)));
            to.add(name);
          }
        });
  }

  @EngineTest
  @Conforms("T-073")
  void resultsAreInTheOrderOfTheArguments() throws Exception {
    runAction(
        co -> {
          List<String> results = co.await(Async.gather(step("a", 3), step("b", 1), step("c", 2)));
          assertEquals(List.of("a", "b", "c"), results);
          assertEquals(List.of("b", "c", "a"), log);
          assertEquals(3, now());
          List<Async<String>> more = List.of(step("d", 2), step("e", 1));
          assertEquals(List.of("d", "e"), co.await(Async.gather(more)));
          List<Object> mixed = co.await(Async.gather(step("f", 1), Async.sleep(ms(1), 2)));
          assertEquals(List.of("f", 2), mixed);
        });
  }

  @EngineTest
  @Conforms("T-074")
  void aGatherOfNothingIsAnEmptyList() throws Exception {
    runAction(
        co -> {
          Task<String> other = Task.start(step("other", 0));
          assertEquals(List.of(), co.await(Async.gather()));
          assertEquals(List.of(), co.await(Async.gatherOutcomes(List.of())));
          assertEquals(List.of(), log);
          co.await(other);
        });
  }

  @EngineTest
  void nothingRunsBeforeItIsAwaited() throws Exception {
    runAction(
        co -> {
          Async<List<String>> gather = Async.gather(step("a", 0));
          co.await(sleep(5));
          assertEquals(List.of(), log);
          co.await(gather);
          assertThrows(IllegalStateException.class, () -> co.await(gather));
        });
  }

  @EngineTest
  @Conforms("T-075")
  void theFirstFailureComesOutAtOnceAndTheOthersGoOn() throws Exception {
    IOException first = new IOException("first");
    List<LoopFailure> reports = new ArrayList<>();
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, report) -> reports.add(report));
          Task<String> sound = Task.start(step("sound", 10));
          Task<String> later = Task.start(failing(new IOException("later"), 5));
          assertSame(
              first,
              assertThrows(
                  IOException.class,
                  () -> co.await(Async.gather(sound, failing(first, 2), later))));
          assertEquals(2, now());
          assertEquals("sound", co.await(sound));
          assertTrue(later.done());
        });
    assertEquals(List.of(), reports);
  }

  @EngineTest
  @Conforms("T-076")
  void outcomesTellOfFailuresAndCancellations() throws Exception {
    IOException failure = new IOException();
    AssertionError error = new AssertionError();
    runAction(
        co -> {
          Promise<String> cancelled = Promise.open();
          cancelled.cancel("why");
          List<Outcome<String>> outcomes =
              co.await(
                  Async.gatherOutcomes(
                      step("x", 3), failing(failure, 1), cancelled, failing(error, 2)));
          assertEquals(new Outcome.Value<>("x"), outcomes.get(0));
          assertEquals("x", outcomes.get(0).get());
          assertEquals(new Outcome.Failure<>(failure), outcomes.get(1));
          assertSame(failure, assertThrows(IOException.class, () -> outcomes.get(1).get()));
          Outcome.Failure<?> third = assertInstanceOf(Outcome.Failure.class, outcomes.get(2));
          assertEquals("why", assertInstanceOf(Cancelled.class, third.failure()).reason());
          assertSame(error, assertThrows(AssertionError.class, () -> outcomes.get(3).get()));
          assertEquals(3, now());
        });
  }

  @EngineTest
  @Conforms("T-077")
  void aCancelledChildIsAFailureAndNoRequestToTheAwaiter() throws Exception {
    runAction(
        co -> {
          Task<String> child = Task.start(step("child", 100));
          Task<String> other = Task.start(step("other", 5));
          EventLoop.current().callLater(ms(1), () -> child.cancel("child only"));
          var failure = assertThrows(Cancelled.class, () -> co.await(Async.gather(child, other)));
          assertEquals("child only", failure.reason());
          assertEquals(0, Task.current().cancelling());
          assertFalse(other.done());
          assertEquals("other", co.await(other));
        });
  }

  @EngineTest
  @Conforms("T-078")
  void cancellingAGatherCancelsItsChildrenAndWaitsForAllOfThem() throws Exception {
    runAction(
        co -> {
          for (boolean outcomes : new boolean[] {false, true}) {
            log.clear();
            long start = now();
            List<Async<String>> children =
                List.of(cleaning("a", 3), cleaning("b", 7), step("c", 0));
            Async<?> all = outcomes ? Async.gatherOutcomes(children) : Async.gather(children);
            Task<?> gather = Task.eager().start(all);
            co.await(sleep(1));
            gather.cancel("stop");
            assertEquals("stop", assertThrows(Cancelled.class, () -> co.await(gather)).reason());
            assertTrue(gather.cancelled());
            assertEquals(List.of("c", "a", "b"), log);
            assertEquals(8, now() - start);
          }
        });
  }

  @EngineTest
  void whatChildrenFailWithWhileTheyAreCancelledIsSuppressedInTheCancellation() throws Exception {
    IOException failure = new IOException();
    runAction(
        co -> {
          Async<String> child =
              Async.of(
                  in -> {
                    try {
                      return in.await(Async.sleep(ms(100), "x"));
                    } catch (Cancelled c) {
                      throw failure;
                    }
                  });
          Task<?> gather = Task.start(Async.gather(child, cleaning("a", 3)));
          co.await(sleep(1));
          gather.cancel("stop");
          var cancelled = assertThrows(Cancelled.class, () -> co.await(gather));
          assertArrayEquals(new Throwable[] {failure}, cancelled.getSuppressed());
          assertEquals(List.of("a"), log);
        });
  }

  @EngineTest
  void aTimeoutAroundAGatherCancelsItsChildren() throws Exception {
    runAction(
        co -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.of(
                          ms(5),
                          (in, t) -> in.await(Async.gather(cleaning("a", 1), cleaning("b", 2))))));
          assertEquals(List.of("a", "b"), log);
          assertEquals(7, now());
        });
  }

  @EngineTest
  @Conforms("T-079")
  void cancellingAGatherThatIsDoneDoesNothing() throws Exception {
    runAction(
        co -> {
          Task<List<String>> gather = Task.start(Async.gather(step("a", 1)));
          List<String> results = co.await(gather);
          assertFalse(gather.cancel());
          assertSame(results, co.await(gather));
          assertFalse(gather.cancelled());
        });
  }

  @EngineTest
  @Conforms("T-080")
  void oneThatIsGivenTwiceRunsOnce() throws Exception {
    runAction(
        co -> {
          Async<String> twice = step("x", 1);
          Task<String> task = Task.start(step("y", 1));
          assertEquals(
              List.of("x", "y", "x", "y"), co.await(Async.gather(twice, task, twice, task)));
          assertEquals(List.of("y", "x"), log);
        });
  }

  @EngineTest
  @Conforms("T-081")
  void whatBelongsToAnotherLoopIsRefused() throws Exception {
    try (EventLoop other = EventLoop.open()) {
      Promise<String> foreign = Promise.open(other);
      runAction(
          co -> {
            assertThrows(
                IllegalArgumentException.class,
                () -> co.await(Async.gather(step("a", 5), foreign)));
            co.await(sleep(10));
            assertEquals(List.of(), log);
          });
    }
  }

  @EngineTest
  @Conforms("T-082")
  void aMissingArgumentIsRefusedByTheCall() {
    assertThrows(NullPointerException.class, () -> Async.gather(step("a", 1), null));
  }

  @EngineTest
  @Conforms("T-083")
  void cancellingAGatherThatHasFailedLeavesTheOthersRunning() throws Exception {
    runAction(
        co -> {
          Task<String> other = Task.start(step("other", 5));
          Task<?> gather = Task.start(Async.gather(other, failing(new IOException(), 1)));
          assertThrows(IOException.class, () -> co.await(gather));
          assertFalse(gather.cancel());
          assertEquals("other", co.await(other));
        });
  }

  @EngineTest
  @Conforms("T-071")
  void shieldsAndGathersCompose() throws Exception {
    runAction(
        co -> {
          Task<String> inner = Task.start(step("inner", 10));
          Task<?> ofShields = Task.start(Async.gather(Async.shield(inner)));
          co.await(sleep(1));
          ofShields.cancel();
          assertThrows(Cancelled.class, () -> co.await(ofShields));
          assertEquals(1, now());
          assertEquals("inner", co.await(inner));

          Task<List<String>> gather = Task.start(Async.gather(step("a", 5), step("b", 5)));
          Task<?> shielded = Task.start(Async.shield(gather));
          co.await(sleep(1));
          shielded.cancel();
          assertThrows(Cancelled.class, () -> co.await(shielded));
          assertEquals(List.of("a", "b"), co.await(gather));
        });
  }

  @EngineTest
  @Conforms({"T-070", "T-072"})
  void aFailureAfterTheAwaiterOfAShieldHasLeftIsReportedOnce() throws Exception {
    IOException failure = new IOException();
    List<LoopFailure> reports = new ArrayList<>();
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, report) -> reports.add(report));
          Task<String> fails = Task.start(failing(failure, 5));
          Task<String> succeeds = Task.start(step("x", 5));
          Task<String> isTaken = Task.start(failing(new IOException(), 5));
          for (Task<String> inner : List.of(fails, succeeds, isTaken)) {
            Task<String> outer = Task.start(Async.shield(inner));
            co.await(pause());
            outer.cancel();
            assertThrows(Cancelled.class, () -> co.await(outer));
          }
          assertThrows(IOException.class, () -> co.await(isTaken));
          co.await(sleep(5));
          assertEquals(1, reports.size());
          assertSame(failure, reports.get(0).exception());
          assertSame(fails, reports.get(0).source());
        });
    assertEquals(1, reports.size());
  }

  /** In which round after its call something has ended, counted as in asyncio. */
  private static Async<Integer> rounds(Async<?> awaited) {
    return Async.of(
        co -> {
          int[] rounds = {0};
          EventLoop loop = EventLoop.current();
          Runnable[] count = new Runnable[1];
          count[0] =
              () -> {
                if (++rounds[0] < 50) {
                  loop.callSoon(count[0]);
                }
              };
          loop.callSoon(count[0]);
          co.await(awaited);
          return rounds[0];
        });
  }

  private static Async<Void> eager(Async<?> started) {
    return Async.action(co -> co.await(Task.eager().start(started)));
  }

  /** Takes three rounds. */
  private static Async<Void> threeRounds() {
    return Async.action(
        co -> {
          for (int i = 0; i < 2; i++) {
            co.await(pause());
          }
        });
  }

  @EngineTest
  void aTaskOfAGatherOrShieldTakesTheRoundsOfAFutureOfAsyncio() throws Exception {
    runAction(
        co -> {
          assertEquals(5, co.await(rounds(Async.gather(threeRounds(), threeRounds()))));
          assertEquals(5, co.await(rounds(eager(Async.gather(threeRounds(), threeRounds())))));
          assertEquals(5, co.await(rounds(Async.shield(threeRounds()))));
          assertEquals(5, co.await(rounds(eager(Async.shield(threeRounds())))));
        });
  }
}
