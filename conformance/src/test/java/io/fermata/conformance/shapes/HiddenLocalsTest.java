package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Locals that javac makes and the source does not name. */
@SuppressWarnings("try") // resources that only have to be closed
class HiddenLocalsTest {
  private enum Colour {
    RED,
    GREEN
  }

  private record Resource(String name) implements AutoCloseable {
    Resource {
      log("open" + name);
    }

    @Override
    public void close() {
      log("close" + name);
      if (name.equals("bad")) {
        throw new IllegalStateException("close");
      }
    }
  }

  @EngineTest
  void arraysAreWalked() {
    assertTrace(
        "x1 y2 xx yy =12",
        co -> {
          int sum = 0;
          for (int i : new int[] {1, 2}) {
            for (String s : new String[] {"x", "y"}) {
              if ((i == 1) == s.equals("x")) {
                co.yield(s + i);
              }
            }
            sum += i;
          }
          for (char c : "xy".toCharArray()) {
            co.yield("" + c + c);
            sum += c - 'x';
          }
          for (long[] row : new long[][] {{1, 2}, {3}}) {
            for (long cell : row) {
              sum += (int) cell;
            }
          }
          return sum + 2;
        });
  }

  @EngineTest
  void iterablesAreWalked() {
    assertTrace(
        "a b k1 k2 =5",
        co -> {
          int sum = 0;
          for (String s : List.of("a", "b")) {
            sum += co.yield(s);
          }
          Map<String, Integer> map = new TreeMap<>(Map.of("k", 1, "l", 1));
          for (Map.Entry<String, Integer> entry : map.entrySet()) {
            sum += entry.getValue();
            co.yield("k" + (sum - 3));
          }
          return sum;
        });
  }

  @EngineTest
  void aCollectionThatChangesIsNoticed() {
    assertTrace(
        "1 !ConcurrentModificationException",
        co -> {
          var list = new ArrayList<>(List.of(1, 2, 3));
          for (int i : list) {
            co.yield(i);
            list.add(4);
          }
          return list;
        });
  }

  @EngineTest
  void resourcesAreClosedInTurn() {
    assertTrace(
        "opena openb in closeb closea after =null",
        co -> {
          try (var a = new Resource("a");
              var b = new Resource("b")) {
            co.yield("in");
          }
          co.yield("after");
          return null;
        });
  }

  @EngineTest
  void aFailureInsideClosesAndKeepsWhatClosingThrows() {
    assertTrace(
        "openbad in closebad caught:in/close done =null",
        co -> {
          try (var bad = new Resource("bad")) {
            co.yield("in");
            throw new IllegalArgumentException("in");
          } catch (IllegalArgumentException e) {
            co.yield("caught:" + e.getMessage() + "/" + e.getSuppressed()[0].getMessage());
          }
          co.yield("done");
          return null;
        });
  }

  @EngineTest
  void resourcesAreClosedByCloseAndRaise() {
    assertEquals("opena in closea", Run.of(HiddenLocalsTest::scoped).step().close().toString());
    assertEquals(
        "opena in closea !RuntimeException:out",
        Run.of(HiddenLocalsTest::scoped).step().raise(new RuntimeException("out")).toString());
  }

  private static Object scoped(Yielder<Integer, Object> co) {
    try (Resource a = new Resource("a");
        Resource none = null) {
      return co.yield("in");
    }
  }

  @EngineTest
  void aResourceIsOpenedByAYield() {
    assertTrace(
        "a open1 b close1 =2",
        co -> {
          try (var r = new Resource("" + co.yield("a"))) {
            return co.yield("b");
          }
        });
  }

  @EngineTest
  void stringSwitchesYieldInTheirArms() {
    assertTrace(
        "Aa1 BB2 c3 zero4 =10",
        co -> {
          int sum = 0;
          for (String s : new String[] {"Aa", "BB", "c", ""}) {
            switch (s) {
              case "Aa":
                sum += co.yield("Aa1");
                break;
              case "BB":
                sum += co.yield("BB2");
                break;
              case "c":
                sum += co.yield("c3");
                break;
              default:
                sum += co.yield("zero4");
            }
          }
          return sum;
        });
  }

