package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;

/** A body that is suspended while the arguments of a constructor are made. */
class ConstructorArgumentsTest {
  private record Pair(Object left, Object right) {
    @Override
    public String toString() {
      return "(" + left + "," + right + ")";
    }
  }

  private static final class Wide {
    private final String shown;

    private Wide(byte b, long l, double d, String s, Object... rest) {
      shown = b + "/" + l + "/" + d + "/" + s + "/" + List.of(rest);
    }

    @Override
    public String toString() {
      return shown;
    }
  }

  private static final class Failing extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failing(String message, int number) {
      super(message + number);
      if (number == 2) {
        throw new IllegalStateException("constructor");
      }
    }
  }

  private class Inner {
    private final int value;

    private Inner(int value) {
      this.value = value;
    }

    @Override
    public String toString() {
      return "inner" + value + (ConstructorArgumentsTest.this == null ? "?" : "");
    }
  }

  @EngineTest
  void newTakesWhatIsSent() {
    assertTrace(
        "a b (1,2) =null",
        co -> {
          co.yield(new Pair(co.yield("a"), co.yield("b")));
          return null;
        });
  }

  @EngineTest
  void newOfTheJdkTakesWhatIsSent() {
    assertTrace(
        "a b xx12 =3",
        co -> {
          StringBuilder text = new StringBuilder("xx" + co.yield("a"));
          co.yield(text.append(new String("" + co.yield("b"))));
          return new ArrayList<>(List.of(text, 1, 2)).size();
        });
  }

  @EngineTest
  void newNestsThreeDeep() {
    assertTrace(
        "a b c d ((1,(2,3)),4) =5",
        co -> {
          co.yield(
              new Pair(
                  new Pair(co.yield("a"), new Pair(co.yield("b"), co.yield("c"))), co.yield("d")));
          return 5;
        });
  }

  @EngineTest
  void newMayHaveValuesBelowIt() {
    assertTrace(
        "a b c =7(2,3)1",
        co -> {
          int seven = 7;
          return seven + "" + new Pair(co.yield("a") + 1, co.yield("b") + 1) + (co.yield("c") - 2);
        });
  }

  @EngineTest
  void wideAndVariableArgumentsAreKept() {
    assertTrace(
        "a b c =1/5000000000/2.5/s2/[1, x, 3]",
        co -> {
          long big = 5_000_000_000L;
          return new Wide(
              (byte) (int) co.yield("a"), big, 2.5, "s" + co.yield("b"), 1, "x", co.yield("c"));
        });
  }

  @EngineTest
  void arraysOfNewObjectsAreFilled() {
    assertTrace(
        "a b =[(1,x), (y,2)]",
        co -> {
          Pair[] pairs = {new Pair(co.yield("a"), "x"), new Pair("y", co.yield("b"))};
          return List.of(pairs);
        });
  }

  @EngineTest
  void anInnerClassOfTheHostIsMade() {
    assertTrace(
        "a inner1 =inner2",
        co -> {
          co.yield(new Inner(co.yield("a")));
          return this.new Inner(2);
        });
  }

  @EngineTest
  void anAnonymousClassTakesWhatIsSent() {
    assertTrace(
        "a =1x1",
        co -> {
          String x = "x";
          int got = co.yield("a");
          return new ArrayList<Object>(List.of(got)) {
            private static final long serialVersionUID = 1;

            @Override
            public String toString() {
              return get(0) + x + got;
            }
          }.toString();
        });
  }

  @EngineTest
  void anAnonymousClassHasAYieldAmongItsArguments() {
    assertTrace(
        "a =[]!",
        co ->
            new ArrayList<Object>(co.yield("a")) {
              private static final long serialVersionUID = 1;

              @Override
              public String toString() {
                return super.toString() + "!";
              }
            });
  }

  @EngineTest
  void aThrowMakesItsException() {
    assertTrace(
        "a !Failing:m1",
        co -> {
          throw new Failing("m", co.yield("a"));
        });
  }

  @EngineTest
  void aConstructorMayThrow() {
    assertTrace(
        "a b caught:constructor =null",
        co -> {
          try {
            throw new Failing("m" + co.yield("a"), co.yield("b"));
          } catch (IllegalStateException e) {
            log("caught:" + e.getMessage());
            return null;
          }
        });
  }

  @EngineTest
  void anArgumentMayThrow() {
    assertTrace(
        "a b caught =(1,null)",
        co -> {
          Object left = null;
          try {
            left = new Pair(co.yield("a"), new Failing("m", co.yield("b")));
          } catch (IllegalStateException e) {
            log("caught");
            left = new Pair(1, left);
          }
          return left;
        });
  }

  @EngineTest
  void aStringSwitchDecidesWhatIsMade() {
    assertTrace(
        "q (w,2) q (v,4) q (u,6) =null",
        co -> {
          for (String kind : new String[] {"Aa", "BB", "c"}) { // the first two have one hash code
            co.yield(
                new Pair(
                    switch (kind) {
                      case "Aa" -> "w";
                      case "BB" -> "v";
                      default -> "u";
                    },
                    co.yield("q") + 1));
          }
          return null;
        });
  }

  @EngineTest
  void aConditionDecidesWhatIsMade() {
    assertTrace(
        "a b (1,y) c (x,4) =null",
        co -> {
          for (int i = 0; i < 2; i++) {
            boolean even = i == 0;
            co.yield(
                even
                    ? new Pair(co.yield("a"), co.yield("b") == 2 ? "y" : "n")
                    : new Pair("x", even ? 0 : co.yield("c")));
          }
          return null;
        });
  }

  /** javac keeps the object whose constructor has not run in a local here. */
  @EngineTest
  void aTryStatementInsideTheArguments() {
    assertTrace(
        "a b =(1,caught2)",
        co ->
            new Pair(
                co.yield("a"),
                switch (1) {
                  default -> {
                    try {
                      int number = co.yield("b");
                      throw new IllegalStateException("caught" + number);
                    } catch (IllegalStateException e) {
                      yield e.getMessage();
                    }
                  }
                }));
  }

  @EngineTest
  void aLoopInsideTheArguments() {
    assertTrace(
        "0 1 2 =(x,6)",
        co ->
            new Pair(
                "x",
                switch (1) {
                  default -> {
                    int sum = 0;
                    for (int i = 0; i < 3; i++) {
                      sum += co.yield(i);
                    }
                    yield sum;
                  }
                }));
  }

  @EngineTest
  void classesAreInitialisedWhereJavaDoesIt() throws Exception {
    String source =
        """
        package order;
        import io.fermata.*;
        import java.util.*;
        public class Host {
          static class First { static { io.fermata.conformance.shapes.Run.log("First"); } private First(Object o) { io.fermata.conformance.shapes.Run.log("new" + o); } }
          static class Second { static { io.fermata.conformance.shapes.Run.log("Second"); } Second(Object o) { io.fermata.conformance.shapes.Run.log("new" + o); } }
          static class Late { static { io.fermata.conformance.shapes.Run.log("Late"); } private static int field = 5; private static void call(int i) { io.fermata.conformance.shapes.Run.log("call" + i); } }
          static class Lazy { static { io.fermata.conformance.shapes.Run.log("Lazy"); } private static final Object NEVER = new Object(); }
          public static Coroutine<Integer, Object, Object> make() {
            return Coroutine.of(co -> {
              io.fermata.conformance.shapes.Run.log("start");
              new First(co.yield("a"));
              new Second(new First(co.yield("b")) == null ? 0 : co.yield("c"));
              Late.call(co.yield("d"));
              if (co.yield("e") == 0) return Lazy.NEVER;
              return Late.field;
            });
          }
        }
        """;
    Run run = Run.of(Sources.compile(source).loader().coroutine("order.Host", "make"));
    assertEquals("start First a new1 Second b new2 c new3 d Late call4 e =5", run.toEnd());
  }
}
