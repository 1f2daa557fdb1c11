package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.BaseGenerator;
import io.fermata.DoubleGenerator;
import io.fermata.IntGenerator;
import io.fermata.IntYielder;
import io.fermata.LongGenerator;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Generators that yield primitives; each property for all three kinds. */
class PrimitiveGeneratorsTest {
  private static IntGenerator ints() {
    return IntGenerator.of(
        co -> {
          co.yield(1);
          co.yield(2);
          co.yield(3);
        });
  }

  private static LongGenerator longs() {
    return LongGenerator.of(
        co -> {
          co.yield(1);
          co.yield(1L << 40);
          co.yield(3);
        });
  }

  private static DoubleGenerator doubles() {
    return DoubleGenerator.of(
        co -> {
          co.yield(1);
          co.yield(2.5);
          co.yield(3);
        });
  }

  private static final long BIG = 1L << 40;

  private static List<BaseGenerator<?>> one() {
    return List.of(
        IntGenerator.of(co -> co.yield(1)),
        LongGenerator.of(co -> co.yield(1)),
        DoubleGenerator.of(co -> co.yield(1)));
  }

  @EngineTest
  void advanceAndCurrentTakeThePrimitives() {
    IntGenerator i = ints();
    LongGenerator l = longs();
    DoubleGenerator d = doubles();
    i.advance();
    l.advance();
    d.advance();

    assertTrue(i.advance() && l.advance() && d.advance());
    assertEquals(2, i.current());
    assertEquals(BIG, l.current());
    assertEquals(2.5, d.current());
    assertEquals(2, i.current());
  }

  @EngineTest
  void nextTakesThePrimitivesAndThenThrowsStopIteration() {
    IntGenerator i = IntGenerator.of(co -> co.yield(1));
    LongGenerator l = LongGenerator.of(co -> co.yield(BIG));
    DoubleGenerator d = DoubleGenerator.of(co -> co.yield(2.5));

    assertEquals(1, i.nextInt());
    assertEquals(BIG, l.nextLong());
    assertEquals(2.5, d.nextDouble());
    assertThrows(StopIteration.class, i::nextInt);
    assertThrows(StopIteration.class, l::nextLong);
    assertThrows(StopIteration.class, d::nextDouble);
  }

  @EngineTest
  void nextBoxes() {
    assertEquals(Integer.valueOf(1), ints().next());
    assertEquals(Long.valueOf(1), longs().next());
    assertEquals(Double.valueOf(1), doubles().next());
  }

  @EngineTest
  void nextOrGivesItsArgumentFromTheEndOn() {
    IntGenerator i = IntGenerator.of(co -> co.yield(1));
    LongGenerator l = LongGenerator.of(co -> co.yield(1));
    DoubleGenerator d = DoubleGenerator.of(co -> co.yield(1));

    assertEquals(List.of(1, 7), List.of(i.nextOr(7), i.nextOr(7)));
    assertEquals(List.of(1L, BIG), List.of(l.nextOr(BIG), l.nextOr(BIG)));
    assertEquals(List.of(1.0, 7.5), List.of(d.nextOr(7.5), d.nextOr(7.5)));
  }

  @EngineTest
  void toArrayTakesWhatIsLeft() {
    IntGenerator i = ints();
    LongGenerator l = longs();
    DoubleGenerator d = doubles();
    i.advance();
    l.advance();
    d.advance();

    assertArrayEquals(new int[] {2, 3}, i.toArray());
    assertArrayEquals(new long[] {BIG, 3}, l.toArray());
    assertArrayEquals(new double[] {2.5, 3}, d.toArray());
    assertEquals(0, i.toArray().length + l.toArray().length + d.toArray().length);
  }

  @EngineTest
  void toArrayGrowsAsFarAsNeeded() {
    IntGenerator i = IntGenerator.of(co -> co.yieldFrom(IntStream.range(0, 100)));
    LongGenerator l = LongGenerator.of(co -> co.yieldFrom(LongStream.range(0, 100)));
    DoubleGenerator d =
        DoubleGenerator.of(co -> co.yieldFrom(IntStream.range(0, 100).asDoubleStream()));

    assertArrayEquals(IntStream.range(0, 100).toArray(), i.toArray());
    assertArrayEquals(LongStream.range(0, 100).toArray(), l.toArray());
    assertArrayEquals(IntStream.range(0, 100).asDoubleStream().toArray(), d.toArray());
  }

  @EngineTest
  void toListAndForEachBox() {
    List<Object> seen = new ArrayList<>();
    for (int i : ints()) {
      seen.add(i);
    }
    for (long l : longs()) {
      seen.add(l);
    }
    for (double d : doubles()) {
      seen.add(d);
    }

    assertEquals(List.of(1, 2, 3, 1L, BIG, 3L, 1.0, 2.5, 3.0), seen);
    assertEquals(List.of(1, 2, 3), ints().toList());
    assertEquals(List.of(1L, BIG, 3L), longs().toList());
    assertEquals(List.of(1.0, 2.5, 3.0), doubles().toList());
  }

