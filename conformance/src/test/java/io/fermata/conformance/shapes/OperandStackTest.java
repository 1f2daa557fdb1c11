package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static io.fermata.conformance.shapes.Run.seen;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import io.fermata.LongYielder;
import io.fermata.conformance.EngineTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A body that is suspended while values lie on its operand stack. */
class OperandStackTest {
  private int field = 10;
  private static long shared = 100;

  private static int index(int i) {
    log("i" + i);
    return i;
  }

  @EngineTest
  void anArrayElementIsIncreasedByWhatIsSent() {
    assertTrace(
        "i1 a i2 b =[10, 21, 32]",
        co -> {
          int[] a = {10, 20, 30};
          a[index(1)] += co.yield("a");
          a[index(2)] += co.yield("b");
          return Arrays.toString(a);
        });
  }

  @EngineTest
  void elementsOfAllTypesOfArrayAreAssigned() {
    assertTrace(
        "a b c d e f g h =[1] [x] [3] [4] [5.0] [6.0] [true] [n8]",
        co -> {
          byte[] bytes = {0};
          char[] chars = {'v'};
          short[] shorts = {0};
          long[] longs = {0};
          float[] floats = {0};
          double[] doubles = {0};
          boolean[] booleans = {false};
          String[] strings = {"n"};
          bytes[0] = (byte) (int) co.yield("a");
          chars[0] += co.yield("b");
          shorts[0] = (short) (int) co.yield("c");
          longs[0] += co.yield("d");
          floats[0] += co.yield("e");
          doubles[0] += co.yield("f");
          booleans[0] |= co.yield("g") == 7;
          strings[0] += co.yield("h");
          return Arrays.toString(bytes)
              + " "
              + Arrays.toString(chars)
              + " "
              + Arrays.toString(shorts)
              + " "
              + Arrays.toString(longs)
              + " "
              + Arrays.toString(floats)
              + " "
              + Arrays.toString(doubles)
              + " "
              + Arrays.toString(booleans)
              + " "
              + Arrays.toString(strings);
        });
  }

  @EngineTest
  void arithmeticKeepsItsOperands() {
    assertTrace(
        "a b =7",
        co -> {
          int x = 3;
          return x + co.yield("a") * 2 + co.yield("b");
        });
  }

  @EngineTest
  void longAndDoubleOperandsAreKept() {
    assertTrace(
        "a b c =1.0000000000015E12 6000000000 true",
        co -> {
          long l = 1_000_000_000_000L;
          double half = 0.5;
          double sum = half + (l + co.yield("a"));
          long product = 3_000_000_000L * co.yield("b");
          return sum + " " + product + " " + (half < co.yield("c"));
        });
  }

  @EngineTest
  void allPrimitiveTypesLieOnTheStack() {
    assertTrace(
        "a =[1, 2, c, 3, 4, 5.0, 6.0, true, s, null, 1]",
        co -> {
          byte b = 1;
          short s = 2;
          char c = 'c';
          boolean z = true;
          return list(b, s, c, 3, 4L, 5f, 6d, z, "s", null, co.yield("a"));
        });
  }

  private static List<Object> list(
      byte b,
      short s,
      char c,
      int i,
      long l,
      float f,
      double d,
      boolean z,
      String t,
      Object n,
      int last) {
    return Arrays.asList(b, s, c, i, l, f, d, z, t, n, last);
  }

  @EngineTest
  void stringsAreConcatenated() {
    assertTrace(
        "a b =x1y2z5.5c",
        co -> {
          char c = 'c';
          double d = 5.5;
          return "x" + co.yield("a") + "y" + co.yield("b") + "z" + d + c;
        });
  }

  @EngineTest
  void callsAreChained() {
    assertTrace(
        "a b c =<1>ab3",
        co ->
            new StringBuilder("<")
                .append(co.yield("a"))
                .append(">")
                .append("xaby", co.yield("b") - 1, 3)
                .append(co.yield("c"))
                .toString());
  }

  @EngineTest
  void aReceiverIsEvaluatedBeforeItsArguments() {
    assertTrace(
        "{} a b c =2",
        co -> {
          Map<Object, Object> map = new TreeMap<>();
          seen(map).put(co.yield("a"), co.yield("b"));
          return map.getOrDefault(co.yield("c") - 2, "none");
        });
  }

