package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.DoubleGenerator;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import io.fermata.StopIteration;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.UserCoroutine;
import io.fermata.conformance.Delegates.UserGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Delegates of every static type; the type at run time decides. */
final class DelegationTypesTest {
  private static Coroutine<Object, Integer, String> echo(List<Object> log) {
    return Coroutine.of(
        co -> {
          for (int i = 1; ; i++) {
            try {
              co.mayThrow(Boom.class);
              Object sent = co.yield(i);
              log.add(sent);
              if ("end".equals(sent)) {
                return "result";
              }
            } catch (Boom e) {
              log.add(e.getMessage());
            }
          }
        });
  }

  /** Steps an outer coroutine that delegates to an {@link #echo}. */
  private static void converse(Coroutine<Object, Integer, ?> outer, List<Object> log) {
    assertEquals(1, outer.next());
    assertEquals(2, outer.send("a"));
    try {
      assertEquals(3, outer.raise(new Boom("b")));
    } catch (Boom missed) {
      throw new AssertionError("the delegate did not get it", missed);
    }
    assertTrue(outer.advance());
    assertEquals(4, outer.current());
    assertFalse(outer.advance("end"));
    assertEquals("result", outer.result());
    List<Object> expected = new ArrayList<>(List.of("a", "b"));
    expected.add(null);
    expected.add("end");
    assertEquals(expected, log);
  }

  @EngineTest
  @Conforms({"Y-011", "Y-020"})
  void aCoroutineReceivesSendAndRaise() {
    List<Object> log = new ArrayList<>();
    converse(Coroutine.of(co -> co.yieldFrom(echo(log))), log);
  }

  @EngineTest
  @Conforms({"Y-011", "Y-020"})
  void aCoroutineTypedAsGeneratorReceivesSendAndRaise() {
    List<Object> log = new ArrayList<>();
    Generator<Integer> delegate = echo(log);
    converse(Coroutine.of(co -> co.yieldFrom(delegate)), log);
  }

  @EngineTest
  @Conforms({"Y-011", "Y-020"})
  void aCoroutineTypedAsIteratorReceivesSendAndRaise() {
    List<Object> log = new ArrayList<>();
    Iterator<Integer> delegate = echo(log);
    converse(Coroutine.of(co -> co.yieldFrom(delegate)), log);
  }

  @EngineTest
  @Conforms({"Y-011", "Y-020"})
  void aCoroutineTypedAsIterableReceivesSendAndRaise() {
    List<Object> log = new ArrayList<>();
    Iterable<Integer> delegate = echo(log);
    converse(Coroutine.of(co -> co.yieldFrom(delegate)), log);
  }

  @EngineTest
  @Conforms({"Y-011", "Y-020"})
  void aCoroutineThatAnIterableGivesReceivesSendAndRaise() {
    List<Object> log = new ArrayList<>();
    Iterable<Integer> delegate = () -> echo(log);
    converse(Coroutine.of(co -> co.yieldFrom(delegate)), log);
  }

  @EngineTest
  @Conforms({"Y-011", "Y-015", "Y-020"})
  void aCoroutineOfAUserReceivesSendAndRaise() {
    List<Object> log = new ArrayList<>();
    UserCoroutine<Object, Integer, String> user = new UserCoroutine<>(echo(log));
    converse(Coroutine.of(co -> co.yieldFrom(user)), log);
  }

  @EngineTest
  @Conforms("Y-015")
  void aCoroutineOfAUserGetsEachCallOnceAndUnchanged() throws Boom {
    UserCoroutine<Object, Integer, String> user = new UserCoroutine<>(echo(new ArrayList<>()));
    Coroutine<Object, Integer, String> outer = Coroutine.of(co -> co.yieldFrom(user));
    outer.next();
    outer.send(List.of(1, 2));
    outer.raise(new Boom("x"));
    outer.close();
    assertEquals(
        List.of("advance null", "advance [1, 2]", "raise Boom", "raise GeneratorExit"), user.calls);
  }

