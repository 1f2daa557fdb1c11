package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.DoubleGenerator;
import io.fermata.DoubleYielder;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.IntYielder;
import io.fermata.LongGenerator;
import io.fermata.LongYielder;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Uses of {@code co} that are no escape: checks, comparisons, copies, returns. */
class HarmlessUsesTest {
  /** As the Kotlin compiler and its library have it. */
  private static final class Intrinsics {
    static void checkNotNullParameter(Object value, String name) {
      if (value == null) {
        throwNull(name);
      }
    }

    private static void throwNull(String name) {
      throw new NullPointerException("Parameter specified as non-null is null: " + name);
    }

    static <T> T sanitise(T failure, String className) {
      return failure;
    }

    static void checkNotNull(Object value) {
      if (value == null) {
        throw sanitise(new NullPointerException(), Intrinsics.class.getName());
      }
    }
  }

  private static Object required(Yielder<Integer, Object> co) {
    Objects.requireNonNull(co);
    Objects.requireNonNull(co, "co");
    Objects.requireNonNull(co, () -> "co");
    Yielder<Integer, Object> checked = Objects.requireNonNull(co);
    return checked.yield("required");
  }

  private static Object tested(Yielder<Integer, Object> co) {
    if (co == null) {
      throw new NullPointerException("co is marked non-null but is null");
    }
    assert co != null;
    assert co != null : "co";
    return null != co ? co.yield("tested") : "none";
  }

  private static Object generated(Yielder<Integer, Object> co) {
    Intrinsics.checkNotNullParameter(co, "co");
    Intrinsics.checkNotNull(co);
    return co.yield("generated");
  }

  @EngineTest
  void nullChecksOfAllKindsAreCompiled() {
    assertTrace(
        "required tested generated =123", co -> "" + required(co) + tested(co) + generated(co));
    assertTrace(
        "own =1", co -> Objects.requireNonNull(Objects.requireNonNull(co), "co").yield("own"));
  }

  @EngineTest
  void aCheckOfWhatIsNoCoStillFails() {
    assertTrace(
        "x =1Parameter specified as non-null is null: other",
        co -> {
          Object first = co.yield("x");
          try {
            Intrinsics.checkNotNullParameter(null, "other");
            return "?";
          } catch (NullPointerException e) {
            return first + e.getMessage();
          }
        });
  }

  @EngineTest
  void comparisonsAreCompiled() {
    Object other = new Object();
    assertTrace(
        "a =1same different different different null",
        co -> {
          Yielder<Integer, Object> copy = co;
          String said = "" + co.yield("a");
          said += copy == co ? "same " : "? ";
          said += (Object) co == other ? "? " : "different ";
          said += other != co ? "different " : "? ";
          said += co != null ? "different " : "? ";
          return said + (co == null ? "?" : "null");
        });
  }

  private static boolean isSame(Object first, Object second) {
    return first == second;
  }

  private static <T> T first(T first, Object second) {
    log(first == second ? "alike" : "unlike");
    return first;
  }

  @EngineTest
  void aMethodThatComparesOrReturnsItIsCalledAsItIs() {
    assertTrace(
        "alike unlike a =truefalse1",
        co -> {
          first(co, co);
          Yielder<Integer, Object> it = first(co, "x");
          return "" + isSame(co, it) + isSame(co, "x") + it.yield("a");
        });
  }

  private static Yielder<Integer, Object> check(Yielder<Integer, Object> co) {
    if (co == null) {
      throw new NullPointerException();
    }
    return co;
  }

  private static Yielder<Integer, Object> checkAndYield(Yielder<Integer, Object> co) {
    log(String.valueOf(co.yield("checked")));
    return co;
  }

  private static Yielder<Integer, Object> deep(Yielder<Integer, Object> co, int depth) {
    return depth == 0 ? co : deep(co, depth - 1);
  }

  private static Yielder<Integer, Object> even(Yielder<Integer, Object> co, int n) {
    return n == 0 ? null : odd(co, n - 1);
  }

  private static Yielder<Integer, Object> odd(Yielder<Integer, Object> co, int n) {
    return n == 0 ? co : even(co, n - 1);
  }

  @EngineTest
  void aHelperMayReturnIt() {
    assertTrace("a =1", co -> check(co).yield("a"));
    assertTrace("checked 1 a =2", co -> checkAndYield(co).yield("a"));
    assertTrace("a b =12", co -> "" + deep(co, 5).yield("a") + deep(check(co), 0).yield("b"));
    assertTrace(
        "checked 1 b =nullodd2",
        co -> {
          String said = even(checkAndYield(co), 4) == null ? "null" : "?";
          Yielder<Integer, Object> odd = even(co, 3);
          return said + "odd" + odd.yield("b");
        });
  }

  private static Object both(Yielder<Integer, Object> a, int n, Yielder<Integer, Object> b) {
    return a.yield("a" + n) + "" + b.yield("b" + n) + (a == b) + (n > 0 ? both(b, n - 1, a) : "");
  }

  @EngineTest
  void itMayBePassedTwice() {
    assertTrace("a1 b1 a0 b0 =12true34true", co -> both(co, 1, co));
    assertTrace(
        "a0 =npe",
        co -> {
          try {
            return both(co, 0, null);
          } catch (NullPointerException e) {
            return "npe";
          }
        });
  }

