package io.fermata.conformance;

import com.google.common.collect.testing.IteratorFeature;
import com.google.common.collect.testing.IteratorTester;
import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** Every sequence of up to four calls behaves as that of an iterator of an immutable list. */
class IteratorContractTest {
  private static final int CALLS = 4;
  private static final GeneratorBody<Integer> ONE_TWO_THREE =
      co -> {
        for (int i = 1; i <= 3; i++) {
          co.yield(i);
        }
      };

  private static <T> void check(List<T> expected, Supplier<Iterator<T>> iterators) {
    for (int calls = 1; calls <= CALLS; calls++) {
      check(calls, expected, iterators);
    }
  }

  private static <T> void check(int calls, List<T> expected, Supplier<Iterator<T>> iterators) {
    new IteratorTester<T>(
        calls, IteratorFeature.UNMODIFIABLE, expected, IteratorTester.KnownOrder.KNOWN_ORDER) {
      private Iterator<T> last;

      @Override
      protected Iterator<T> newTargetIterator() {
        if (last instanceof BaseGenerator<?> done) {
          done.close();
        }
        last = iterators.get();
        return last;
      }
    }.test();
  }

  @EngineTest
  void aGenerator() {
    check(List.of(1, 2, 3), () -> Generator.of(ONE_TWO_THREE));
  }

  @EngineTest
  void aGeneratorThatDelegates() {
    check(
        List.of(1, 2, 3),
        () ->
            Generator.of(
                co -> {
                  co.yieldFrom(Generator.of(inner -> inner.yield(1)));
                  co.yieldFrom(List.of(2, 3));
                }));
  }

  @EngineTest
  void anEmptyGenerator() {
    check(List.of(), () -> Generator.<Integer>of(co -> {}));
  }

  @EngineTest
  void aCoroutine() {
    check(
        List.of(1, 2, 3),
        () ->
            Coroutine.<Void, Integer, String>of(
                co -> {
                  ONE_TWO_THREE.run(co);
                  return "result";
                }));
  }

  @EngineTest
  void aBoxedIntGenerator() {
    check(List.of(1, 2), () -> IntGenerator.of(co -> co.yieldFrom(List.of(1, 2))));
  }

  @EngineTest
  void aBoxedLongGenerator() {
    check(
        List.of(1L, 2L),
        () ->
            LongGenerator.of(
                co -> {
                  co.yield(1);
                  co.yield(2);
                }));
  }

  @EngineTest
  void theIteratorOfAStream() {
    check(List.of(1, 2, 3), () -> Generator.of(ONE_TWO_THREE).stream().iterator());
  }

  @EngineTest
  void theIteratorOfAnIterable() {
    Iterable<Integer> iterable = Generator.iterable(ONE_TWO_THREE);
    check(List.of(1, 2, 3), iterable::iterator);
  }
}
