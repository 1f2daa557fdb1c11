package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces of failures that come from a delegate or cross several steps. */
class TracesAcrossStepsTest {
  @AfterEach
  void useTheDefaultEngine() {
    EngineChoice.useDefault();
  }

  /** The methods of this class in the trace of a failure, down to the test itself. */
  private static List<String> methods(Supplier<Throwable> failing) {
    EngineChoice.use(new ThreadEngine());
    List<String> onThread = shown(failing.get());
    EngineChoice.use(new BestEngine());
    List<String> compiled = shown(failing.get());
    assertEquals(onThread, compiled);
    return compiled.stream()
        .map(line -> line.replaceAll(":.*", "").replaceAll("lambda\\$(\\w+)\\$\\d+", "$1's lambda"))
        .toList();
  }

  private static List<String> shown(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .filter(frame -> frame.getClassName().equals(TracesAcrossStepsTest.class.getName()))
        .takeWhile(frame -> !List.of("failureOf", "sentTo").contains(frame.getMethodName()))
        .map(frame -> frame.getMethodName() + ":" + frame.getLineNumber())
        .toList();
  }

  private static Throwable failureOf(Coroutine<Integer, ?, ?> coroutine, int steps, Integer sent) {
    try {
      for (int i = 0; i < steps; i++) {
        coroutine.next();
      }
      coroutine.send(sent);
    } catch (Throwable thrown) {
      return thrown;
    }
    return fail("nothing was thrown");
  }

  private static Object overIterator(Yielder<Integer, Object> co) {
    return co.yieldFrom(List.of(1, 2).iterator());
  }

  private static Object caller(Yielder<Integer, Object> co) {
    return overIterator(co);
  }

