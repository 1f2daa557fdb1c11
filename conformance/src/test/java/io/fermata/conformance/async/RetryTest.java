package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.RetryPolicy;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Attempts that are made again. */
class RetryTest extends AsyncTest {
  private static final RetryPolicy EXACT = RetryPolicy.exponential(ms(10), ms(50)).jitter(0);

  /** Notes the time of each attempt, and fails in each but the last of so many. */
  private static Async<String> attempts(RetryPolicy policy, int succeeds, List<Long> times) {
    return Async.retry(
        policy,
        co -> {
          times.add(now());
          co.await(sleep(1));
          if (times.size() < succeeds) {
            throw new IOException("attempt " + times.size());
          }
          return "attempt " + times.size();
        });
  }

  @EngineTest
  @Conforms("F-160")
  void aNewAttemptFollowsEachFailure() throws Exception {
    List<Long> times = new ArrayList<>();
    assertEquals("attempt 3", run(attempts(EXACT, 3, times)));
    assertEquals(List.of(0L, 11L, 32L), times);
  }

  @EngineTest
  @Conforms("F-161")
  void pausesGrowUpToTheLongest() throws Exception {
    List<Long> times = new ArrayList<>();
    run(attempts(EXACT.times(6), 6, times));
    assertEquals(List.of(0L, 11L, 32L, 73L, 124L, 175L), times);
    times.clear();
    run(attempts(EXACT.times(4).factor(1), 4, times));
    assertEquals(List.of(0L, 11L, 22L, 33L), times);
    times.clear();
    run(attempts(RetryPolicy.fixed(ms(7)).times(4), 4, times));
    assertEquals(List.of(0L, 8L, 16L, 24L), times);
    times.clear();
    run(attempts(RetryPolicy.fixed(Duration.ZERO).times(3), 3, times));
    assertEquals(List.of(0L, 1L, 2L), times);
  }

  @EngineTest
  @Conforms("F-162")
  void jitterShortensPausesByNoMoreThanItsShare() throws Exception {
    RetryPolicy policy = RetryPolicy.fixed(ms(1000)).jitter(0.25).times(200).seed(7);
    List<Long> times = new ArrayList<>();
    run(attempts(policy, 200, times));
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 1; i < times.size(); i++) {
      long pause = times.get(i) - times.get(i - 1) - 1;
      least = Math.min(least, pause);
      most = Math.max(most, pause);
    }
    assertTrue(least >= 750 && least < 770, "least " + least);
    assertTrue(most <= 1000 && most > 980, "most " + most);

