package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Race;
import io.fermata.async.ReturnWhen;
import io.fermata.async.Task;
import io.fermata.async.Waited;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Waiting for some of many: wait, asCompleted and staggered races. */
class WaitTest extends AsyncTest {
  @EngineTest
  @Conforms("T-084")
  void aWaitGivesAllAndNeitherThrowsNorCancels() throws Exception {
    runAction(
        co -> {
          Task<String> a = Task.start(step("a", 2));
          Task<String> b = Task.start(failing(new IOException(), 1));
          Waited<Task<String>> waited = co.await(Async.wait(List.of(a, b)));
          assertEquals(Set.of(a, b), waited.done());
          assertEquals(Set.of(), waited.pending());
          assertEquals(2, now());
          assertThrows(IOException.class, b::result);
        });
  }

  @EngineTest
  @Conforms("T-085")
  void aWaitWithALimitGivesWhatIsDoneThen() throws Exception {
    runAction(
        co -> {
          Task<String> a = Task.start(step("a", 2));
          Task<String> b = Task.start(step("b", 20));
          Waited<Task<String>> waited =
              co.await(Async.wait(List.of(a, b), ReturnWhen.ALL_COMPLETED, ms(5)));
          assertEquals(Set.of(a), waited.done());
          assertEquals(Set.of(b), waited.pending());
          assertEquals(5, now());
          Task<String> quick = Task.start(Async.of(in -> "quick"));
          waited = co.await(Async.wait(List.of(quick, b), ReturnWhen.ALL_COMPLETED, ms(0)));
          assertEquals(Set.of(quick), waited.done());
          assertEquals(5, now());
          assertEquals("b", co.await(b));
        });
  }

  @EngineTest
  @Conforms("T-086")
  void theFirstOneEndsAWaitAndThoseOfTheSameRoundAreDoneToo() throws Exception {
    runAction(
        co -> {
          Task<String> a = Task.start(step("a", 1));
          Task<String> b = Task.start(step("b", 1));
          Task<String> c = Task.start(step("c", 5));
          var waited = co.await(Async.wait(List.of(c, a, b), ReturnWhen.FIRST_COMPLETED));
          assertEquals(List.of(a, b), List.copyOf(waited.done()));
          assertEquals(Set.of(c), waited.pending());
          EventLoop.current().callLater(ms(1), c::cancel);
          waited = co.await(Async.wait(List.of(c), ReturnWhen.FIRST_COMPLETED));
          assertEquals(Set.of(c), waited.done());
          assertTrue(c.cancelled());
        });
  }

  @EngineTest
  @Conforms("T-087")
  void theFirstFailureEndsAWaitAndACancellationDoesNot() throws Exception {
    runAction(
        co -> {
          Task<String> fails = Task.start(failing(new IOException(), 3));
          Task<String> cancelled = Task.start(step("c", 100));
          Task<String> sound = Task.start(step("sound", 5));
          EventLoop.current().callLater(ms(1), cancelled::cancel);
          List<Task<String>> all = List.of(sound, cancelled, fails);
          var waited = co.await(Async.wait(all, ReturnWhen.FIRST_EXCEPTION));
          assertEquals(Set.of(cancelled, fails), waited.done());
          assertEquals(3, now());
          waited = co.await(Async.wait(all, ReturnWhen.FIRST_EXCEPTION));
          assertEquals(Set.of(sound), waited.pending());
          assertEquals(3, now());
          waited = co.await(Async.wait(List.of(sound, cancelled), ReturnWhen.FIRST_EXCEPTION));
          assertEquals(Set.of(sound, cancelled), waited.done());
          assertEquals(5, now());
        });
  }

  @EngineTest
  @Conforms("T-088")
  void aWaitForNothingIsRefused() throws Exception {
    EventLoop other = EventLoop.open();
    Promise<String> foreign = Promise.open(other);
    runAction(
        co -> {
          assertThrows(IllegalArgumentException.class, () -> Async.wait(List.of()));
          Promise<String> promise = Promise.open();
          assertThrows(NullPointerException.class, () -> Async.wait(List.of(promise), null, null));
          assertThrows(NullPointerException.class, () -> Async.wait(Arrays.asList(promise, null)));
          assertThrows(
              IllegalArgumentException.class, () -> co.await(Async.wait(List.of(foreign))));
        });
    other.close();
  }