  @Test
  void aValueSentToAPlainIteratorFailsAtTheLineOfItsDelegator() {
    assertEquals(
        List.of("overIterator", "caller"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::caller), 1, 5)));
  }

  private static Object overNothing(Yielder<Integer, Object> co) {
    return co.yieldFrom((Iterable<Object>) () -> null);
  }

  @Test
  void anIterableWithoutAnIteratorFailsAtTheLineOfItsDelegator() {
    assertEquals(
        List.of("overNothing"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::overNothing), 0, null)));
  }

  private static Iterator<Object> brittle() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Object next() {
        throw new IllegalStateException("brittle");
      }
    };
  }

  private static Object overBrittle(Yielder<Integer, Object> co) {
    return co.yieldFrom(brittle());
  }

  @Test
  void aFailingIteratorFailsAtTheLineOfItsDelegator() {
    assertEquals(
        List.of("overBrittle"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::overBrittle), 0, null)));
  }

  private static Object looping(Yielder<Integer, Object> co) {
    for (Object each : Generator.of(TracesAcrossStepsTest::stopping)) {
      co.yield(each);
    }
    return null;
  }

  private static void stopping(Yielder<?, Object> co) {
    throw new StopIteration("from within");
  }

  @Test
  void aConvertedStopIterationShowsTheLineThatSteppedItOnce() {
    assertEquals(
        List.of("looping"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::looping), 0, null)));
  }

  private static Object failing(Yielder<Integer, Object> co) {
    co.yield(1);
    throw new IllegalStateException("failing");
  }

  private static Object stepping(Yielder<Integer, Object> co) {
    Coroutine<Integer, Object, Object> inner = Coroutine.of(TracesAcrossStepsTest::failing);
    co.yield(inner.next());
    return inner.next();
  }

  private static Object delegating(Yielder<Integer, Object> co) {
    return co.yieldFrom(Coroutine.<Integer, Object, Object>of(TracesAcrossStepsTest::stepping));
  }

  @Test
  void delegatorsAreShownBelowABodyThatSteppedTheOneThatFailed() {
    assertEquals(
        List.of("failing", "stepping", "delegating"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::delegating), 1, null)));
  }

  private static Object captured(Yielder<Integer, Object> co) {
    List.of(1).forEach(each -> co.yield(each)); // for the thread engine
    return co.yieldFrom(Coroutine.<Integer, Object, Object>of(TracesAcrossStepsTest::failing));
  }

  private static Object above(Yielder<Integer, Object> co) {
    return co.yieldFrom(Coroutine.<Integer, Object, Object>of(TracesAcrossStepsTest::captured));
  }

  @Test
  void delegatorsOnThreadsAndCompiledOnesAreShownInOrder() {
    assertEquals(
        List.of("failing", "captured", "above"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::above), 2, null)));
  }

  private static Object holding(Yielder<Integer, Object> co) {
    try {
      throw new IllegalStateException("held");
    } finally {
      co.yield(1);
    }
  }

  private static Object callingAHolder(Yielder<Integer, Object> co) {
    return holding(co);
  }

  private static Object callingTwice(Yielder<Integer, Object> co) {
    return callingAHolder(co);
  }

  @Test
  void aFailureHeldOverAYieldInTheFirstStepOfHelpersShowsTheirCallsOnce() {
    assertEquals(
        List.of("holding", "callingAHolder", "callingTwice"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::callingTwice), 1, null)));
  }

  private static Object delegatingToAHolder(Yielder<Integer, Object> co) {
    return co.yieldFrom(
        Coroutine.<Integer, Object, Object>of(TracesAcrossStepsTest::callingAHolder));
  }

  @Test
  void aFailureHeldOverAYieldInTheFirstStepOfADelegateShowsItsDelegatorOnce() {
    assertEquals(
        List.of("holding", "callingAHolder", "delegatingToAHolder"),
        methods(
            () -> failureOf(Coroutine.of(TracesAcrossStepsTest::delegatingToAHolder), 1, null)));
  }

  private static void failAt(int depth) {
    if (depth == 0) {
      throw new IllegalStateException("deep");
    }
    failAt(depth - 1);
  }

  private static void recursive(Yielder<Integer, Object> co, int depth) {
    if (depth > 0) {
      recursive(co, depth - 1);
      return;
    }
    try {
      failAt(2);
    } catch (IllegalStateException held) {
      co.yield(1);
      co.yield(2);
      throw held;
    }
  }

  private static Object overRecursive(Yielder<Integer, Object> co) {
    try {
      recursive(co, 2);
    } catch (IllegalStateException again) {
      co.yield(3);
      throw again;
    }
    return null;
  }

  @Test
  void aFailureHeldByARecursiveHelperAndByItsCallerShowsEachCallOnce() {
    assertEquals(
        List.of(
            "failAt", "failAt", "failAt", "recursive", "recursive", "recursive", "overRecursive"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::overRecursive), 3, null)));
  }

  private static void each(int times, IntConsumer action) {
    for (int i = 0; i < times; i++) {
      action.accept(i);
    }
  }

  private static Object holdingInALambda(Yielder<Integer, Object> co) {
    each(
        1,
        i -> {
          try {
            co.yieldFrom(List.of(1, 2).iterator());
          } finally {
            co.yield(3);
          }
        });
    return null;
  }

  @Test
  void aLambdaThatHoldsAFailureShowsWhoCalledIt() {
    assertEquals(
        List.of("holdingInALambda's lambda", "each", "holdingInALambda"),
        methods(() -> sentTo(Coroutine.of(TracesAcrossStepsTest::holdingInALambda))));
  }

  private static Object holdingAtOnceInALambda(Yielder<Integer, Object> co) {
    each(1, i -> holding(co));
    return null;
  }

  private static Object callingALambda(Yielder<Integer, Object> co) {
    each(1, i -> holdingAtOnceInALambda(co));
    return null;
  }

  @Test
  void aFailureHeldBelowLambdasShowsEachCallOnce() {
    assertEquals(
        List.of(
            "holding",
            "holdingAtOnceInALambda's lambda",
            "each",
            "holdingAtOnceInALambda",
            "callingALambda's lambda",
            "each",
            "callingALambda"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::callingALambda), 1, null)));
  }

  private static Object overLambdas(Yielder<Integer, Object> co) {
    each(
        1,
        i -> co.yieldFrom(Coroutine.<Integer, Object, Object>of(TracesAcrossStepsTest::holding)));
    return null;
  }

  @Test
  void aFailureHeldBelowADelegatingLambdaShowsItOnce() {
    assertEquals(
        List.of("holding", "overLambdas's lambda", "each", "overLambdas"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::overLambdas), 1, null)));
  }

  /** What a coroutine throws that holds the failure of a value sent to it over one more step. */
  private static Throwable sentTo(Coroutine<Integer, Object, ?> coroutine) {
    coroutine.next();
    coroutine.send(5);
    return failureOf(coroutine, 0, null);
  }

  private static void failing(Yielder<Integer, Object> co, boolean yields) {
    if (yields) {
      co.yield(1);
    }
    throw new IllegalStateException("failing");
  }

  private static Object holdingWhatAHelperThrew(Yielder<Integer, Object> co) {
    try {
      failing(co, false);
    } finally {
      co.yield(2);
    }
    return null;
  }

  private static Object callingThat(Yielder<Integer, Object> co) {
    return holdingWhatAHelperThrew(co);
  }

  @Test
  void aFailureOfAHelperHeldByItsCallerShowsEachCallOnce() {
    assertEquals(
        List.of("failing", "holdingWhatAHelperThrew", "callingThat"),
        methods(() -> failureOf(Coroutine.of(TracesAcrossStepsTest::callingThat), 1, null)));
  }
}
