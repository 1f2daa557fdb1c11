package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a suspended body does not need any more is not kept. That is said of compiled bodies: on a
 * thread the JVM decides, and its interpreter keeps what a local still holds.
 */
class DeadReferencesTest {
  private final List<WeakReference<Object>> made = new ArrayList<>();

  private Object fresh() {
    Object object = new Object();
    made.add(new WeakReference<>(object));
    return object;
  }

  private void assertKept(Generator<?> generator, boolean... kept) {
    if (!EveryEngine.compiles()) {
      return;
    }
    for (int i = 0; i < kept.length; i++) {
      WeakReference<Object> reference = made.get(i);
      for (int round = 0; round < (kept[i] ? 2 : 30) && reference.get() != null; round++) {
        System.gc();
      }
      if (kept[i]) {
        assertNotNull(reference.get(), "object " + i);
      } else {
        assertNull(reference.get(), "object " + i);
      }
    }
    Reference.reachabilityFence(generator);
  }

  @EngineTest
  void aLocalThatIsNotReadAgainIsDropped() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              Object dead = fresh();
              Object alive = fresh();
              co.yield(dead.hashCode());
              co.yield(1);
              co.yield(alive.hashCode());
            });
    Run.assertCompiled(g);
    g.next();
    assertKept(g, false, true);
    g.next();
    assertKept(g, false, true);
    g.next();
    assertKept(g, false, false);
  }

  @EngineTest
  void aLocalIsDroppedAtTheSuspensionAfterItsLastUse() {
    Generator<Object> g =
        Generator.of(
            co -> {
              Object late = fresh();
              co.yield("a");
              co.yield("b" + (late == null));
              co.yield("c");
            });
    g.next();
    assertKept(g, true);
    assertEquals("bfalse", g.next());
    assertKept(g, false);
    g.next();
  }

  @EngineTest
  void aCaptureThatIsNotReadAgainIsDropped() {
    Generator<Object> g = capturing(fresh(), fresh());
    g.next();
    assertKept(g, true, true);
    g.next();
    assertKept(g, false, true);
    g.next();
  }

  private static Generator<Object> capturing(Object first, Object second) {
    return Generator.of(
        co -> {
          co.yield("a");
          co.yield("b" + (first == null));
          co.yield("c" + (second == null));
        });
  }

  @EngineTest
  void aLoopKeepsOnlyTheCurrentElement() {
    Generator<Object> g =
        Generator.of(
            co -> {
              for (int i = 0; i < 3; i++) {
                Object each = fresh();
                co.yield("a" + i);
                co.yield("b" + each.hashCode());
              }
            });
    g.next();
    assertKept(g, true);
    g.next();
    assertKept(g, false);
    g.next();
    assertKept(g, false, true);
    g.next();
    g.next();
    assertKept(g, false, false, true);
    g.next();
  }

  @EngineTest
  void operandsAreDroppedWithTheirExpression() {
    Generator<Object> g =
        Generator.of(
            co -> {
              if (Objects.equals(fresh(), co.yield("a"))) {
                co.yield("never");
              }
              co.yield("b");
            });
    g.next();
    assertKept(g, true);
    g.next();
    assertKept(g, false);
  }

  @EngineTest
  void anExceptionThatWasHandledIsDropped() {
    Generator<Object> g =
        Generator.of(
            co -> {
              try {
                co.yield("a");
                throw remembered();
              } catch (IllegalStateException e) {
                co.yield("caught" + (e.getMessage() == null));
              }
              co.yield("c");
            });
    g.next();
    assertEquals("caughttrue", g.next());
    assertKept(g, false);
    g.next();
    assertKept(g, false);
  }

  private IllegalStateException remembered() {
    IllegalStateException exception = new IllegalStateException();
    made.add(new WeakReference<>(exception));
    return exception;
  }

  @EngineTest
  void theArgumentsOfAHelperAreDroppedWhenItNeedsThemNoMore() {
    Generator<Object> g =
        Generator.of(
            co -> {
              help(co, fresh());
              co.yield("after");
            });
    g.next();
    assertKept(g, true);
    g.next();
    assertKept(g, false);
    assertEquals("after", g.next());
  }

  private static void help(Yielder<?, Object> co, Object argument) {
    co.yield("a");
    co.yield("b" + (argument == null));
  }

  @EngineTest
  void aSharedSlotIsClearedForAnotherType() {
    Generator<Object> g =
        Generator.of(
            co -> {
              {
                Object first = fresh();
                co.yield("a");
                co.yield("b" + first.hashCode());
              }
              {
                int second = made.size();
                co.yield("c");
                co.yield(second);
              }
            });
    g.next();
    assertKept(g, true);
    g.next();
    assertKept(g, false);
    g.next();
    assertEquals(1, g.next());
  }
}
