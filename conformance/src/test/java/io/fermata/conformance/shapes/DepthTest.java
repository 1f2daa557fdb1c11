package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertCompiled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/**
 * Delegation and helper calls that are as deep as no Java stack. Threads go as deep as they can.
 */
@Timeout(60)
class DepthTest {
  private static int depth() {
    return EveryEngine.compiles() ? 100_000 : 50;
  }

  private int entered;
  private int left;

  private Generator<Integer> delegating(int n) {
    return Generator.of(
        co -> {
          entered++;
          try {
            if (n > 0) {
              co.yieldFrom(delegating(n - 1));
            } else {
              co.yield(1);
              co.yield(2);
            }
          } finally {
            left++;
          }
        });
  }

  private Generator<Integer> calling(int n) {
    return Generator.of(co -> call(co, n));
  }

  private int call(Yielder<?, Integer> co, int n) {
    entered++;
    try {
      if (n == 0) {
        co.yield(1);
        co.yield(2);
        return 0;
      }
      return 1 + call(co, n - 1);
    } finally {
      left++;
    }
  }

  @EngineTest
  void delegationsNest() {
    Generator<Integer> g = delegating(depth());
    assertCompiled(g);
    assertEquals(List.of(1, 2), g.toList());
    assertEquals(depth() + 1, left);
  }

  @EngineTest
  void helpersNest() {
    Generator<Integer> g = calling(depth());
    assertCompiled(g);
    assertEquals(List.of(1, 2), g.toList());
    assertEquals(depth() + 1, left);
  }

  @EngineTest
  void resultsComeThroughAllLevels() {
    Coroutine<Void, Integer, Integer> called = Coroutine.of(co -> depthOfCalls(co, depth()));
    assertEquals(7, called.next());
    assertTrue(called.toList().isEmpty());
    assertEquals(depth(), called.result());
    Coroutine<Void, Integer, Integer> delegated = counting(depth());
    assertEquals(7, delegated.next());
    assertTrue(delegated.toList().isEmpty());
    assertEquals(depth(), delegated.result());
  }

  private static int depthOfCalls(Yielder<?, Integer> co, int n) {
    if (n == 0) {
      co.yield(7);
      return 0;
    }
    return depthOfCalls(co, n - 1) + 1;
  }

  private static Coroutine<Void, Integer, Integer> counting(int n) {
    return Coroutine.of(
        co -> {
          if (n == 0) {
            co.yield(7);
            return 0;
          }
          return co.yieldFrom(counting(n - 1)) + 1;
        });
  }

  @EngineTest
  void closeRunsAllFinallyBlocks() {
    for (Generator<Integer> g : List.of(delegating(depth()), calling(depth()))) {
      left = 0;
      g.next();
      g.close();
      assertEquals(depth() + 1, left);
      assertSame(State.CLOSED, g.state());
    }
  }

  @EngineTest
  void whatIsRaisedPassesAllLevels() {
    for (Generator<Integer> g : List.of(delegating(depth()), calling(depth()))) {
      left = 0;
      g.next();
      IllegalStateException boom = new IllegalStateException("boom");
      assertSame(boom, assertThrows(IllegalStateException.class, () -> g.raise(boom)));
      assertEquals(depth() + 1, left);
    }
  }

  @EngineTest
  void whatIsThrownAtTheBottomPassesAllLevels() {
    Generator<Integer> delegated = failing(depth());
    Generator<Integer> called = Generator.of(co -> failingCall(co, depth()));
    for (Generator<Integer> g : List.of(delegated, called)) {
      assertEquals(depth(), g.next());
      var out = assertThrows(IllegalStateException.class, g::next);
      assertEquals("bottom", out.getMessage());
      assertEquals(0, out.getSuppressed().length);
      assertTrue(out.getStackTrace().length <= 1024, "trace of " + out.getStackTrace().length);
    }
  }

  private static Generator<Integer> failing(int n) {
    return Generator.of(
        co -> {
          if (n == 0) {
            co.yield(depth());
            throw new IllegalStateException("bottom");
          }
          co.yieldFrom(failing(n - 1));
        });
  }

  private static void failingCall(Yielder<?, Integer> co, int n) {
    if (n == 0) {
      co.yield(depth());
      throw new IllegalStateException("bottom");
    }
    failingCall(co, n - 1);
  }

  @EngineTest
  void aStepIsAsFastAtTheBottom() {
    int depth = depth();
    Generator<Integer> g = Generator.of(co -> deepThenMany(co, depth));
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 20_000 && g.advance(); i++) {
      all.add(g.current());
    }
    assertEquals(EveryEngine.compiles() ? 20_000 : 200, all.size()); // within the time limit
    g.close();
  }

  private static void deepThenMany(Yielder<?, Integer> co, int n) {
    if (n > 0) {
      deepThenMany(co, n - 1);
      return;
    }
    for (int i = 0; i < (EveryEngine.compiles() ? 1_000_000 : 200); i++) {
      co.yield(i);
    }
  }

  @EngineTest
  void aWalkGoesUpAndDown() {
    int depth = EveryEngine.compiles() ? 20_000 : 20;
    Generator<Integer> g = Generator.of(co -> upAndDown(co, depth));
    int sum = 0;
    int count = 0;
    for (int n : g) {
      sum += n;
      count++;
    }
    assertEquals(2 * depth + 1, count);
    assertEquals(0, sum);
  }

  private static void upAndDown(Yielder<?, Integer> co, int n) {
    if (n == 0) {
      co.yield(0);
      return;
    }
    co.yield(n);
    upAndDown(co, n - 1);
    co.yield(-n);
  }

  @EngineTest
  void aDeepGeneratorDescribesItself() {
    Generator<Integer> g = calling(depth());
    g.next();
    assertEquals("call", g.position().getMethodName());
    assertTrue(g.toString().contains("DepthTest.java"), g.toString());
    g.close();
  }
}