  @EngineTest
  void forEachRemainingTakesThePrimitives() {
    List<Object> seen = new ArrayList<>();
    ints().forEachRemaining((IntConsumer) seen::add);
    longs().forEachRemaining((LongConsumer) seen::add);
    doubles().forEachRemaining((DoubleConsumer) seen::add);
    ints().forEachRemaining((Consumer<Integer>) seen::add);

    assertEquals(List.of(1, 2, 3, 1L, BIG, 3L, 1.0, 2.5, 3.0, 1, 2, 3), seen);
  }

  @EngineTest
  void aStreamIsPrimitiveAndLazy() {
    assertEquals(3, IntGenerator.stream(this::naturals).limit(3).sum());
    assertEquals(BIG + 4, longs().stream().sum());
    assertEquals(6.5, doubles().stream().sum());
    assertEquals(4, LongGenerator.stream(co -> co.yield(4)).sum());
    assertEquals(4.5, DoubleGenerator.stream(co -> co.yield(4.5)).sum());
  }

  private void naturals(IntYielder co) {
    for (int i = 0; ; i++) {
      co.yield(i);
    }
  }

  @EngineTest
  void closingAStreamClosesItsGenerator() {
    IntGenerator i = ints();
    LongGenerator l = longs();
    DoubleGenerator d = doubles();
    try (IntStream is = i.stream();
        LongStream ls = l.stream();
        DoubleStream ds = d.stream()) {
      assertEquals(1, is.findFirst().orElseThrow());
      assertEquals(1, ls.findFirst().orElseThrow());
      assertEquals(1, ds.findFirst().orElseThrow());
    }

    for (BaseGenerator<?> g : List.of(i, l, d)) {
      assertEquals(State.CLOSED, g.state());
    }
  }

  @EngineTest
  void anIterableGivesEveryLoopAFreshRun() {
    Iterable<Integer> i = IntGenerator.iterable(co -> co.yield(1));
    Iterable<Long> l = LongGenerator.iterable(co -> co.yield(1));
    Iterable<Double> d = DoubleGenerator.iterable(co -> co.yield(1));
    for (int run = 0; run < 2; run++) {
      assertEquals(1, i.iterator().next());
      assertEquals(1, l.iterator().next());
      assertEquals(1, d.iterator().next());
    }
  }

  @EngineTest
  void theFactoriesWithALookupMakeTheSameThings() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();

    assertEquals(1, IntGenerator.of(lookup, co -> co.yield(1)).nextInt());
    assertEquals(BIG, LongGenerator.of(lookup, co -> co.yield(BIG)).nextLong());
    assertEquals(2.5, DoubleGenerator.of(lookup, co -> co.yield(2.5)).nextDouble());
  }

  @EngineTest
  void lookingAheadKeepsTheValue() {
    IntGenerator i = ints();
    LongGenerator l = longs();
    DoubleGenerator d = doubles();

    assertTrue(i.hasNext() && l.hasNext() && d.hasNext());
    assertTrue(i.hasNext() && l.hasNext() && d.hasNext());
    assertEquals(1, i.nextInt());
    assertEquals(1, l.nextLong());
    assertEquals(1, d.nextDouble());
    assertEquals(2, i.nextInt());
    assertEquals(BIG, l.nextLong());
    assertEquals(2.5, d.nextDouble());
  }

  @EngineTest
  void raisingWhileAValueWaitsIsRejected() {
    for (BaseGenerator<?> g : one()) {
      g.hasNext();

      assertThrows(WaitingValueException.class, () -> g.raise(new IOException()));
    }
  }

  @EngineTest
  void thereIsNoCurrentValueBeforeTheFirstStepAndAfterTheEnd() {
    IntGenerator i = ints();
    LongGenerator l = longs();
    DoubleGenerator d = doubles();
    for (int time = 0; time < 2; time++) {
      assertThrows(IllegalStateException.class, i::current);
      assertThrows(IllegalStateException.class, l::current);
      assertThrows(IllegalStateException.class, d::current);
      i.toArray();
      l.toArray();
      d.toArray();
    }
  }

  @EngineTest
  void aRaisedExceptionArrivesAtTheYield() throws IOException {
    IntGenerator g =
        IntGenerator.of(
            co -> {
              try {
                co.mayThrow(IOException.class);
                co.yield(1);
              } catch (IOException arrived) {
                co.yield(2);
              }
            });
    g.nextInt();

    assertEquals(2, g.raise(new IOException()));
  }

  @EngineTest
  void anUncaughtExceptionComesOutItself() {
    for (BaseGenerator<?> g : one()) {
      g.next();
      IOException e = new IOException();

      assertSame(e, assertThrows(IOException.class, () -> g.raise(e)));
      assertEquals(State.CLOSED, g.state());
    }
  }
}
