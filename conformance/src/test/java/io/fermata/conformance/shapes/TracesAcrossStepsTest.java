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
    return compiled.stream().map(line -> line.replaceAll(":.*", "")).toList();
  }

  private static List<String> shown(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .filter(frame -> frame.getClassName().equals(TracesAcrossStepsTest.class.getName()))
        .takeWhile(frame -> !frame.getMethodName().equals("failureOf"))
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
}
