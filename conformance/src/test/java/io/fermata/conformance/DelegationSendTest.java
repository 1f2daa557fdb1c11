package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.NotPrimedException;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.Counting;
import io.fermata.conformance.Delegates.Form;
import io.fermata.conformance.Delegates.UserGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is sent while a delegation is under way. */
final class DelegationSendTest {
  private static Coroutine<Object, String, String> listener(List<Object> received) {
    return Coroutine.of(
        co -> {
          for (int i = 0; i < 3; i++) {
            received.add(co.yield("yield " + i));
          }
          return "heard enough";
        });
  }

  @EngineTest
  @Conforms("Y-011")
  void aSentValueReachesTheDelegateAsTheSameObject() {
    for (Form form : Form.values()) {
      List<Object> received = new ArrayList<>();
      Coroutine<Object, String, Object> outer =
          Coroutine.of(co -> form.yieldFrom(co, listener(received)));
      Object first = new Object();
      Object[] second = {1, 2};
      assertEquals("yield 0", outer.next());
      assertEquals("yield 1", outer.send(first), form.name());
      assertEquals("yield 2", outer.send(second), form.name());
      assertEquals(2, received.size());
      assertSame(first, received.get(0));
      assertSame(second, received.get(1));
    }
  }

  @EngineTest
  @Conforms("Y-011")
  void theValueThatEndsTheDelegateIsNotSeenByTheOuter() {
    List<Object> received = new ArrayList<>();
    Coroutine<Object, String, Object> outer =
        Coroutine.of(
            co -> {
              Object result = co.yieldFrom(Coroutine.of(inner -> inner.yield("inner")));
              received.add(co.yield("outer got " + result));
              return null;
            });
    assertEquals("inner", outer.next());
    assertEquals("outer got a", outer.send("a"));
    assertThrows(StopIteration.class, () -> outer.send("b"));
    assertEquals(List.of("b"), received);
  }

  @EngineTest
  @Conforms("Y-012")
  void sendingNullAdvanceAndNextAreTheSameForADelegate() {
    for (Form form : Form.values()) {
      List<Object> received = new ArrayList<>();
      Coroutine<Object, String, Object> outer =
          Coroutine.of(co -> form.yieldFrom(co, listener(received)));
      assertEquals("yield 0", outer.send(null));
      assertEquals("yield 1", outer.next());
      assertTrue(outer.advance());
      assertEquals("yield 2", outer.current());
      assertThrows(StopIteration.class, () -> outer.send(null));
      assertEquals(Arrays.asList(null, null, null), received, form.name());
    }
  }

  @EngineTest
  @Conforms("Y-012")
  void sendingNullWorksWithADelegateThatTakesNoInput() {
    Coroutine<Object, Integer, Object> outer =
        Coroutine.of(co -> co.yieldFrom(List.of(1, 2).iterator()));
    assertEquals(1, outer.send(null));
    assertEquals(2, outer.send(null));
    assertNull(assertThrows(StopIteration.class, () -> outer.send(null)).value());
  }

  @EngineTest
  @Conforms("Y-013")
  void sendingAValueToAPlainIteratorIsUnsupportedAndRunsTheFinallyOfTheOuter() {
    List<String> log = new ArrayList<>();
    Counting<Integer> plain = new Counting<>(List.of(1, 2, 3));
    Coroutine<Object, Integer, Object> outer =
        Coroutine.of(
            co -> {
              try {
                return co.yieldFrom(plain);
              } finally {
                log.add("finally");
              }
            });
    assertEquals(1, outer.next());
    UnsupportedOperationException refused =
        assertThrows(UnsupportedOperationException.class, () -> outer.send("x"));
    assertTrue(refused.getMessage().contains("sent"), refused.getMessage());
    assertEquals(List.of("finally"), log);
    assertEquals(State.CLOSED, outer.state());
    assertEquals(1, plain.taken);
  }

  @EngineTest
  @Conforms("Y-013")
  void theOuterMayCatchTheUnsupportedSendAndGoOnWithTheUntouchedIterator() {
    Counting<Integer> plain = new Counting<>(List.of(1, 2, 3));
    Coroutine<Object, Integer, Object> outer =
        Coroutine.of(
            co -> {
              try {
                co.yieldFrom(plain);
              } catch (UnsupportedOperationException e) {
                co.yield(-1);
              }
              return co.yieldFrom(plain);
            });
    assertEquals(1, outer.next());
    assertEquals(-1, outer.send("x"));
    assertEquals(1, plain.taken);
    assertEquals(List.of(2, 3), outer.toList());
  }

  @EngineTest
  @Conforms("Y-013")
  void aValueSentToAGeneratorThatTakesNoneIsDropped() {
    List<Object> received = new ArrayList<>();
    Generator<Integer> inner =
        Generator.of(
            co -> {
              received.add(co.yield(1));
              received.add(co.yield(2));
            });
    Coroutine<Object, Integer, Object> outer = Coroutine.of(co -> co.yieldFrom(inner));
    assertEquals(1, outer.next());
    assertEquals(2, outer.send("dropped"));
    assertThrows(StopIteration.class, () -> outer.send("dropped"));
    assertEquals(Arrays.asList(null, null), received);
  }

  @EngineTest
  @Conforms("Y-013")
  void aValueSentToAGeneratorOfAUserOrOfPrimitivesIsDropped() {
    Coroutine<Object, Integer, Object> outer =
        Coroutine.of(
            co -> {
              co.yieldFrom(new UserGenerator<>(Generator.of(inner -> inner.yield(1))));
              co.yieldFrom(IntGenerator.of(inner -> inner.yield(2)));
              return null;
            });
    assertEquals(1, outer.next());
    assertEquals(2, outer.send("dropped"));
    assertThrows(StopIteration.class, () -> outer.send("dropped"));
  }

