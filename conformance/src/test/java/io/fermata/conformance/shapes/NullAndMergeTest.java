package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.conformance.EngineTest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;

/** Locals whose type is not plain to see: null, reused slots, merges, small types. */
class NullAndMergeTest {
  @EngineTest
  void aLocalIsOnlyNullSoFar() {
    assertTrace(
        "null x =x",
        co -> {
          String s = null;
          co.yield(s);
          if (s == null) {
            s = "x";
          }
          co.yield(s);
          return s;
        });
  }

  @EngineTest
  void oneOfTwoYieldedValuesIsNull() {
    for (int i : new int[] {0, 1, 2}) {
      assertTrace(
          (i == 0 ? "null null null null" : i + " " + i + " " + i + " " + i) + " =end",
          co -> {
            co.yield(i == 0 ? null : (Integer) i);
            Object switched =
                co.yield(
                    switch (i) {
                      case 0 -> null;
                      case 1 -> (Object) i;
                      default -> Integer.valueOf(i);
                    });
            co.yield(
                i == 0 && switched != null ? null : i == 0 ? (Integer) null : Integer.valueOf(i));
            co.yield(i > 0 ? (Object) Integer.valueOf(i) : null);
            return "end";
          });
    }
  }

  @EngineTest
  void aLocalIsNullUntilALaterRoundOfALoop() {
    assertTrace(
        "null [0] [0, 1] =[0, 1, 2]",
        co -> {
          List<Object> list = null;
          for (int i = 0; i < 3; i++) {
            co.yield(list == null ? "null" : list.toString());
            if (list == null) {
              list = new ArrayList<>();
            }
            list.add(i);
          }
          return list;
        });
  }

  @EngineTest
  void aNullArrayIsAssignedLater() {
    assertTrace(
        "a !NullPointerException:b",
        co -> {
          int[] numbers = null;
          String[][] texts = null;
          co.yield(texts == null ? "a" : "z");
          try {
            numbers[0] = 1;
            return numbers;
          } catch (NullPointerException e) {
            throw new NullPointerException("b");
          }
        });
  }

  @EngineTest
  void aNullIsPassedOn() {
    assertTrace(
        "a b =nullnull",
        co -> {
          Object a = null;
          Object b = a;
          co.yield("a");
          Object c = b;
          co.yield("b");
          return "" + c + a;
        });
  }

  @EngineTest
  void slotsAreReusedWithOtherTypes() {
    assertTrace(
        "1 2.5 s 7000000000 [1] =c",
        co -> {
          {
            int i = 1;
            co.yield(i);
          }
          {
            double d = 2.5;
            co.yield(d);
          }
          {
            String s = "s";
            co.yield(s);
          }
          {
            long l = 7_000_000_000L;
            co.yield(l);
          }
          {
            int[] a = {1};
            co.yield(Arrays.toString(a));
          }
          char c = 'c';
          return c;
        });
  }

  @EngineTest
  void aSlotIsReusedInALoop() {
    assertTrace(
        "0 x0 2 x2 =4",
        co -> {
          int sum = 0;
          for (int i = 0; i < 4; i++) {
            if (i % 2 == 0) {
              int n = i;
              co.yield(n);
              sum += n;
            } else {
              String s = "x" + (i - 1);
              co.yield(s);
              sum += s.length() - 1;
            }
          }
          return sum;
        });
  }

  private interface Left {
    int left();
  }

  private interface Right {
    int right();
  }

  private record One(int left, int right) implements Left, Right {}

  private record Two(int right, int left) implements Left, Right {}

  @EngineTest
  void twoClassesWithTwoInterfacesMerge() {
    assertTrace(
        "a 21 b 12 =1",
        co -> {
          for (int i = 0; i < 2; i++) {
            var both = i == 0 ? new One(1, 2) : new Two(1, 2);
            co.yield(i == 0 ? "a" : "b");
            co.yield(both.left() + both.right() * 10);
          }
          return 1;
        });
  }

  @EngineTest
  void unrelatedClassesMergeToAnInterface() {
    assertTrace(
        "a 1 b 2 =true",
        co -> {
          Serializable last = null;
          for (int i = 0; i < 2; i++) {
            Serializable some;
            if (i == 0) {
              some = 1;
            } else {
              some = "2";
            }
            co.yield(i == 0 ? "a" : "b");
            co.yield(some);
            last = some;
          }
          return last instanceof Comparable<?>;
        });
  }

