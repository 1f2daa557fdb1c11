package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** What a body takes from around it, and the members that only its host may use. */
class CapturesTest {
  private int field = 7;
  private static String shared = "shared";

  private int secret(int n) {
    return n + field;
  }

  private static String hidden(Object... all) {
    return Arrays.toString(all);
  }

  private static Coroutine<Integer, Object, Object> capturing(
      boolean z, byte b, char c, short s, int i, long l, float f, double d, String t, int[] a) {
    return Coroutine.of(
        co -> {
          co.yield(z + " " + b + " " + c + " " + s);
          co.yield(i + " " + l + " " + f + " " + d);
          a[0]++;
          return t + a[0];
        });
  }

  @EngineTest
  void parametersOfEveryTypeAreCaptured() {
    assertEquals(
        "true -1 c -2 3 5000000000 1.5 2.5 =t10",
        Run.of(
                capturing(
                    true,
                    (byte) -1,
                    'c',
                    (short) -2,
                    3,
                    5_000_000_000L,
                    1.5f,
                    2.5,
                    "t",
                    new int[] {9}))
            .toEnd());
  }

  @EngineTest
  void moreThanTenValuesKeepTheirOrder() {
    int a = 0, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7, i = 8, j = 9, k = 10;
    long l = 11;
    String m = "12";
    assertTrace(
        "x =0 1 2 3 4 5 6 7 8 9 10 11 12",
        co -> {
          co.yield("x");
          return a + " " + b + " " + c + " " + d + " " + e + " " + f + " " + g + " " + h + " " + i
              + " " + j + " " + k + " " + l + " " + m;
        });
  }

