package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncState;
import io.fermata.async.Cancelled;
import io.fermata.async.Case;
import io.fermata.async.MissedTicks;
import io.fermata.async.QueueShutDown;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** States and tickers. */
class StateAndTickerTest extends AsyncTest {
  private final AsyncState<Integer> state = AsyncState.of(0);

  @EngineTest
  @Conforms({"F-030"})
  void aStateIsSetComparedAndUpdated() throws Exception {
    runAction(
        co -> {
          assertEquals(0, state.value());
          state.set(1);
          assertFalse(state.compareAndSet(7, 8));
          assertTrue(state.compareAndSet(1, 1000));
          assertTrue(state.compareAndSet(1000, 2)); // equal, though not the same
          assertEquals(3, state.update(n -> n + 1));
          assertThrows(
              ArithmeticException.class,
              () -> state.update(n -> Math.addExact(n, Integer.MAX_VALUE)));
          assertEquals(3, state.value());
        });
  }

  @EngineTest
  @Conforms({"F-031"})
  void aWaitEndsWithTheFirstValueThatFulfilsIt() throws Exception {
    runAction(
        co -> {
          assertEquals(0, co.await(state.until(n -> n == 0)));
          Task<Integer> big = Task.start(state.until(n -> n > 5));
          Task<Integer> failing =
              Task.start(
                  state.until(
                      n -> {
                        if (n == 1) {
                          throw new IllegalArgumentException("one");
                        }
                        return false;
                      }));
          Task<Integer> cancelled = Task.start(state.until(n -> n > 5));
          co.await(pause());
          cancelled.cancel();
          state.set(1);
          state.set(6);
          state.set(0);
          assertEquals(6, co.await(big));
          assertThrows(IllegalArgumentException.class, () -> co.await(failing));
          assertThrows(Cancelled.class, () -> co.await(cancelled));
          assertEquals(
              "late",
              co.await(
                  Async.select(
                      Case.of(state.until(n -> n > 5), (in, n) -> "big"),
                      Case.of(sleep(1), (in, v) -> "late"))));
          assertFalse(state.toString().contains("waiting"));
        });
  }

  @EngineTest
  @Conforms({"F-032"})
  void aReaderGetsThePresentOneThenTheNewest() throws Exception {
    runAction(
        co -> {
          Task<List<Integer>> reader =
              Task.start(
                  Async.of(
                      in -> {
                        List<Integer> got = new ArrayList<>();
                        AsyncGenerator<Integer> values = state.values();
                        while (in.await(values.advance())) {
                          got.add(values.current());
                          in.await(sleep(10));
                        }
                        return got;
                      }));
          co.await(sleep(5));
          state.set(1);
          state.set(2); // 1 is missed
          co.await(sleep(20));
          state.set(3);
          state.set(2); // equal to the last one: none
          co.await(sleep(20));
          state.set(4);
          co.await(sleep(20));
          state.set(5);
          state.shutdown();
          state.shutdown();
          assertEquals(List.of(0, 2, 4, 5), co.await(reader));
          assertEquals(5, state.value());
          assertThrows(QueueShutDown.class, () -> state.set(6));
          assertThrows(QueueShutDown.class, () -> state.update(n -> n));
          assertThrows(QueueShutDown.class, () -> co.await(state.until(n -> n == 7)));
          assertEquals(5, co.await(state.until(n -> n == 5)));
        });
  }

  @EngineTest
  @Conforms({"F-032"})
  void aShutdownEndsWaitsThatCannotEnd() throws Exception {
    runAction(
        co -> {
          Task<Integer> wait = Task.start(state.until(n -> n > 0));
          AsyncGenerator<Integer> values = state.values();
          assertEquals(0, co.await(values.anext()));
          Task<Boolean> step = Task.start(values.advance());
          co.await(pause());
          state.shutdown();
          assertThrows(QueueShutDown.class, () -> co.await(wait));
          assertFalse(co.await(step));
        });
  }

  @EngineTest
  @Conforms({"F-032"})
  void aCancelledStepOfAReaderLosesNothing() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> values = state.values();
          assertEquals(0, co.await(values.anext()));
          Task<Integer> step = Task.start(values.anext());
          co.await(pause());
          state.set(1);
          step.cancel();
          assertThrows(Cancelled.class, () -> co.await(step));
          assertEquals(1, co.await(values.anext()));
          assertEquals(
              "none",
              co.await(
                  Async.select(
                      Case.of(values.anext(), (in, n) -> "" + n), Case.otherwise(in -> "none"))));
          co.await(values.aclose());
        });
  }

  // Tickers

  /** Steps that begin at these times give ticks that were due at, and come at, those times. */
  private static Async<List<String>> ticks(AsyncGenerator<Duration> ticker, long... stepAt) {
    return Async.of(
        co -> {
          List<String> got = new ArrayList<>();
          for (long at : stepAt) {
            co.await(sleep(at - now()));
            long due = co.await(ticker.anext()).toMillis();
            got.add(due + "@" + now());
          }
          return got;
        });
  }

  @EngineTest
  @Conforms({"F-040", "F-041"})
  void aTickerKeepsItsGridAndTreatsMissedTicksAsTold() throws Exception {
    long[] steps = {5, 15, 58, 58, 58, 58, 58, 58};
    assertEquals(
        List.of("15@15", "25@25", "35@58", "45@58", "55@58", "65@65", "75@75", "85@85"),
        run(ticks(Async.ticker(ms(10), MissedTicks.BURST), steps)));
    assertEquals(
        List.of("15@15", "25@25", "35@58", "68@68", "78@78"),
        run(ticks(Async.ticker(ms(10), MissedTicks.DELAY), 5, 15, 58, 58, 58)));
    assertEquals(
        List.of("15@15", "25@25", "35@58", "65@65", "75@75"),
        run(ticks(Async.ticker(ms(10)), 5, 15, 58, 58, 58)));
    assertThrows(IllegalArgumentException.class, () -> Async.ticker(Duration.ZERO));
  }

  @EngineTest
  @Conforms({"F-042"})
  void aCancelledStepLosesNoTick() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Duration> ticker = Async.ticker(ms(10));
          Task<Duration> step = Task.start(ticker.anext());
          co.await(sleep(4));
          step.cancel();
          assertThrows(Cancelled.class, () -> co.await(step));
          assertEquals(ms(10), co.await(ticker.anext()));
          assertEquals(10, now());
          for (int i = 0; i < 3; i++) {
            assertEquals(
                "idle",
                co.await(
                    Async.select(
                        Case.of(ticker.advance(), (in, v) -> "tick"),
                        Case.of(sleep(3), (in, v) -> "idle"))));
          }
          assertEquals(
              "tick",
              co.await(
                  Async.select(
                      Case.of(ticker.advance(), (in, v) -> "tick"),
                      Case.of(sleep(3), (in, v) -> "idle"))));
          assertEquals(20, now());
        });
  }
}