  private static void trace(int n, Yielder<Integer, Object> trace) {
    if (trace != null) {
      trace.yield(n);
    }
  }

  @EngineTest
  void nullMayBePassedInItsPlace() {
    assertTrace(
        "2 3 5 =end",
        co -> {
          trace(1, null);
          trace(2, co);
          for (int i = 3; i < 7; i++) {
            Yielder<Integer, Object> perhaps = i % 2 == 1 ? co : null;
            trace(i, perhaps);
          }
          return "end";
        });
  }

  @EngineTest
  void aConditionalMayChooseIt() {
    for (boolean chosen : new boolean[] {true, false}) {
      assertTrace("a =1", co -> (chosen ? co : check(co)).yield("a"));
      assertTrace(
          "x " + (chosen ? "a =12" : "=1none"),
          co -> {
            Yielder<Integer, Object> perhaps = null;
            if (chosen) {
              perhaps = co;
            }
            Object x = co.yield("x");
            return x + "" + (perhaps != null ? perhaps.yield("a") : "none");
          });
    }
  }

  @EngineTest
  void aYieldThroughNullFailsAsInJava() {
    for (boolean chosen : new boolean[] {true, false}) {
      assertTrace(
          chosen ? "operand a =1" : "operand npe =caught",
          co -> {
            Yielder<Integer, Object> perhaps = chosen ? co : null;
            try {
              return perhaps.yield(operand());
            } catch (NullPointerException e) {
              log("npe");
              return "caught";
            }
          });
    }
  }

  private static Object operand() {
    log("operand");
    return "a";
  }

  @EngineTest
  void itMayBeAnObjectOfASupertype() {
    assertTrace(
        "a =1true",
        co -> {
          Object object = co;
          boolean is = object instanceof Yielder;
          @SuppressWarnings("unchecked")
          Yielder<Integer, Object> again = (Yielder<Integer, Object>) object;
          return again.yield("a") + "" + is;
        });
  }

  private static void ints(IntYielder co) {
    Objects.requireNonNull(co).yield(1);
    IntYielder perhaps = co == null ? null : co;
    perhaps.yield(2);
    Objects.requireNonNull(perhaps).yield(3);
  }

  private static void longs(LongYielder co) {
    Objects.requireNonNull(co).yield(1);
    trace(co, 2);
    trace(null, 3);
  }

  private static void trace(LongYielder co, long n) {
    if (co != null) {
      co.yield(n);
    }
  }

  @EngineTest
  void primitiveGeneratorsMayToo() {
    IntGenerator ints = IntGenerator.of(co -> ints(co));
    Run.assertCompiled(ints);
    assertEquals(List.of(1, 2, 3), all(ints));
    LongGenerator longs = LongGenerator.of(co -> longs(co));
    Run.assertCompiled(longs);
    assertEquals(List.of(1L, 2L), all(longs));
    DoubleGenerator doubles =
        DoubleGenerator.of(
            co -> {
              DoubleYielder perhaps = Objects.requireNonNull(co).equals(null) ? null : co;
              perhaps.yield(1);
            });
    Run.assertThread(doubles, "co is used as an object, by equals()", "HarmlessUsesTest.java");
    assertEquals(List.of(1.0), all(doubles));
  }

  private static List<Object> all(Iterable<?> generator) {
    List<Object> all = new ArrayList<>();
    generator.forEach(all::add);
    return all;
  }

  private static Object kept;

  private static Yielder<Integer, Object> other;

  private static void keep(Object co) {
    kept = co;
  }

  private static Yielder<Integer, Object> orOther(
      Yielder<Integer, Object> co, Yielder<Integer, Object> other, boolean first) {
    return first ? co : other;
  }

  @SafeVarargs
  private static <T> T firstOf(T... values) {
    return values[0];
  }

  @EngineTest
  void whatLetsItEscapeIsForTheThreadEngine() {
    assertEquals(
        "a =1",
        Run.onThread(
                co -> {
                  keep(co);
                  return co.yield("a");
                },
                "co is passed to HarmlessUsesTest.keep() as an object of another type",
                "co is stored at HarmlessUsesTest.java",
                "HarmlessUsesTest.java")
            .toEnd());
    assertEquals(
        "a =1",
        Run.onThread(co -> firstOf(co).yield("a"), "co is stored at HarmlessUsesTest.java")
            .toEnd());
    assertEquals(
        "a =1",
        Run.onThread(co -> orOther(co, other, true).yield("a"), "either co or another value")
            .toEnd());
    assertEquals(
        "a =true",
        Run.onThread(
                co -> co.yield("a") != null && String.valueOf(co) != null,
                "co is passed to String.valueOf()",
                "toString()")
            .toEnd());
    kept = null;
  }

  private static void walk(int depth, Yielder<?, Integer> co) {
    Objects.requireNonNull(co);
    if (depth > 0) {
      walk(depth - 1, co);
      co.yield(depth);
      walk(depth - 1, co);
    }
  }

  @EngineTest
  void recursiveHelpersMayCheckIt() {
    Generator<Integer> generator = Generator.of(co -> walk(3, co));
    Run.assertCompiled(generator);
    assertEquals(List.of(1, 2, 1, 3, 1, 2, 1), all(generator));
  }
}
