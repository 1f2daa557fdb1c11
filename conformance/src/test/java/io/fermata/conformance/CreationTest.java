package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.NotPrimedException;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What a new generator is, and what its first step does. */
class CreationTest {
  @EngineTest
  @Conforms("G-001")
  void creatingRunsNothing() {
    List<String> log = new ArrayList<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              log.add("ran");
              co.yield(1);
            });

    assertEquals(List.of(), log);
    assertEquals(State.CREATED, g.state());
  }

  @EngineTest
  @Conforms("G-001")
  void theFirstNextRunsToTheFirstYield() {
    List<String> log = new ArrayList<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              log.add("before");
              co.yield(1);
              log.add("after");
            });

    assertEquals(1, g.next());
    assertEquals(List.of("before"), log);
  }

  @EngineTest
  @Conforms({"G-001", "G-004"})
  void sendingNothingStartsACoroutine() {
    Coroutine<String, Integer, Void> c = Coroutine.sink(co -> co.yield(1));

    assertEquals(1, c.send(null));
  }

  @EngineTest
  @Conforms("G-001")
  void argumentsAreBoundWhenTheGeneratorIsCreated() {
    StringBuilder log = new StringBuilder();
    Generator<Integer> g = from(log.append("argument ").length());
    log.append("created ");

    assertEquals(9, g.next());
    assertEquals("argument created ", log.toString());
  }

  private static Generator<Integer> from(int first) {
    return Generator.of(
        co -> {
          for (int i = first; ; i++) {
            co.yield(i);
          }
        });
  }

  @EngineTest
  @Conforms("G-005")
  void sendingAValueToAnUnstartedCoroutineIsRejected() {
    List<String> log = new ArrayList<>();
    Coroutine<String, Integer, Void> c =
        Coroutine.sink(
            co -> {
              log.add("ran");
              co.yield(1);
            });

    assertThrows(NotPrimedException.class, () -> c.send("early"));
    assertThrows(NotPrimedException.class, () -> c.advance("early"));
    assertEquals(List.of(), log);
    assertEquals(State.CREATED, c.state());
  }

  @EngineTest
  @Conforms("G-005")
  void aCoroutineCanBeStartedAfterARejectedSend() {
    Coroutine<String, String, Void> c = Coroutine.sink(co -> co.yield("got " + co.yield("first")));

    assertThrows(NotPrimedException.class, () -> c.send("early"));
    assertEquals("first", c.next());
    assertEquals("got it", c.send("it"));
  }

  @EngineTest
  @Conforms("G-009")
  void aBodyThatReturnsBeforeItsFirstYieldIsExhaustedAtOnce() {
    Generator<Integer> g = Generator.of(co -> {});
    Coroutine<Void, Integer, String> c = Coroutine.of(co -> "result");

    assertFalse(g.hasNext());
    assertEquals("result", assertThrows(StopIteration.class, c::next).value());
  }

  @EngineTest
  @Conforms("G-009")
  void anUnreachedYieldYieldsNothing() {
    boolean never = false;
    Generator<Integer> g =
        Generator.of(
            co -> {
              if (never) {
                co.yield(1);
              }
            });

    assertEquals(List.of(), g.toList());
  }

  @EngineTest
  @Conforms("G-012")
  void aGeneratorIsItsOwnIterator() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertSame(g, g.iterator());
    g.next();
    assertSame(g, g.iterator());
  }

  @EngineTest
  @Conforms("G-015")
  void generatorsOfOneBodyHaveTheirOwnLocals() {
    GeneratorBody<Integer> body =
        co -> {
          int local = 0;
          while (true) {
            co.yield(local++);
          }
        };
    Generator<Integer> one = Generator.of(body);
    Generator<Integer> other = Generator.of(body);

    assertEquals(0, one.next());
    assertEquals(1, one.next());
    assertEquals(0, other.next());
    assertEquals(2, one.next());
    assertEquals(1, other.next());
  }

  @EngineTest
  @Conforms("G-021")
  void aGeneratorMayReferToItself() {
    AtomicReference<Generator<Object>> self = new AtomicReference<>();
    self.set(Generator.of(co -> co.yield(self.get())));

    assertSame(self.get(), self.get().next());
    assertFalse(self.get().hasNext());
  }

  @EngineTest
  @Conforms("G-021")
  void aCoroutineMayBeSentItself() {
    Coroutine<Object, Object, Object> c =
        Coroutine.of(
            co -> {
              Object itself = co.yield();
              co.yield(itself);
              return itself;
            });
    c.next();

    assertSame(c, c.send(c));
    assertSame(c, assertThrows(StopIteration.class, c::next).value());
  }

  @EngineTest
  @Conforms("G-022")
  void aBodyMayBeALambdaThatCaptures() {
    int offset = 10;
    Generator<Integer> g =
        Generator.of(
            co -> {
              for (int i = 0; i < 3; i++) {
                co.yield(offset + i);
              }
            });

    assertEquals(List.of(10, 11, 12), g.toList());
  }

  @EngineTest
  @Conforms("G-022")
  void aBodyMayBeAStaticMethod() {
    Generator<Integer> g = Generator.of(CreationTest::oneTwo);

    assertEquals(List.of(1, 2), g.toList());
  }

  private static void oneTwo(Yielder<?, Integer> co) {
    co.yield(1);
    co.yield(2);
  }

  @EngineTest
  @Conforms("G-022")
  void aBodyMayBeAMethodOfAnObject() {
    Counter counter = new Counter(3);
    Generator<Integer> g = Generator.of(counter::count);

    assertEquals(List.of(1, 2, 3), g.toList());
  }

  private record Counter(int limit) {
    void count(Yielder<?, Integer> co) {
      for (int i = 1; i <= limit; i++) {
        co.yield(i);
      }
    }
  }

  @EngineTest
  @Conforms("G-022")
  void aBodyMayBeAnAnonymousClass() {
    Generator<Integer> g =
        Generator.of(
            new GeneratorBody<>() {
              private int calls;

              @Override
              public void run(Yielder<?, Integer> co) {
                calls++;
                co.yield(calls);
                twice(co);
              }

              private void twice(Yielder<?, Integer> co) {
                co.yield(calls * 2);
              }
            });

    assertEquals(List.of(1, 2), g.toList());
  }

  @EngineTest
  @Conforms("G-023")
  void anIterableIsAskedForItsIteratorWhenTheDelegationBegins() {
    List<String> log = new ArrayList<>();
    Iterable<Integer> source =
        () -> {
          log.add("iterator");
          return List.of(1, 2).iterator();
        };
    Generator<Integer> g = Generator.of(co -> co.yieldFrom(source));

    assertEquals(List.of(), log);
    assertEquals(1, g.next());
    assertEquals(List.of("iterator"), log);
    assertEquals(2, g.next());
    assertEquals(List.of("iterator"), log);
  }

  @EngineTest
  @Conforms("G-024")
  void yieldingOutsideTheBodyIsRejected() {
    AtomicReference<Yielder<?, Integer>> leaked = new AtomicReference<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              leaked.set(co);
              co.yield(1);
            });
    g.next();

    assertThrows(IllegalStateException.class, () -> leaked.get().yield(2));
    assertFalse(g.hasNext());
    assertThrows(IllegalStateException.class, () -> leaked.get().yield(2));
  }

  @EngineTest
  @Conforms("G-026")
  void aGeneratorIsNeitherCloneableNorSerializable() {
    Object g = Generator.of(co -> co.yield(1));

    assertFalse(g instanceof Cloneable);
    assertFalse(g instanceof Serializable);
  }

  @EngineTest
  void aGeneratorMayBeDroppedUnstarted() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertNull(g.delegate());
    assertTrue(g.toString().endsWith("CREATED"), g.toString());
  }
}
