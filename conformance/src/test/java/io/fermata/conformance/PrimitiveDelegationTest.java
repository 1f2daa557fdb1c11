package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fermata.Coroutine;
import io.fermata.DoubleGenerator;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What generators of primitives may delegate to. */
class PrimitiveDelegationTest {
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

  private static <Y, R> Coroutine<Object, Y, R> giving(Y yielded, R result) {
    return Coroutine.of(
        co -> {
          co.yield(yielded);
          return result;
        });
  }

  @EngineTest
  void theResultOfACoroutineHasItsType() {
    IntGenerator i =
        IntGenerator.of(
            co -> {
              int result = co.yieldFrom(giving(1, 2));
              co.yield(result);
            });
    LongGenerator l =
        LongGenerator.of(
            co -> {
              long result = co.yieldFrom(giving(1L, BIG));
              co.yield(result);
            });
    DoubleGenerator d =
        DoubleGenerator.of(
            co -> {
              String result = co.yieldFrom(giving(1.0, "2.5"));
              co.yield(Double.parseDouble(result));
            });

    assertArrayEquals(new int[] {1, 2}, i.toArray());
    assertArrayEquals(new long[] {1, BIG}, l.toArray());
    assertArrayEquals(new double[] {1, 2.5}, d.toArray());
  }

  @EngineTest
  void aBodyMayDelegateToAStream() {
    IntGenerator i = IntGenerator.of(co -> co.yieldFrom(IntStream.of(1, 2)));
    LongGenerator l = LongGenerator.of(co -> co.yieldFrom(LongStream.of(1, BIG)));
    DoubleGenerator d = DoubleGenerator.of(co -> co.yieldFrom(DoubleStream.of(1, 2.5)));

    assertArrayEquals(new int[] {1, 2}, i.toArray());
    assertArrayEquals(new long[] {1, BIG}, l.toArray());
    assertArrayEquals(new double[] {1, 2.5}, d.toArray());
  }

  @EngineTest
  void aDelegateStreamIsClosed() {
    List<String> log = new ArrayList<>();
    IntGenerator whole =
        IntGenerator.of(co -> co.yieldFrom(IntStream.of(1, 2).onClose(() -> log.add("whole"))));
    LongGenerator part =
        LongGenerator.of(co -> co.yieldFrom(LongStream.of(1, 2).onClose(() -> log.add("part"))));
    whole.toArray();
    part.nextLong();
    part.close();

    assertEquals(List.of("whole", "part"), log);
  }

  @EngineTest
  void aBodyMayDelegateToAGeneratorOfItsKind() {
    IntGenerator i = IntGenerator.of(co -> co.yieldFrom(ints()));
    LongGenerator l = LongGenerator.of(co -> co.yieldFrom(longs()));
    DoubleGenerator d = DoubleGenerator.of(co -> co.yieldFrom(doubles()));

    assertArrayEquals(new int[] {1, 2, 3}, i.toArray());
    assertArrayEquals(new long[] {1, BIG, 3}, l.toArray());
    assertArrayEquals(new double[] {1, 2.5, 3}, d.toArray());
  }

  @EngineTest
  void aBodyMayDelegateToBoxedGeneratorsIterablesAndIterators() {
    Generator<Integer> boxed = Generator.of(co -> co.yield(1));
    IntGenerator g =
        IntGenerator.of(
            co -> {
              co.yieldFrom(boxed);
              co.yieldFrom(List.of(2, 3));
              co.yieldFrom(List.of(4, 5).iterator());
            });

    assertArrayEquals(new int[] {1, 2, 3, 4, 5}, g.toArray());
  }

  @EngineTest
  void aBoxedBodyMayDelegateToAPrimitiveGenerator() {
    Generator<Integer> g = Generator.of(co -> co.yieldFrom(ints()));

    assertEquals(List.of(1, 2, 3), g.toList());
  }

  @EngineTest
  void aDelegateCoroutineGivesItsResult() {
    Coroutine<Void, Integer, String> c =
        Coroutine.of(
            co -> {
              co.yield(1);
              return "result";
            });
    List<Object> results = new ArrayList<>();
    IntGenerator g = IntGenerator.of(co -> results.add(co.yieldFrom(c)));

    assertArrayEquals(new int[] {1}, g.toArray());
    assertEquals(List.of("result"), results);
  }

  @EngineTest
  void aPrimitiveIteratorIsNotBoxed() {
    IntGenerator g = IntGenerator.of(co -> co.yieldFrom(new Unboxed()));

    assertArrayEquals(new int[] {0, 1, 2}, g.toArray());
  }

  private static final class Unboxed implements PrimitiveIterator.OfInt {
    private int count;

    @Override
    public boolean hasNext() {
      return count < 3;
    }

    @Override
    public int nextInt() {
      return count++;
    }

    @Override
    public Integer next() {
      throw new AssertionError("boxed");
    }
  }

  @EngineTest
  void aNullElementOfAnIterableIsANullPointerExceptionInTheBody() {
    IntGenerator g =
        IntGenerator.of(
            co -> {
              try {
                co.yieldFrom(Arrays.asList(1, null, 3));
              } catch (NullPointerException e) {
                co.yield(-1);
              }
            });

    assertArrayEquals(new int[] {1, -1}, g.toArray());
  }

  @EngineTest
  void aNullThatADelegateGeneratorYieldsIsANullPointerExceptionInTheBody() {
    Generator<Integer> withNull =
        Generator.of(
            co -> {
              co.yield(1);
              co.yield(null);
            });
    IntGenerator g =
        IntGenerator.of(
            co -> {
              try {
                co.yieldFrom(withNull);
              } catch (NullPointerException e) {
                co.yield(-1);
              }
            });

    assertArrayEquals(new int[] {1, -1}, g.toArray());
    assertFalse(g.hasNext());
  }
}
