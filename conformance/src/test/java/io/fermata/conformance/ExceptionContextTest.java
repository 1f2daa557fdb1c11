package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.Generator;
import io.fermata.Yielder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How exceptions that meet are linked. Java has no exception that is being handled, so only what
 * the library itself puts into a body is noted, as a suppressed exception of what comes out.
 */
class ExceptionContextTest {
  private static final Throwable[] NONE = {};

  private final IllegalArgumentException handled = new IllegalArgumentException("handled");
  private final IOException raised = new IOException("raised");

  @EngineTest
  @Conforms("G-075")
  void whatTheResumerHandlesIsNotLinkedToWhatTheBodyThrows() {
    IllegalStateException ofBody = new IllegalStateException("of the body");
    Generator<Integer> g =
        Generator.of(
            co -> {
              co.yield(1);
              throw ofBody;
            });
    g.next();

    try {
      throw handled;
    } catch (IllegalArgumentException e) {
      assertSame(ofBody, assertThrows(IllegalStateException.class, g::next));
      assertArrayEquals(NONE, e.getSuppressed());
    }
    assertNull(ofBody.getCause());
    assertArrayEquals(NONE, ofBody.getSuppressed());
  }

  @EngineTest
  @Conforms("G-076")
  void anExceptionThatABodyHandlesOutlivesTheYieldInTheHandler() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                throw handled;
              } catch (IllegalArgumentException e) {
                co.yield(1);
                throw e;
              }
            });
    g.next();

    try {
      throw new IllegalStateException("of the resumer");
    } catch (IllegalStateException e) {
      assertSame(handled, assertThrows(IllegalArgumentException.class, g::next));
    }
  }

  @EngineTest
  @Conforms("G-077")
  void anExceptionRaisedAtAYieldInAHandlerStaysAsItIs() {
    List<Throwable> inside = new ArrayList<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                throw handled;
              } catch (IllegalArgumentException e) {
                try {
                  co.yield(1);
                } catch (Exception arrived) {
                  inside.add(arrived);
                  throw arrived;
                }
              }
            });
    g.next();

    assertSame(raised, assertThrows(IOException.class, () -> g.raise(raised)));
    assertEquals(List.of(raised), inside);
    assertArrayEquals(NONE, raised.getSuppressed());
    assertArrayEquals(NONE, handled.getSuppressed());
  }

  @EngineTest
  @Conforms("G-078")
  void anExceptionRaisedInADelegateOfAHandlerStaysAsItIs() {
    Generator<Integer> inner = Generator.of(co -> co.yield(1));
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                throw handled;
              } catch (IllegalArgumentException e) {
                co.yieldFrom(inner);
              }
            });
    g.next();

    assertSame(raised, assertThrows(IOException.class, () -> g.raise(raised)));
    assertArrayEquals(NONE, raised.getSuppressed());
    assertArrayEquals(NONE, handled.getSuppressed());
  }

  @EngineTest
  @Conforms("G-079")
  void raisingTheExceptionThatIsBeingHandledMakesNoCircle() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                throw handled;
              } catch (IllegalArgumentException e) {
                co.yield(1);
              }
            });
    g.next();

    assertSame(handled, assertThrows(IllegalArgumentException.class, () -> g.raise(handled)));
    assertNull(handled.getCause());
    assertArrayEquals(NONE, handled.getSuppressed());
  }

  @EngineTest
  @Conforms("G-079")
  void anExceptionAlreadyLinkedIsNotLinkedBack() {
    IllegalStateException thrown = new IllegalStateException("of the body");
    raised.addSuppressed(thrown);
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                fail(thrown);
              }
            });
    g.next();

    assertSame(thrown, assertThrows(IllegalStateException.class, () -> g.raise(raised)));
    assertArrayEquals(NONE, thrown.getSuppressed());
    assertArrayEquals(new Throwable[] {thrown}, raised.getSuppressed());
  }

  @EngineTest
  @Conforms("G-079")
  void anExceptionSuppressedAlreadyIsNotSuppressedTwice() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (Exception arrived) {
                IllegalStateException out = new IllegalStateException("of the body");
                out.addSuppressed(arrived);
                throw out;
              }
            });
    g.next();

    var out = assertThrows(IllegalStateException.class, () -> g.raise(raised));
    assertArrayEquals(new Throwable[] {raised}, out.getSuppressed());
  }

  @EngineTest
  @Conforms("G-080")
  void anExceptionOfALaterStepIsNotLinkedToOneThatWasHandled() throws IOException {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (Exception arrived) {
                co.yield(2);
              }
              co.yield(3);
            });
    g.next();

    assertEquals(2, g.raise(raised));
    assertEquals(3, g.next());
    assertSame(handled, assertThrows(IllegalArgumentException.class, () -> g.raise(handled)));
    assertArrayEquals(NONE, handled.getSuppressed());
  }

  @EngineTest
  @Conforms("G-080")
  void anExceptionOfTheSameStepIsLinkedEvenAfterTheHandlerHasCompleted() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (Exception completed) {
                co.mayThrow(Exception.class);
              }
              throw handled;
            });
    g.next();

    assertSame(handled, assertThrows(IllegalArgumentException.class, () -> g.raise(raised)));
    assertArrayEquals(new Throwable[] {raised}, handled.getSuppressed());
  }

  @EngineTest
  @Conforms("G-081")
  void loopsOverGeneratorsInsideAHandlerLeaveTheHandledExceptionAlone() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              try {
                throw handled;
              } catch (IllegalArgumentException e) {
                for (int i : Generator.<Integer>of(inner -> loop(inner, e))) {
                  assertSame(handled, e);
                  co.yield(i);
                }
                throw e;
              }
            });

    assertEquals(0, outer.next());
    assertEquals(1, outer.next());
    assertSame(handled, assertThrows(IllegalArgumentException.class, outer::next));
    assertArrayEquals(NONE, handled.getSuppressed());
  }

  private static void loop(Yielder<?, Integer> co, Exception seen) {
    for (int i = 0; i < 2; i++) {
      assertEquals("handled", seen.getMessage());
      co.yield(i);
    }
  }

  @EngineTest
  @Conforms("G-082")
  void raisingAnExceptionLeavesItsStackTraceAlone() {
    StackTraceElement[] before = raised.getStackTrace();
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } catch (Exception arrived) {
                throw arrived;
              }
            });
    g.next();

    assertThrows(IOException.class, () -> g.raise(raised));
    assertArrayEquals(before, raised.getStackTrace());
  }

  @EngineTest
  @Conforms("G-082")
  void anExceptionOfOneBodyKeepsItsStackTraceWhenItIsRaisedInAnother() {
    Generator<Integer> failing = Generator.of(co -> fail(handled));
    assertThrows(IllegalArgumentException.class, failing::next);
    StackTraceElement[] before = handled.getStackTrace();
    Generator<Integer> g = Generator.of(co -> co.yield(1));
    g.next();

    assertThrows(IllegalArgumentException.class, () -> g.raise(handled));
    assertArrayEquals(before, handled.getStackTrace());
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }
}