  @EngineTest
  void eachInstanceHasItsOwnCaptures() {
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      ends.add(Run.of(co -> number + "" + co.yield(number * 10)).toEnd());
    }
    assertEquals(List.of("0 =01", "10 =11", "20 =21"), ends);
  }

  @EngineTest
  void privateMembersOfTheHostAreUsed() {
    assertTrace(
        "a 8 [1, 2] [] b =[shared2, x]7",
        co -> {
          co.yield("a");
          co.yield(secret(1));
          co.yield(hidden(1, 2));
          co.yield(hidden());
          shared += co.yield("b") - 3;
          String now = hidden(shared, "x");
          shared = "shared";
          this.field++;
          return now + --field;
        });
  }

  private <T extends Comparable<? super T>> CoroutineBody<Integer, Object, Object> greatest(
      List<? extends T> all) {
    return co -> {
      T best = null;
      for (T each : all) {
        if (best == null || each.compareTo(best) > 0) {
          best = each;
          co.yield(best);
        }
      }
      return best;
    };
  }

  @EngineTest
  void genericsOfTheMethodAreUsed() {
    assertEquals("b d =d", Run.of(greatest(List.of("b", "a", "d", "c"))).toEnd());
  }

  @EngineTest
  void lambdasInsideTheBodyCaptureItsLocals() {
    assertTrace(
        "a 3 b =[x1, x2]12",
        co -> {
          int got = co.yield("a");
          IntUnaryOperator plus = n -> n + got + field - 7;
          co.yield(plus.applyAsInt(2));
          List<String> out = new ArrayList<>();
          List.of(1, 2).forEach(n -> out.add("x" + n));
          Supplier<Function<Integer, Integer>> deep = () -> n -> secret(n) + got;
          return out + "" + deep.get().apply(co.yield("b") + 1);
        });
  }

  @EngineTest
  void localAndAnonymousClassesAreMadeInsideTheBody() {
    assertTrace(
        "a l1 r(1) =o17",
        co -> {
          int got = co.yield("a");
          class Local {
            @Override
            public String toString() {
              return "l" + got;
            }
          }
          record Rec(int n) {
            @Override
            public String toString() {
              return "r(" + n + ")";
            }
          }
          co.yield(new Local());
          co.yield(new Rec(got));
          Object anonymous =
              new Object() {
                @Override
                public String toString() {
                  return "o" + got + field;
                }
              };
          return anonymous;
        });
  }

  // Method references

  private static final class Box {
    private final Object value;

    private Box(Object value) {
      this.value = value;
    }

    private Object value() {
      return value;
    }
  }

  @EngineTest
  void methodReferencesOfAllKindsAreMadeInsideTheBody() {
    assertTrace(
        "a 8 [x] X box 3 =[null, null]",
        co -> {
          co.yield("a");
          IntUnaryOperator bound = this::secret;
          co.yield(bound.applyAsInt(1));
          Function<Object[], String> fixed = CapturesTest::hidden;
          co.yield(fixed.apply(new Object[] {"x"}));
          Function<String, String> unbound = String::toUpperCase;
          co.yield(unbound.apply("x"));
          Function<Object, Box> create = Box::new;
          Function<Box, Object> get = Box::value;
          co.yield(get.apply(create.apply("box")));
          Function<int[], Object> copy = int[]::clone;
          co.yield(((int[]) copy.apply(new int[] {3}))[0]);
          Function<Integer, Object[]> array = Object[]::new;
          return Arrays.toString(array.apply(2));
        });
  }

  private Object bound(Yielder<Integer, Object> co) {
    return co.yield("bound" + field);
  }

  private static Object fixed(Yielder<Integer, Object> co) {
    return co.yield("fixed");
  }

  Object open(Yielder<Integer, Object> co) {
    return co.yield("open");
  }

  @EngineTest
  void aBodyIsAMethodReference() {
    assertEquals("bound7 =1", Run.of(this::bound).toEnd());
    assertEquals("fixed =1", Run.of(CapturesTest::fixed).toEnd());
    assertEquals("open =1", Run.of(this::open).toEnd());
  }

  @EngineTest
  void aReferenceToAMethodWithoutLinesIsWhereItIsMade() {
    Consumer<Yielder<?, Object>> any = co -> co.yield("any");
    int line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
    Generator<Object> g = Generator.of(any::accept);

    String place = "CapturesTest.java:" + line;
    Run.assertThread(g, place, "accept() takes co as an object of another type");
    assertEquals("generator at " + place + ", CREATED", g.toString());
    assertEquals(List.of("any"), g.toList());
  }

  private static final class Named implements CoroutineBody<Integer, Object, Object> {
    private static final long serialVersionUID = 1;
    private int own = 3;

    @Override
    public Object run(Yielder<Integer, Object> co) {
      own += co.yield("own" + own);
      return own;
    }
  }

  @EngineTest
  void aBodyIsAnObjectOfANamedOrAnonymousClass() {
    assertEquals("own3 =4", Run.of(new Named()).toEnd());
    assertEquals(
        "anonymous7 =1",
        Run.of(
                new CoroutineBody<Integer, Object, Object>() {
                  private static final long serialVersionUID = 1;

                  @Override
                  public Object run(Yielder<Integer, Object> co) {
                    return co.yield("anonymous" + field);
                  }
                })
            .toEnd());
  }

  // Helpers

  private final class Inner {
    private Object help(String prefix, long wide, Yielder<Integer, Object> co, double last) {
      int got = co.yield(prefix + wide);
      return got + last + field;
    }
  }

  private static int count(Yielder<Integer, Object> co, int... numbers) {
    int sum = 0;
    for (int n : numbers) {
      sum += n * co.yield(n);
    }
    return sum;
  }

  @EngineTest
  void helpersGetTheirArgumentsInOrder() {
    assertTrace(
        "p5000000000 2 3 x3 =10.5 13",
        co -> {
          Inner inner = new Inner();
          Object first = inner.help("p", 5_000_000_000L, co, 2.5);
          int second = count(co, 2, 3) + count(co);
          co.yield("x" + (second - 10));
          return first + " " + second;
        });
  }

  @EngineTest
  void aHelperWithoutItsReceiverFailsAsACallDoes() {
    assertTrace(
        "a npe =null",
        co -> {
          Inner inner = null;
          co.yield("a");
          try {
            return inner.help("p", 1, co, 2);
          } catch (NullPointerException e) {
            log("npe");
            return null;
          }
        });
  }

  @EngineTest
  void coMayBeCopiedAndLambdasMayTakeIt() {
    assertTrace(
        "a b =2",
        co -> {
          var same = co;
          same.yield("a");
          Yielder<Integer, Object> third = same;
          return third.yield("b");
        });
    int line = new Throwable().getStackTrace()[0].getLineNumber();
    assertEquals(
        "1 2 =null",
        Run.onThread(
                co -> {
                  List.of(1, 2).stream().forEach(n -> co.yield(n));
                  return null;
                },
                "co is captured by a lambda that is passed to Stream.forEach() at CapturesTest.java:"
                    + (line + 5))
            .toEnd());
  }

  private static boolean always() {
    return true;
  }

  @EngineTest
  void theSlotOfCoMayBeReused() {
    assertTrace(
        "a b =2",
        co -> {
          Yielder<Integer, Object> same;
          if (always()) {
            same = co;
            same.yield("a");
          } else {
            String other = "x";
            log(other);
          }
          String third = "b";
          return co.yield(third);
        });
  }
}