  @EngineTest
  @Conforms({"Y-020", "Y-026"})
  void aGeneratorOfAUserReceivesRaiseAndClose() throws Boom {
    List<String> log = new ArrayList<>();
    Generator<Integer> behind =
        Generator.of(
            co -> {
              try {
                co.mayThrow(Boom.class);
                co.yield(1);
              } catch (Boom e) {
                log.add(e.getMessage());
              }
              try {
                co.yield(2);
              } finally {
                log.add("closed");
              }
            });
    Generator<Integer> user = new UserGenerator<>(behind);
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(user));
    assertEquals(1, outer.next());
    assertSame(user, outer.delegate());
    assertEquals(2, outer.raise(new Boom("b")));
    outer.close();
    assertEquals(List.of("b", "closed"), log);
  }

  @EngineTest
  @Conforms({"Y-001", "Y-009"})
  void aGeneratorOfAUserMayBePartlyConsumedOrHaveAValueWaiting() {
    Generator<Integer> user =
        new UserGenerator<>(Generator.of(co -> List.of(1, 2, 3, 4).forEach(co::yield)));
    assertEquals(1, user.next());
    assertTrue(user.hasNext());
    assertEquals(List.of(2, 3, 4), Generator.<Integer>of(co -> co.yieldFrom(user)).toList());
  }

  @EngineTest
  @Conforms("Y-001")
  void primitiveGeneratorsAreDelegatesOfAGenerator() {
    IntGenerator ints = IntGenerator.of(co -> co.yield(1));
    LongGenerator longs = LongGenerator.of(co -> co.yield(2L));
    DoubleGenerator doubles = DoubleGenerator.of(co -> co.yield(3.0));
    Generator<Number> outer =
        Generator.of(
            co -> {
              assertNull(co.yieldFrom(ints));
              assertNull(co.yieldFrom(longs));
              assertNull(co.yieldFrom(doubles));
            });
    assertEquals(List.of(1, 2L, 3.0), outer.toList());
  }

  @EngineTest
  @Conforms("Y-001")
  void anIntGeneratorTypedAsSomethingElseIsADelegateToo() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              BaseGenerator<Integer> base = IntGenerator.of(ints -> ints.yield(1));
              co.yieldFrom(base);
              Iterator<Integer> iterator = IntGenerator.of(ints -> ints.yield(2));
              co.yieldFrom(iterator);
              Iterable<Integer> iterable = IntGenerator.iterable(ints -> ints.yield(3));
              co.yieldFrom(iterable);
              PrimitiveIterator.OfInt primitive = IntStream.of(4).iterator();
              co.yieldFrom(primitive);
            });
    assertEquals(List.of(1, 2, 3, 4), outer.toList());
  }

  @EngineTest
  @Conforms({"Y-001", "Y-005"})
  void iterablesIteratorsAndStreamsOfEveryTypeAreDelegates() {
    Generator<Number> outer =
        Generator.of(
            co -> {
              List<Integer> list = List.of(1);
              co.yieldFrom(list);
              Set<Integer> set = new TreeSet<>(Set.of(2));
              co.yieldFrom(set);
              Iterable<Integer> iterable = list;
              co.yieldFrom(iterable);
              Iterator<Integer> iterator = list.iterator();
              co.yieldFrom(iterator);
              Stream<Integer> stream = Stream.of(3);
              co.yieldFrom(stream);
              IntStream ints = IntStream.of(4);
              co.yieldFrom(ints);
              co.yieldFrom(IntStream.of(5).asLongStream());
              co.yieldFrom(IntStream.of(6).asDoubleStream());
              co.yieldFrom(Generator.<Integer>stream(inner -> inner.yield(7)));
            });
    assertEquals(List.of(1, 2, 1, 1, 3, 4, 5L, 6.0, 7), outer.toList());
  }

  @EngineTest
  @Conforms("Y-001")
  void everyDelegationToAnIterableOfGeneratorsIsANewRun() {
    Iterable<Integer> fresh = Generator.iterable(co -> List.of(1, 2).forEach(co::yield));
    Generator<Integer> outer =
        Generator.of(
            co -> {
              co.yieldFrom(fresh);
              co.yieldFrom(fresh);
            });
    assertEquals(List.of(1, 2, 1, 2), outer.toList());
  }

  @EngineTest
  @Conforms("Y-011")
  void aGeneratorThatAnIterableGivesReceivesRaise() throws Boom {
    Iterable<Integer> iterable =
        Generator.iterable(
            co -> {
              try {
                co.mayThrow(Boom.class);
                co.yield(1);
              } catch (Boom e) {
                co.yield(2);
              }
            });
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(iterable));
    assertEquals(1, outer.next());
    assertTrue(outer.delegate() instanceof Generator<?>);
    assertEquals(2, outer.raise(new Boom("b")));
  }

  @EngineTest
  @Conforms({"Y-001", "Y-002"})
  void anIntGeneratorDelegatesToEverythingThatGivesInts() {
    List<Object> values = new ArrayList<>();
    IntGenerator outer =
        IntGenerator.of(
            co -> {
              values.add(co.yieldFrom(IntGenerator.of(inner -> inner.yield(1))));
              values.add(co.yieldFrom(Generator.<Integer>of(inner -> inner.yield(2))));
              Coroutine<Void, Integer, String> coroutine =
                  Coroutine.of(
                      inner -> {
                        inner.yield(3);
                        return "result";
                      });
              values.add(co.yieldFrom(coroutine));
              values.add(co.yieldFrom(List.of(4)));
              values.add(co.yieldFrom(List.of(5).iterator()));
              values.add(co.yieldFrom(IntStream.of(6)));
              values.add(co.yieldFrom(new UserGenerator<>(Generator.<Integer>of(i -> i.yield(7)))));
            });
    assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7}, outer.toArray());
    assertEquals(7, values.size());
    assertEquals("result", values.get(2));
    assertEquals(1, values.stream().filter(value -> value != null).count());
  }

  @EngineTest
  @Conforms("Y-001")
  void longAndDoubleGeneratorsDelegateToo() {
    LongGenerator longs =
        LongGenerator.of(
            co -> {
              co.yieldFrom(LongGenerator.of(inner -> inner.yield(1L)));
              co.yieldFrom(List.of(2L));
              co.yieldFrom(IntStream.of(3).asLongStream());
            });
    assertEquals(List.of(1L, 2L, 3L), longs.toList());
    DoubleGenerator doubles =
        DoubleGenerator.of(
            co -> {
              co.yieldFrom(DoubleGenerator.of(inner -> inner.yield(1.5)));
              co.yieldFrom(List.of(2.5));
              co.yieldFrom(IntStream.of(3).asDoubleStream());
            });
    assertEquals(List.of(1.5, 2.5, 3.0), doubles.toList());
  }

  @EngineTest
  @Conforms("Y-008")
  void aNullFromADelegateOfAPrimitiveGeneratorIsAnErrorThatTheBodyMayCatch() {
    List<Iterable<Integer>> delegates = new ArrayList<>();
    delegates.add(Arrays.asList(1, null));
    delegates.add(
        Generator.of(
            co -> {
              co.yield(1);
              co.yield(null);
            }));
    for (Iterable<Integer> delegate : delegates) {
      IntGenerator outer =
          IntGenerator.of(
              co -> {
                try {
                  co.yieldFrom(delegate);
                } catch (NullPointerException e) {
                  co.yield(-1);
                }
              });
      assertEquals(1, outer.nextInt());
      assertEquals(-1, outer.nextInt(), delegate.getClass().getName());
      assertThrows(StopIteration.class, outer::nextInt);
    }
  }
}
