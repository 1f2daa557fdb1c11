package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.StopIteration;
import io.fermata.conformance.Delegates.Counting;
import io.fermata.conformance.Delegates.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/** What a delegation yields, and its value. */
final class DelegationValuesTest {
  /** Yields 1, 2, 3 and returns "done". */
  private static Coroutine<Object, Integer, String> counter() {
    return Coroutine.of(
        co -> {
          for (int i = 1; i <= 3; i++) {
            co.yield(i);
          }
          return "done";
        });
  }

  @EngineTest
  @Conforms("Y-001")
  void anIterableIsYieldedItemByItemWithNothingAdded() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              co.yield(0);
              co.yieldFrom(List.of(1, 2, 3));
              co.yield(4);
            });
    assertEquals(List.of(0, 1, 2, 3, 4), outer.toList());
  }

  @EngineTest
  @Conforms("Y-001")
  void aGeneratorIsYieldedLazilyStepByStep() {
    List<String> log = new ArrayList<>();
    Generator<Integer> inner =
        Generator.of(
            co -> {
              for (int i = 1; ; i++) {
                log.add("makes " + i);
                co.yield(i);
              }
            });
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(inner));
    assertEquals(1, outer.next());
    assertEquals(2, outer.next());
    assertEquals(List.of("makes 1", "makes 2"), log);
  }

  @EngineTest
  @Conforms("Y-001")
  void nullsAreItemsOfADelegateToo() {
    Generator<Integer> inner =
        Generator.of(
            co -> {
              co.yield(null);
              co.yield();
            });
    Generator<Integer> outer =
        Generator.of(
            co -> {
              co.yieldFrom(inner);
              co.yieldFrom(Arrays.asList(1, null));
            });
    assertEquals(Arrays.asList(null, null, 1, null), outer.toList());
  }

  @EngineTest
  @Conforms("Y-002")
  void theValueOfADelegationIsWhatTheDelegateReturned() {
    for (Form form : Form.values()) {
      List<Object> values = new ArrayList<>();
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                values.add(form.yieldFrom(co, counter()));
                return "outer";
              });
      assertEquals(List.of(1, 2, 3), outer.toList(), form.name());
      assertEquals(List.of("done"), values, form.name());
      assertEquals("outer", outer.result(), form.name());
    }
  }

  @EngineTest
  @Conforms("Y-002")
  void theValueIsNullForADelegateThatJustEnds() {
    Coroutine<Object, Integer, Object> outer =
        Coroutine.of(
            co -> {
              Object generator = co.yieldFrom(Generator.<Integer>of(inner -> inner.yield(1)));
              Object sink = co.yieldFrom(Coroutine.<Void, Integer>sink(inner -> inner.yield(2)));
              Object list = co.yieldFrom(List.of(3));
              return Arrays.asList(generator, sink, list);
            });
    assertEquals(List.of(1, 2, 3), outer.toList());
    assertEquals(Arrays.asList(null, null, null), outer.result());
  }

  @EngineTest
  @Conforms("Y-002")
  void aDelegateThatReturnsWithoutYieldingGivesItsValueAtOnce() {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(co -> form.yieldFrom(co, Coroutine.of(inner -> "at once")));
      StopIteration end = assertThrows(StopIteration.class, outer::next, form.name());
      assertEquals("at once", end.value(), form.name());
    }
  }

  @EngineTest
  @Conforms("Y-003")
  void aReturnValuePassesUntouchedWhateverItIs() {
    List<Object> results =
        Arrays.asList(
            null,
            new int[] {1, 2},
            new StopIteration("an object like any other"),
            new Object[] {"a", "tuple"},
            Generator.of(co -> co.yield(1)),
            new Error("not thrown"));
    for (Object result : results) {
      for (Form form : Form.values()) {
        Coroutine<Object, Integer, Object> inner =
            Coroutine.of(
                co -> {
                  co.yield(1);
                  return result;
                });
        Coroutine<Object, Integer, Object> middle = Coroutine.of(co -> form.yieldFrom(co, inner));
        Coroutine<Object, Integer, Object> outer = Coroutine.of(co -> co.yieldFrom(middle));
        assertEquals(1, outer.next());
        assertSame(result, assertThrows(StopIteration.class, outer::next).value(), form.name());
        assertSame(result, outer.result());
        assertSame(result, inner.result());
      }
    }
  }

  @EngineTest
  @Conforms("Y-004")
  void anEmptyDelegateYieldsNothingAndGivesNull() {
    List<Object> values = new ArrayList<>();
    Generator<Integer> outer =
        Generator.of(
            co -> {
              values.add(co.yieldFrom(List.<Integer>of()));
              values.add(co.yieldFrom(List.<Integer>of().iterator()));
              values.add(co.yieldFrom(Stream.<Integer>empty()));
              values.add(co.yieldFrom(Generator.<Integer>of(inner -> {})));
              values.add(co.yieldFrom(Generator.<Integer>iterable(inner -> {})));
            });
    assertEquals(List.of(), outer.toList());
    assertEquals(Arrays.asList(null, null, null, null, null), values);
  }

  @EngineTest
  @Conforms("Y-005")
  void aPlainIteratorIsAskedOncePerStep() {
    Counting<String> plain = new Counting<>(List.of("a", "b", "c"));
    Generator<String> outer = Generator.of(co -> co.yieldFrom(plain));
    assertEquals("a", outer.next());
    assertEquals(1, plain.taken);
    assertEquals("b", outer.next());
    assertEquals(2, plain.taken);
    assertEquals("c", outer.next());
    assertThrows(StopIteration.class, outer::next);
    assertEquals(3, plain.taken);
  }

  @EngineTest
  @Conforms("Y-006")
  void anIteratorThatEndsByStopIterationGivesItsValue() {
    Iterator<Integer> once =
        new Iterator<>() {
          private boolean asked;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Integer next() {
            if (asked) {
              throw new StopIteration("its value");
            }
            asked = true;
            return 1;
          }
        };
    Coroutine<Object, Integer, Object> outer = Coroutine.of(co -> co.yieldFrom(once));
    assertEquals(List.of(1), outer.toList());
    assertEquals("its value", outer.result());
  }

  @EngineTest
  @Conforms("Y-006")
  void anotherNoSuchElementExceptionIsAFailureAndNoEnd() {
    NoSuchElementException failure = new NoSuchElementException("not the end");
    Iterator<Integer> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Integer next() {
            throw failure;
          }
        };
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(broken));
    assertSame(failure, assertThrows(NoSuchElementException.class, outer::next));
  }

  @EngineTest
  @Conforms("Y-007")
  void theSecondDelegationToAnEndedGeneratorGivesNothingAndNull() {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, String> inner = counter();
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co -> {
                Object first = form.yieldFrom(co, inner);
                Object second = form.yieldFrom(co, inner);
                return Arrays.asList(first, second);
              });
      assertEquals(List.of(1, 2, 3), outer.toList(), form.name());
      assertEquals(Arrays.asList("done", null), outer.result(), form.name());
    }
  }

  @EngineTest
  @Conforms("Y-007")
  void aClosedOrFailedDelegateYieldsNothingAndGivesNull() {
    Coroutine<Object, Integer, String> closed = counter();
    closed.next();
    closed.close();
    Coroutine<Object, Integer, String> neverRan = counter();
    neverRan.close();
    Coroutine<Object, Integer, String> failed =
        Coroutine.of(
            co -> {
              throw new IllegalArgumentException();
            });
    assertThrows(IllegalArgumentException.class, failed::next);
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, Object> outer =
          Coroutine.of(
              co ->
                  Arrays.asList(
                      form.yieldFrom(co, closed),
                      form.yieldFrom(co, neverRan),
                      form.yieldFrom(co, failed)));
      assertEquals(List.of(), outer.toList(), form.name());
      assertEquals(Arrays.asList(null, null, null), outer.result(), form.name());
    }
  }

  @EngineTest
  @Conforms("Y-008")
  void whatCannotBeIteratedIsAnErrorAtTheDelegationThatTheBodyMayCatch() {
    RuntimeException refused = new RuntimeException("no iterator today");
    List<Throwable> caught = new ArrayList<>();
    Generator<Integer> outer =
        Generator.of(
            co -> {
              try {
                co.yieldFrom((Iterable<Integer>) null);
              } catch (NullPointerException e) {
                caught.add(e);
              }
              try {
                Iterable<Integer> iteratesNothing = () -> null;
                co.yieldFrom(iteratesNothing);
              } catch (NullPointerException e) {
                caught.add(e);
              }
              try {
                co.yieldFrom(
                    (Iterable<Integer>)
                        () -> {
                          throw refused;
                        });
              } catch (RuntimeException e) {
                caught.add(e);
              }
              Stream<Integer> used = Stream.of(1);
              used.forEach(item -> {});
              try {
                co.yieldFrom(used);
              } catch (IllegalStateException e) {
                caught.add(e);
              }
              co.yield(7);
            });
    assertEquals(7, outer.next());
    assertEquals(4, caught.size());
    assertNotNull(caught.get(0).getMessage());
    assertNotNull(caught.get(1).getMessage());
    assertSame(refused, caught.get(2));
    assertThrows(StopIteration.class, outer::next);
  }

  @EngineTest
  @Conforms("Y-009")
  void ofAPartlyConsumedDelegateOnlyTheRestAppears() {
    for (Form form : Form.values()) {
      Coroutine<Object, Integer, String> inner = counter();
      inner.next();
      Coroutine<Object, Integer, Object> outer = Coroutine.of(co -> form.yieldFrom(co, inner));
      assertEquals(List.of(2, 3), outer.toList(), form.name());
      assertEquals("done", outer.result(), form.name());
    }
    Iterator<Integer> list = List.of(1, 2, 3).iterator();
    list.next();
    assertEquals(List.of(2, 3), Generator.<Integer>of(co -> co.yieldFrom(list)).toList());
  }

  @EngineTest
  @Conforms("Y-009")
  void aDelegateMayBePartlyConsumedByTheBodyItself() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              Coroutine<Object, Integer, String> inner = counter();
              co.yield(inner.next() * 10);
              co.yieldFrom(inner);
            });
    assertEquals(List.of(10, 2, 3), outer.toList());
  }

  @EngineTest
  @Conforms("Y-009")
  void aPartlyConsumedDelegateThatDelegatesItselfGoesOnWhereItStands() {
    Coroutine<Object, Integer, String> leaf = counter();
    Coroutine<Object, Integer, String> middle = Coroutine.of(co -> co.yieldFrom(leaf) + "!");
    assertEquals(1, middle.next());
    Coroutine<Object, Integer, String> outer = Coroutine.of(co -> co.yieldFrom(middle) + "?");
    assertEquals(2, outer.next());
    assertSame(middle, outer.delegate());
    assertSame(leaf, middle.delegate());
    assertEquals(3, outer.next());
    assertEquals("done!?", assertThrows(StopIteration.class, outer::next).value());
  }

  @EngineTest
  @Conforms("Y-010")
  void theFirstStepOfADelegationIsANextAndEarlierSendsStayWithTheOuter() {
    List<Object> log = new ArrayList<>();
    Coroutine<String, Integer, Void> inner =
        Coroutine.sink(
            co -> {
              log.add("inner starts");
              log.add("inner " + co.yield(2));
            });
    Coroutine<String, Integer, Void> outer =
        Coroutine.sink(
            co -> {
              log.add("outer " + co.yield(1));
              co.yieldFrom(inner);
            });
    assertEquals(1, outer.next());
    assertEquals(2, outer.send("a"));
    assertThrows(StopIteration.class, () -> outer.send("b"));
    assertEquals(List.of("outer a", "inner starts", "inner b"), log);
  }

  @EngineTest
  @Conforms("Y-050")
  void aStopIterationCarriesNullUnlessGivenAValueAndKeepsItApartFromItsMessage() {
    assertNull(new StopIteration().value());
    Object value = new Object();
    StopIteration end = new StopIteration(value);
    assertSame(value, end.value());
    assertEquals(new StopIteration().getMessage(), end.getMessage());
    assertTrue(end instanceof NoSuchElementException);
  }
}