  @EngineTest
  @Conforms("T-089")
  void cancellingTheWaiterLeavesTheTasksRunning() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 5));
          Task<?> waiter = Task.start(Async.wait(List.of(task)));
          co.await(sleep(1));
          waiter.cancel();
          assertThrows(Cancelled.class, () -> co.await(waiter));
          assertEquals(1, now());
          assertEquals("x", co.await(task));
        });
  }

  @EngineTest
  @Conforms("T-090")
  void oneThatIsGivenTwiceCountsOnce() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 5));
          var waited = co.await(Async.wait(new ArrayDeque<>(List.of(task, task))));
          assertEquals(List.of(task), List.copyOf(waited.done()));
        });
  }

  @EngineTest
  @Conforms({"T-091", "T-093"})
  void theGivenTasksComeInTheOrderOfTheirEnding() throws Exception {
    runAction(
        co -> {
          Task<String> a = Task.start(step("a", 3));
          Task<String> b = Task.start(step("b", 1));
          Task<String> c = Task.start(failing(new IOException(), 2));
          AsyncGenerator<Task<String>> ended = Async.asCompleted(List.of(a, b, c));
          for (Task<String> expected : List.of(b, c, a)) {
            assertTrue(co.await(ended.advance()));
            assertSame(expected, ended.current());
            assertTrue(expected.done());
          }
          assertFalse(co.await(ended.advance()));
          assertEquals(3, now());
        });
  }

  @EngineTest
  @Conforms("T-093")
  void whatIsNoTaskIsStartedAsOne() throws Exception {
    runAction(
        co -> {
          Promise<String> promise = Promise.open();
          promise.setResult("promise");
          AsyncGenerator<Deferred<String>> ended =
              Async.asCompleted(step("a", 2), step("b", 1), promise);
          co.await(sleep(5));
          while (co.await(ended.advance())) {
            log.add("-" + ended.current().result());
          }
          assertEquals(List.of("-promise", "b", "-b", "a", "-a"), log);
        });
  }

  @EngineTest
  @Conforms("T-092")
  void afterTheLimitItThrowsAndTheTasksGoOn() throws Exception {
    runAction(
        co -> {
          Task<String> a = Task.start(step("a", 1));
          Task<String> b = Task.start(step("b", 20));
          AsyncGenerator<Task<String>> ended = Async.asCompleted(List.of(a, b), ms(5));
          assertSame(a, co.await(ended.anext()));
          assertThrows(TimeoutException.class, () -> co.await(ended.anext()));
          assertEquals(5, now());
          assertFalse(co.await(ended.advance()));
          assertEquals("b", co.await(b));
        });
  }

  @EngineTest
  @Conforms("T-094")
  void theLoopOverTheEndedCanBeLeftAndGoneOnWith() throws Exception {
    runAction(
        co -> {
          Task<String> a = Task.start(step("a", 1));
          Task<String> b = Task.start(step("b", 2));
          AsyncGenerator<Task<String>> ended = Async.asCompleted(List.of(a, b, a));
          assertSame(a, co.await(ended.anext()));
          co.await(sleep(10));
          assertSame(b, co.await(ended.anext()));
          assertFalse(co.await(ended.advance()));
        });
  }

  @EngineTest
  void closingOrCancellingTheLoopOverTheEndedLeavesTheTasksAlone() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 5));
          AsyncGenerator<Task<String>> ended = Async.asCompleted(List.of(task));
          Task<?> step = Task.start(ended.advance());
          co.await(sleep(1));
          step.cancel();
          assertThrows(Cancelled.class, () -> co.await(step));
          assertEquals(1, now());
          assertFalse(co.await(ended.advance()));
          AsyncGenerator<Task<String>> another = Async.asCompleted(List.of(task));
          co.await(another.aclose());
          assertEquals("x", co.await(task));
        });
  }

  @EngineTest
  @Conforms("T-095")
  void theNextAttemptStartsAfterTheDelayOrAFailureAndTheFirstSuccessWins() throws Exception {
    IOException failure = new IOException();
    runAction(
        co -> {
          Race<String> race =
              co.await(
                  Async.staggeredRace(
                      List.of(
                          step("slow", 100),
                          failing(failure, 2),
                          step("winner", 3),
                          step("not started", 1)),
                      ms(10)));
          assertEquals("winner", race.winner());
          assertEquals(2, race.index());
          assertTrue(race.isWon());
          assertEquals(15, now());
          assertEquals(3, race.failures().size());
          assertTrue(race.failures().get(0) instanceof Cancelled);
          assertSame(failure, race.failures().get(1));
          assertSame(null, race.failures().get(2));
          assertEquals(List.of("winner"), log);
        });
  }

  @EngineTest
  @Conforms("T-096")
  void aRaceThatNobodyWinsGivesTheFailures() throws Exception {
    IOException first = new IOException();
    IOException second = new IOException();
    runAction(
        co -> {
          Race<String> none = co.await(Async.staggeredRace(List.<Async<String>>of(), ms(1)));
          assertEquals(new Race<String>(null, -1, List.of()), none);
          Race<String> failed =
              co.await(
                  Async.<String>staggeredRace(
                      List.of(failing(first, 20), failing(second, 20)), null));
          assertFalse(failed.isWon());
          assertEquals(List.of(first, second), failed.failures());
          assertEquals(40, now());
        });
  }

  @EngineTest
  @Conforms("T-097")
  void ofTwoThatSucceedAtTheSameMomentTheEarlierIsKept() throws Exception {
    runAction(
        co -> {
          Promise<String> gate = Promise.open();
          List<Async<String>> attempts =
              List.of(
                  Async.of(
                      in -> {
                        in.await(Async.shield(gate));
                        in.await(pause());
                        return "first";
                      }),
                  Async.of(
                      in -> {
                        in.await(Async.shield(gate));
                        in.await(pause());
                        return "second";
                      }));
          EventLoop.current().callLater(ms(5), () -> gate.setResult("go"));
          Race<String> race = co.await(Async.staggeredRace(attempts, ms(0)));
          assertEquals("first", race.winner());
          assertEquals(0, race.index());
          assertTrue(race.failures().get(1) instanceof Cancelled);
        });
  }

  @EngineTest
  @Conforms("T-097")
  void cancellingARaceCancelsItsAttemptsAndWaitsForThem() throws Exception {
    runAction(
        co -> {
          Async<String> attempt =
              Async.of(
                  in -> {
                    try {
                      return in.await(Async.sleep(ms(100), "x"));
                    } finally {
                      in.await(step("cleaned", 3));
                    }
                  });
          Task<?> race = Task.start(Async.staggeredRace(List.of(attempt, step("y", 50)), ms(10)));
          co.await(sleep(1));
          race.cancel("stop");
          assertEquals("stop", assertThrows(Cancelled.class, () -> co.await(race)).reason());
          assertEquals(List.of("cleaned"), log);
          assertEquals(4, now());
        });
  }
}