  @EngineTest
  @Conforms({"Y-013", "Y-045"})
  void aGeneratorInTheMiddlePassesOnWhatItCouldNotTakeItself() {
    List<Object> received = new ArrayList<>();
    Coroutine<Object, String, String> leaf = listener(received);
    Generator<String> middle = Generator.of(co -> co.yieldFrom(leaf));
    Coroutine<Object, String, Object> outer = Coroutine.of(co -> co.yieldFrom(middle));
    outer.next();
    assertEquals("yield 1", outer.send("through"));
    assertEquals(List.of("through"), received);
  }

  @EngineTest
  @Conforms("Y-014")
  void whatTheDelegateThrowsWhileItHandlesASendArrivesAtTheDelegation() {
    for (Form form : Form.values()) {
      Boom boom = new Boom("from the delegate");
      Coroutine<Object, String, String> inner =
          Coroutine.of(
              co -> {
                co.yield("ready");
                throw boom;
              });
      List<Throwable> caught = new ArrayList<>();
      Coroutine<Object, String, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  co.mayThrow(Boom.class);
                  return form.yieldFrom(co, inner);
                } catch (Boom e) {
                  caught.add(e);
                  return co.yield("caught");
                }
              });
      assertEquals("ready", outer.next());
      assertEquals("caught", outer.send("x"), form.name());
      assertSame(boom, caught.get(0));
      assertEquals(State.CLOSED, inner.state());
    }
  }

  @EngineTest
  @Conforms("Y-014")
  void uncaughtItComesOutOfSendAsTheSameInstance() {
    for (Form form : Form.values()) {
      Boom boom = new Boom("from the delegate");
      Coroutine<Object, String, String> inner =
          Coroutine.of(
              co -> {
                co.yield("ready");
                throw boom;
              });
      Coroutine<Object, String, Object> outer = Coroutine.of(co -> form.yieldFrom(co, inner));
      outer.next();
      assertSame(boom, assertThrows(Boom.class, () -> outer.send("x")), form.name());
      assertEquals(State.CLOSED, outer.state());
      assertEquals(0, boom.getSuppressed().length);
    }
  }

  @EngineTest
  @Conforms({"Y-010", "Y-011"})
  void aFirstSendIsRefusedByTheOuterAndReachesNobody() {
    List<Object> received = new ArrayList<>();
    Coroutine<Object, String, Object> outer = Coroutine.of(co -> co.yieldFrom(listener(received)));
    assertThrows(NotPrimedException.class, () -> outer.send("too early"));
    assertEquals("yield 0", outer.next());
    assertEquals(List.of(), received);
  }

  @EngineTest
  @Conforms("Y-011")
  void aSendWhileAValueWaitsInTheOuterIsRefusedAndReachesNobody() {
    List<Object> received = new ArrayList<>();
    Coroutine<Object, String, Object> outer = Coroutine.of(co -> co.yieldFrom(listener(received)));
    assertTrue(outer.hasNext());
    assertThrows(WaitingValueException.class, () -> outer.send("x"));
    assertEquals("yield 0", outer.next());
    assertEquals("yield 1", outer.send("x"));
    assertEquals(List.of("x"), received);
  }

  @EngineTest
  @Conforms("Y-011")
  void aSendWhileAValueWaitsInTheDelegateIsAnErrorAtTheDelegation() {
    for (Form form : List.of(Form.FRAME, Form.ITERATOR, Form.ITERABLE, Form.RESOURCE, Form.USER)) {
      List<Object> received = new ArrayList<>();
      Coroutine<Object, String, String> inner = listener(received);
      Coroutine<Object, String, Object> outer =
          Coroutine.of(
              co -> {
                try {
                  return form.yieldFrom(co, inner);
                } catch (WaitingValueException e) {
                  return co.yield("refused");
                }
              });
      assertEquals("yield 0", outer.next());
      assertTrue(inner.hasNext());
      assertEquals("refused", outer.send("x"), form.name());
      assertEquals("yield 1", inner.next());
      assertEquals(Arrays.asList((Object) null), received);
    }
  }

  @EngineTest
  @Conforms("Y-009")
  void aValueThatWaitsInTheDelegateIsTheFirstThatTheDelegationYields() {
    for (Form form : Form.values()) {
      Coroutine<Object, String, String> inner = listener(new ArrayList<>());
      assertTrue(inner.hasNext());
      Coroutine<Object, String, Object> outer = Coroutine.of(co -> form.yieldFrom(co, inner));
      assertEquals("yield 0", outer.next(), form.name());
      assertEquals("yield 1", outer.next(), form.name());
    }
  }

  @EngineTest
  @Conforms({"Y-002", "Y-009"})
  void aResultThatHasNextFoundIsTheValueOfTheDelegation() {
    for (Form form : List.of(Form.FRAME, Form.ITERATOR, Form.ITERABLE)) {
      Coroutine<Object, String, String> inner = Coroutine.of(co -> "not told yet");
      assertTrue(!inner.hasNext());
      Coroutine<Object, String, Object> outer =
          Coroutine.of(co -> Arrays.asList(form.yieldFrom(co, inner), form.yieldFrom(co, inner)));
      StopIteration end = assertThrows(StopIteration.class, outer::next);
      assertEquals(Arrays.asList("not told yet", null), end.value(), form.name());
    }
  }
}