    List<Long> again = new ArrayList<>();
    run(attempts(policy, 200, again));
    assertEquals(times, again);
    List<Long> other = new ArrayList<>();
    run(attempts(policy.seed(8), 200, other));
    assertNotEquals(times, other);
  }

  @EngineTest
  @Conforms("F-162")
  void withoutASeedTheLoopHasIt() throws Exception {
    RetryPolicy policy = RetryPolicy.exponential(ms(1000), ms(1000));
    List<List<Long>> all = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      List<Long> times = new ArrayList<>();
      try (TestLoop loop = TestLoop.seeded(seed)) {
        loop.run(attempts(policy, 5, times));
      }
      all.add(times);
    }
    assertEquals(all.get(0), all.get(1));
    assertNotEquals(all.get(0), all.get(2));
  }

  @EngineTest
  @Conforms("F-163")
  void theLastFailureComesOutWithThoseBefore() throws Exception {
    List<Long> times = new ArrayList<>();
    IOException failure =
        assertThrows(IOException.class, () -> run(attempts(EXACT.times(3), 99, times)));
    assertEquals("attempt 3", failure.getMessage());
    assertEquals(
        List.of("attempt 1", "attempt 2"),
        Arrays.stream(failure.getSuppressed()).map(Throwable::getMessage).toList());
    times.clear();
    failure = assertThrows(IOException.class, () -> run(attempts(EXACT.times(30), 99, times)));
    assertEquals(10, failure.getSuppressed().length);
    assertEquals("attempt 20", failure.getSuppressed()[0].getMessage());
    assertEquals(5, attemptsOf(EXACT));
    assertEquals(1, attemptsOf(EXACT.times(1)));
  }

  private static int attemptsOf(RetryPolicy policy) {
    List<Long> times = new ArrayList<>();
    assertThrows(IOException.class, () -> run(attempts(policy, 99, times)));
    return times.size();
  }

  @EngineTest
  @Conforms("F-163")
  void aFailureThatIsThrownAgainDoesNotGrow() {
    IOException constant = new IOException("always the same");
    for (int i = 0; i < 50; i++) {
      assertSame(
          constant,
          assertThrows(
              IOException.class,
              () ->
                  run(
                      Async.<Void>retry(
                          EXACT,
                          co -> {
                            throw constant;
                          }))));
    }
    assertEquals(0, constant.getSuppressed().length);
  }

  private static int attemptsWith(RetryPolicy policy, Throwable failure) {
    int[] count = new int[1];
    assertSame(
        failure,
        assertThrows(
            Throwable.class,
            () ->
                run(
                    Async.retry(
                        policy,
                        () -> {
                          count[0]++;
                          return Async.of(
                              co -> {
                                co.await(sleep(1));
                                throw AsyncTest.<RuntimeException>sneaky(failure);
                              });
                        }))));
    return count[0];
  }

  @EngineTest
  @Conforms("F-164")
  void onlyExceptionsThatThePolicyTakesAreTriedAgain() {
    RetryPolicy three = EXACT.times(3);
    assertEquals(3, attemptsWith(three, new IllegalStateException()));
    assertEquals(1, attemptsWith(three, new StackOverflowError()));
    assertEquals(1, attemptsWith(three, new AssertionError()));
    RetryPolicy io = three.on(IOException.class);
    assertEquals(3, attemptsWith(io, new IOException()));
    assertEquals(3, attemptsWith(io, new FileNotFoundException()));
    assertEquals(1, attemptsWith(io, new IllegalStateException()));
    RetryPolicy both = io.on(TimeoutException.class);
    assertEquals(3, attemptsWith(both, new IOException()));
    assertEquals(3, attemptsWith(both, new TimeoutException()));
    RetryPolicy busy = both.when(failure -> "busy".equals(failure.getMessage()));
    assertEquals(3, attemptsWith(busy, new IOException("busy")));
    assertEquals(1, attemptsWith(busy, new IOException("gone")));
    assertEquals(1, attemptsWith(busy, new IllegalStateException("busy")));
    assertEquals(1, attemptsWith(busy.when(failure -> false), new IOException("busy")));
  }

  @EngineTest
  @Conforms("F-164")
  void aConditionThatFailsComesOut() {
    IllegalStateException wrong = new IllegalStateException("condition");
    RetryPolicy policy =
        EXACT.when(
            failure -> {
              throw wrong;
            });
    assertSame(
        wrong,
        assertThrows(
            IllegalStateException.class, () -> run(attempts(policy, 9, new ArrayList<>()))));
    assertEquals("attempt 1", wrong.getSuppressed()[0].getMessage());
  }

  @EngineTest
  @Conforms("F-165")
  void aCancellationEndsAnAttemptOrAPauseAtOnce() throws Exception {
    for (long at : new long[] {0, 5, 13, 25, 45}) { // attempts of 10, pauses of 10 and 20
      runAction(
          co -> {
            int[] began = new int[1];
            Task<String> task =
                Task.start(
                    Async.retry(
                        RetryPolicy.exponential(ms(10), ms(100)).jitter(0),
                        in -> {
                          began[0]++;
                          in.await(sleep(10));
                          throw new IOException("again");
                        }));
            co.await(sleep(at));
            int before = began[0];
            task.cancel("enough");
            Cancelled why = assertThrows(Cancelled.class, () -> co.await(task));
            assertEquals("enough", why.reason());
            assertEquals(0, why.getSuppressed().length);
            assertEquals(at, now());
            assertEquals(before, began[0]);
          });
    }
  }

  @EngineTest
  @Conforms("F-165")
  void aTimeoutLimitsAllAttempts() throws Exception {
    List<Long> times = new ArrayList<>();
    assertThrows(
        TimeoutException.class,
        () -> run(Timeout.of(ms(40), (in, limit) -> in.await(attempts(EXACT, 99, times)))));
    assertEquals(List.of(0L, 11L, 32L), times);
  }

  @EngineTest
  @Conforms("F-166")
  void attemptsCanBeMadeElsewhere() throws Exception {
    int[] made = new int[1];
    Supplier<Async<String>> attempts =
        () -> {
          if (++made[0] == 1) {
            throw new IllegalStateException("not made");
          }
          return made[0] < 4 ? failing(new IOException("no"), 1) : step("done", 1);
        };
    assertEquals("done", run(Async.retry(EXACT, attempts)));
    assertEquals(4, made[0]);
    assertEquals("done", run(Async.retry(EXACT, () -> step("done", 1))));
    assertEquals(
        "done", run(Async.retry(MethodHandles.lookup(), EXACT, co -> co.await(step("done", 1)))));
    NullPointerException missing =
        assertThrows(NullPointerException.class, () -> run(Async.<Void>retry(EXACT, () -> null)));
    assertEquals("the supplier of attempts gave null", missing.getMessage());
  }

  @EngineTest
  @Conforms("F-160")
  void nothingRunsBeforeTheAwait() throws Exception {
    int[] made = new int[1];
    runAction(
        co -> {
          Async<String> cold =
              Async.retry(
                  EXACT,
                  () -> {
                    made[0]++;
                    return step("done", 1);
                  });
          co.await(sleep(100));
          assertEquals(0, made[0]);
          co.await(cold);
          assertEquals(1, made[0]);
          assertThrows(IllegalStateException.class, () -> co.await(cold));
        });
  }

  @Test
  void aPolicyRefusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> RetryPolicy.fixed(ms(-1)));
    assertThrows(IllegalArgumentException.class, () -> RetryPolicy.exponential(ms(2), ms(1)));
    assertThrows(IllegalArgumentException.class, () -> EXACT.times(0));
    assertThrows(IllegalArgumentException.class, () -> EXACT.factor(0.5));
    assertThrows(IllegalArgumentException.class, () -> EXACT.factor(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> EXACT.jitter(1.1));
    assertThrows(IllegalArgumentException.class, () -> EXACT.jitter(-0.1));
    assertEquals("retry policy (1 attempt)", RetryPolicy.fixed(ms(1)).times(1).toString());
    assertEquals("retry policy (5 attempts, pauses of PT0.01S to PT0.05S)", EXACT.toString());
  }
}