  @EngineTest
  void enumSwitchesYieldInTheirArms() {
    assertTrace(
        "r1 g2 =(x,3)",
        co -> {
          for (Colour colour : Colour.values()) {
            switch (colour) {
              case RED -> co.yield("r1");
              case GREEN -> co.yield("g2");
            }
          }
          Colour red = Colour.RED;
          return "(x,"
              + switch (red) {
                case RED -> 3;
                case GREEN -> co.yield("never");
              }
              + ")";
        });
  }

  @EngineTest
  void instanceofPatternsBind() {
    assertTrace(
        "a s:text b i:7 =null",
        co -> {
          for (Object o : new Object[] {"text", 7}) {
            if (o instanceof String s && co.yield("a") > 0) {
              co.yield("s:" + s);
            } else if (!(o instanceof Integer i)) {
              return "never";
            } else {
              co.yield("b");
              co.yield("i:" + i);
            }
          }
          return null;
        });
  }

  @EngineTest
  void assertionsYield() throws Exception {
    String source =
        """
        package asserting;
        import io.fermata.*;
        public class Host {
          static Coroutine<Integer, Object, Object> make() {
            return Coroutine.of(co -> {
              int x = co.yield("a");
              assert x == co.yield("b") : "no " + co.yield("c");
              return "end";
            });
          }
        }
        """;
    var loader = Sources.compile(source).loader();
    loader.setDefaultAssertionStatus(true);
    assertEquals(
        "a b c !AssertionError:no 3", Run.of(loader.coroutine("asserting.Host", "make")).toEnd());
    var careless = Sources.compile(source).loader();
    careless.setDefaultAssertionStatus(false);
    assertEquals("a =end", Run.of(careless.coroutine("asserting.Host", "make")).toEnd());
  }

  private static final String PATTERNS =
      """
      package patterns;
      import io.fermata.*;
      public class Host {
        sealed interface Shape {}
        record Circle(int radius) implements Shape {}
        record Box(Object left, Object right) implements Shape {}
        enum Special implements Shape { NONE, ALL }
        static Coroutine<Integer, Object, Object> types() {
          return Coroutine.of(co -> {
            Object[] all = {1, "s", 'c', null, new Circle(4), Special.ALL, Special.NONE};
            String out = "";
            for (Object o : all) {
              out += switch (o) {
                case null -> "null" + co.yield("n");
                case Integer i when co.yield("guard") > 0 && i > 0 -> "i" + i;
                case Integer i -> "never";
                case String s -> s + co.yield("s");
                case Special e when e == Special.ALL -> "all" + co.yield("e");
                case Shape shape -> { co.yield(shape); yield "shape"; }
                default -> "other";
              };
            }
            return out;
          });
        }
        static Coroutine<Integer, Object, Object> sealedOnes() {
          return Coroutine.of(co -> {
            String out = "";
            for (Shape o : new Shape[] {new Circle(1), Special.NONE, Special.ALL, new Box(1, 2)}) {
              out += switch (o) {
                case Circle c -> "c" + co.yield("c");
                case Special.NONE -> "none" + co.yield("n");
                case Special.ALL -> "all" + co.yield("a");
                case Box b -> "b";
              };
            }
            return out;
          });
        }
        static Coroutine<Integer, Object, Object> records() {
          return Coroutine.of(co -> {
            String out = "";
            for (Object o : new Object[] {new Box(new Circle(3), "r"), new Box("l", new Box(1, 2))}) {
              switch (o) {
                case Box(Circle(int r), String s) when r == co.yield("a") + 2 -> out += r + s + co.yield("b");
                case Box(String l, Box(Integer x, var y)) -> out += l + co.yield("c") + x + y;
                default -> out += "never";
              }
            }
            if (new Box("p", 5) instanceof Box(String p, Integer q) && co.yield(p) > 0) {
              out += p + q;
            }
            return out;
          });
        }
      }
      """;

  @EngineTest
  void patternSwitchesAndRecordPatternsYield() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "needs the patterns of Java 21");
    var loader = Sources.compile(PATTERNS).loader();
    assertEquals(
        "guard s n Circle[radius=4] e NONE =i1s2othernull3shapeall5shape",
        Run.of(loader.coroutine("patterns.Host", "types")).toEnd());
    assertEquals(
        "c n a =c1none2all3b", Run.of(loader.coroutine("patterns.Host", "sealedOnes")).toEnd());
    assertEquals(
        "a b c p =3r2l312p5", Run.of(loader.coroutine("patterns.Host", "records")).toEnd());
  }
}