  @EngineTest
  void conditionalExpressionsChoose() {
    assertTrace(
        "a b =yes2",
        co -> {
          boolean one = co.yield("a") == 1;
          return (one ? "yes" : "no") + (one ? co.yield("b") : "none");
        });
  }

  @EngineTest
  void conditionsInsideOfOperandsAreMerged() {
    assertTrace(
        "a b =107 c =108",
        co -> {
          int x = 100;
          co.yield("=" + (x + (co.yield("a") == 1 ? 5 : co.yield("never")) + co.yield("b")));
          return x + (x == 0 ? co.yield("never") : co.yield("c")) + 4;
        });
  }

  @EngineTest
  void shortCircuitsSkip() {
    assertTrace(
        "a b =true false",
        co -> {
          boolean or = co.yield("a") == 1 || co.yield("never") == 0;
          boolean and = co.yield("b") == 1 && co.yield("never") == 0;
          return or + " " + and;
        });
  }

  @EngineTest
  void incrementsHappenInOrder() {
    assertTrace(
        "a b 8 =6",
        co -> {
          int i = 5;
          i = i++ + co.yield("a");
          int j = i++ + co.yield("b");
          co.yield(j);
          return --i;
        });
  }

  @EngineTest
  void fieldsAreUpdated() {
    assertTrace(
        "a b c d =11 102 5 true",
        co -> {
          field += co.yield("a");
          shared += co.yield("b");
          int was = field++ + 0 * co.yield("c");
          int f = field;
          field = 10;
          long s = shared;
          shared = 100;
          return was + " " + s + " " + (f - 7) + " " + (co.yield("d") == 4);
        });
  }

  @EngineTest
  void assignmentsAreValues() {
    assertTrace(
        "a =1 1 1",
        co -> {
          int[] a = new int[1];
          int b;
          long c = b = a[0] = co.yield("a");
          return a[0] + " " + b + " " + c;
        });
  }

  @EngineTest
  void multiDimensionalArraysAreMade() {
    assertTrace(
        "a b c =2 3 9",
        co -> {
          long[][] a = new long[co.yield("a") + 1][co.yield("b") + 1];
          a[1][2] = 6 + co.yield("c");
          return a.length + " " + a[0].length + " " + a[1][2];
        });
  }

  @EngineTest
  void castsAndInstanceofTakeWhatIsSent() {
    assertTrace(
        "a b 1 =x",
        co -> {
          Object o = co.yield("a");
          if (o instanceof Integer i && i == 1 && co.yield("b") == 2) {
            co.yield((Number) o);
          }
          return (Object) "x";
        });
  }

  @EngineTest
  void theValueOfAYieldMayBeDropped() {
    assertTrace(
        "a b =null",
        co -> {
          long kept = 4;
          co.yield("a");
          co.yield(kept == 4 ? "b" : "c");
          return null;
        });
  }

  @EngineTest
  void aYieldIsTheArgumentOfAYield() {
    assertTrace("a 1 2 =3", co -> co.yield(co.yield(co.yield("a"))));
  }

  @EngineTest
  void manyOperandsLieBelowAYield() {
    assertTrace(
        "a b =[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 11, 12, 2]",
        co -> List.<Object>of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, co.yield("a"), 11, 12, co.yield("b")));
  }

  @EngineTest
  void primitiveYieldsHaveOperandsBelowThem() {
    LongGenerator longs =
        LongGenerator.of(
            co -> {
              long[] a = {5, 6};
              int i = 0;
              a[i++] += twice(3_000_000_000L, co);
              co.yield(a[0] + a[i]);
            });
    Run.assertCompiled(longs);
    assertEquals(List.of(3_000_000_000L, 6_000_000_011L), longs.toList());
    IntGenerator ints = IntGenerator.of(co -> co.yield(field + 1));
    Run.assertCompiled(ints);
    assertEquals(List.of(11), ints.toList());
  }

  private static long twice(long value, LongYielder co) {
    co.yield(value);
    return value * 2;
  }
}