  @EngineTest
  void collectionsMergeToAnInterface() {
    assertTrace(
        "a [x] b [x, x] =2",
        co -> {
          List<String> list = new LinkedList<>();
          for (int i = 0; i < 2; i++) {
            co.yield(i == 0 ? "a" : "b");
            list.add("x");
            co.yield(list.toString());
            list = new ArrayList<>(list);
          }
          return list.size();
        });
  }

  @EngineTest
  void arraysMerge() {
    assertTrace(
        "a 2 b 1 c 1 =null",
        co -> {
          for (int i = 0; i < 3; i++) {
            Object[] array;
            Object any;
            if (i == 0) {
              array = new String[] {"x", "y"};
              any = new int[0];
            } else if (i == 1) {
              array = new Integer[][] {{1}};
              any = new long[0];
            } else {
              array = new int[][] {{1}};
              any = array;
            }
            co.yield(i == 0 ? "a" : i == 1 ? "b" : "c");
            co.yield(any == null ? -1 : array.length);
          }
          return null;
        });
  }

  @EngineTest
  void smallTypesKeepTheirValues() {
    assertTrace(
        "a b =true -1 \uffff -2 3.5 255 c",
        co -> {
          boolean z = co.yield("a") == 1;
          byte b = -1;
          char c = '\uffff';
          short s = -2;
          float f = 3.5f;
          int u = b & 0xff;
          char d = 'a';
          d += co.yield("b");
          return z + " " + b + " " + c + " " + s + " " + f + " " + u + " " + d;
        });
  }

  @EngineTest
  void smallTypesChangeInALoop() {
    assertTrace(
        "127 true -128 false -127 true =-126",
        co -> {
          byte b = 127;
          boolean z = true;
          for (int i = 0; i < 3; i++) {
            co.yield(b);
            co.yield(z);
            b++;
            z = !z;
          }
          return b;
        });
  }

  @EngineTest
  void wideLocalsKeepBothSlots() {
    assertTrace(
        "a 3000000001 b 0.25 =4.5 x -9000000000",
        co -> {
          long first = 3_000_000_000L;
          double second = 4.5;
          String between = "x";
          long third = -9_000_000_000L;
          first += co.yield("a");
          co.yield(first);
          double fourth = 0.25;
          co.yield("b");
          co.yield(fourth);
          return second + " " + between + " " + third;
        });
  }

  private static final String MISSING =
      """
      package missing;
      import io.fermata.*;
      public class Host {
        static boolean flag = false;
        static Coroutine<Integer, Object, Object> unused() {
          return Coroutine.of(co -> {
            Gone gone = null;
            co.yield("a");
            if (flag) { gone = new Gone(); }
            co.yield(gone == null ? "none" : gone.shown());
            return gone;
          });
        }
        static Coroutine<Integer, Object, Object> merged() {
          return Coroutine.of(co -> {
            Kind kind = null;
            if (flag) { kind = new Gone(); } else if (co.yield("a") == 5) { kind = new Other(); }
            co.yield(kind == null ? "none" : "some");
            return kind;
          });
        }
        static Coroutine<Integer, Object, Object> used() {
          return Coroutine.of(co -> {
            co.yield("a");
            try {
              return new Gone().shown() + co.yield("never");
            } catch (NoClassDefFoundError e) {
              return "missing" + co.yield("b");
            }
          });
        }
      }
      class Gone implements Kind { String shown() { return "gone"; } }
      class Other extends Gone { String shown() { return "other"; } }
      interface Kind {}
      """;

  @EngineTest
  void aClassMayBeMissingAtRunTime() throws Exception {
    Sources sources = Sources.compile(MISSING).without("missing.Gone").without("missing.Other");
    var loader = sources.loader();
    assertEquals("a none =null", Run.of(loader.coroutine("missing.Host", "unused")).toEnd());
    assertEquals("a none =null", Run.of(loader.coroutine("missing.Host", "merged")).toEnd());
    assertEquals("a b =missing2", Run.of(loader.coroutine("missing.Host", "used")).toEnd());
  }

  @EngineTest
  void aLocalIsNotYetAssigned() {
    assertTrace(
        "a b =2",
        co -> {
          int later;
          HashMap<String, Integer> map;
          co.yield("a");
          map = new HashMap<>();
          later = co.yield("b");
          map.put("x", later);
          return map.get("x");
        });
  }
}
