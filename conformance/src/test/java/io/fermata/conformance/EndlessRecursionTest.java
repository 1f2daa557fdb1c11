package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.State;
import io.fermata.Yielder;
import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.EngineChoice;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recursions of helpers and delegates that do not end, or end by an exception far down. */
@Tag("slow")
final class EndlessRecursionTest {
  private int cleanups;
  private int copies;

  @AfterEach
  void useTheDefaultEngine() {
    EngineChoice.useDefault();
  }

  private static int endless(Yielder<?, Integer> co, int n) {
    if (n < 0) {
      co.yield(n);
    }
    return 1 + endless(co, n + 1);
  }

  @EngineTest
  void endlessHelpersOverflowTheStack() {
    Generator<Integer> g = Generator.of(co -> endless(co, 0));

    StackOverflowError error = assertThrows(StackOverflowError.class, g::next);

    assertEquals(State.CLOSED, g.state());
    if (EveryEngine.compiles()) {
      assertNotNull(error.getMessage());
      assertTrue(error.getMessage().contains("1000000"), error.getMessage());
      assertTrue(error.getMessage().contains("-Dfermata.maxDepth="), error.getMessage());
      assertEquals(1024, error.getStackTrace().length);
    }
  }

  @EngineTest
  void theBodyCatchesTheOverflow() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                endless(co, 0);
              } catch (StackOverflowError tooDeep) {
                co.yield(1);
              }
              co.yield(2);
            });

    assertEquals(List.of(1, 2), g.stream().toList());
  }

  private int endlessWithCleanup(Yielder<?, Integer> co, int n) {
    try {
      if (n < 0) {
        co.yield(n);
      }
      return 1 + endlessWithCleanup(co, n + 1);
    } finally {
      cleanups++;
    }
  }

  @Test
  void eachCallCleansUpAfterTheOverflow() {
    EngineChoice.use(new BestEngine());
    Generator<Integer> g = Generator.of(co -> endlessWithCleanup(co, 0));

    assertThrows(StackOverflowError.class, g::next);

    assertTrue(cleanups >= 1_000_000, () -> "" + cleanups);
  }

  private static Generator<Integer> endlessDelegates(int n) {
    return Generator.of(co -> co.yieldFrom(endlessDelegates(n + 1)));
  }

  @Test
  void endlessDelegatesOverflowTheStack() {
    EngineChoice.use(new BestEngine());

    assertThrows(StackOverflowError.class, () -> endlessDelegates(0).next());
  }

  private static int endlessAwaits(Awaiter co, int n) throws Exception {
    return 1 + co.await(Async.<Integer>of(inner -> endlessAwaits(inner, n + 1)));
  }

  @Test
  void endlessAwaitsOverflowTheStack() {
    EngineChoice.use(new BestEngine());

    assertThrows(
        StackOverflowError.class,
        () -> EventLoop.run(Async.<Integer>of(co -> endlessAwaits(co, 0))));
  }

  // An exception from far down

  /** Counts how often its trace is replaced. */
  private final class Copied extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public void setStackTrace(StackTraceElement[] trace) {
      copies++;
      super.setStackTrace(trace);
    }
  }

  private int deep(Yielder<?, Integer> co, int n) {
    if (n < 0) {
      co.yield(n);
    }
    if (n == 0) {
      throw new Copied();
    }
    return 1 + deep(co, n - 1);
  }

  private int deepWithCleanup(Yielder<?, Integer> co, int n) {
    try {
      if (n < 0) {
        co.yield(n); // without it, this is no helper but a plain call
      }
      if (n == 0) {
        throw new Copied();
      }
      co.mayThrow(Exception.class);
      return 1 + deepWithCleanup(co, n - 1);
    } catch (Exception e) {
      cleanups++;
      throw new IllegalStateException(e instanceof Copied ? e : e.getCause());
    } finally {
      cleanups++;
    }
  }

  @Test
  void aFailurePassesManyHelpersInLinearTime() {
    EngineChoice.use(new BestEngine());

    Copied failure =
        assertThrows(Copied.class, () -> Generator.<Integer>of(co -> deep(co, 10_000)).next());

    assertTrue(copies < 5, () -> copies + " copies of the trace");
    assertEquals(1024, failure.getStackTrace().length);
    assertEquals("deep", failure.getStackTrace()[1023].getMethodName());
  }

  @Test
  void aFailureThatEachHelperCatchesIsCopiedWhileItsTraceGrows() {
    EngineChoice.use(new BestEngine());

    assertThrows(
        IllegalStateException.class,
        () -> Generator.<Integer>of(co -> deepWithCleanup(co, 10_000)).next());

    assertEquals(20_002, cleanups);
    assertTrue(copies <= 1100, () -> copies + " copies of the trace");
  }
}
