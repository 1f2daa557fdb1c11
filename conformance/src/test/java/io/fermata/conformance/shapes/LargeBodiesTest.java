package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Bodies whose code is larger than a method that the JIT compiles. Each does what the same code
 * does as a plain method, and is made of methods that the JIT compiles.
 */
class LargeBodiesTest {
  private static String repeat(int times, IntFunction<String> line) {
    return IntStream.range(0, times).mapToObj(line).collect(Collectors.joining("\n"));
  }

  /** The code as a body, and as a plain method: {@code co} is there a list of what it yields. */
  private static Sources.Loader compile(String code) throws Exception {
    String source =
        """
        package sized;
        import io.fermata.*;
        import java.util.*;
        public class Host {
          static int one() { return 1; }
          static int many = 3000;
          static class Plain {
            final StringBuilder out = new StringBuilder();
            int count;
            int raiseAt = -1;
            Integer yield(Object value) {
              out.append(value).append(' ');
              if (++count == raiseAt) throw new ArithmeticException("raised");
              return count;
            }
            void yieldFrom(Coroutine<Integer, Object, Object> other) {
              try {
                for (Object value = other.next(); ; ) value = other.send(this.yield(value));
              } catch (StopIteration end) {
              }
            }
          }
          static int helper(Yielder<Integer, Object> co, int x) {
            int got = x; for (int i = 0; i < 2; i++) got += co.yield("h" + x); return got;
          }
          static int helper(Plain co, int x) {
            int got = x; for (int i = 0; i < 2; i++) got += co.yield("h" + x); return got;
          }
          static Coroutine<Integer, Object, Object> twice(int n) {
            return Coroutine.of(co -> { Integer got = co.yield(n); return co.yield(got); });
          }
          static boolean is(int x, int bit) { return (x >> bit & 1) == 1; }
          static Coroutine<Integer, Object, Object> make() {
            return Coroutine.of(co -> {
        %1$s
            });
          }
          static Object run(Plain co) {
        %1$s
          }
          static String plain() { return plain(-1); }
          static String plain(int raiseAt) {
            Plain co = new Plain();
            co.raiseAt = raiseAt;
            String end;
            try {
              end = "=" + run(co);
            } catch (Throwable thrown) {
              end = "!" + thrown.getClass().getSimpleName() + ":" + thrown.getMessage();
            }
            return co.out + end;
          }
        }
        """;
    return Sources.compile(source.formatted(code)).loader();
  }

  private static void assertLikePlain(String code) throws Exception {
    Sources.Loader loader = compile(code);
    Coroutine<Integer, Object, Object> body = loader.coroutine("sized.Host", "make");
    assertEquals(loader.call("sized.Host", "plain"), Run.of(body).toEnd());
    if (EveryEngine.compiles()) {
      assertFalse(body.engineReason().contains("interpreter"), body.engineReason());
    }
  }

  private static String yieldsOverLongs(int yields, int locals) {
    return repeat(locals, i -> "long v%1$d = %1$d;".formatted(i))
        + "for (int i = 0; i < 2; i++) {"
        + repeat(
            yields,
            i -> "v%d += v%d * 3 + co.yield(%d);".formatted(i % locals, (i + 7) % locals, i))
        + "} return 0"
        + repeat(locals, i -> " + v" + i)
        + ";";
  }

  @EngineTest
  void fortyYields() throws Exception {
    assertLikePlain(yieldsOverLongs(40, 20));
  }

  @EngineTest
  void eightyYields() throws Exception {
    assertLikePlain(yieldsOverLongs(80, 20));
  }

  @EngineTest
  void twoHundredYieldsAndSixtyLongs() throws Exception {
    assertLikePlain(yieldsOverLongs(200, 60));
  }

  @EngineTest
  void eightHundredYieldsAndTwentyLongs() throws Exception {
    assertLikePlain(yieldsOverLongs(800, 20));
  }

  /** The types of locals, with an expression that depends on all of one kind. */
  @EngineTest
  void twoHundredFiftyLocalsOfAllTypes() throws Exception {
    assertLikePlain(
        repeat(
                25,
                i ->
                    """
                    boolean z%1$d = %1$d %% 2 == 0; byte b%1$d = %1$d; char c%1$d = 'a';
                    short s%1$d = %1$d; int i%1$d = %1$d; long l%1$d = %1$d; float f%1$d = %1$d;
                    double d%1$d = %1$d; String t%1$d = "t%1$d"; int[] a%1$d = {%1$d};
                    """
                        .formatted(i))
            + repeat(
                120,
                n -> {
                  int i = n % 25;
                  return """
                  z%1$d = !z%2$d; b%1$d += s%2$d; c%1$d++; s%1$d -= b%2$d; i%1$d += l%2$d;
                  l%1$d ^= i%2$d; f%1$d += i%2$d; d%1$d -= f%2$d; t%1$d = t%2$d + c%2$d;
                  a%1$d[0] += co.yield(t%2$d.length() + a%2$d.length + (z%1$d ? 1 : 0));
                  """
                      .formatted(i, (i + 3) % 25);
                })
            + "return \"\""
            + repeat(
                25,
                i ->
                    "+ z%1$d + b%1$d + c%1$d + s%1$d + i%1$d + l%1$d + f%1$d + d%1$d + t%1$d +"
                            .formatted(i)
                        + "a%1$d[0]".formatted(i))
            + ";");
  }

  @EngineTest
  void aSwitchOverFifteenHundredInts() throws Exception {
    assertLikePlain(
        "int sum = 0; for (int i = 0; i < 1510; i++) { switch (i) {"
            + repeat(1500, i -> "case %1$d: sum += co.yield(%1$d); break;".formatted(i))
            + "default: sum--; } } return sum;");
  }

  @EngineTest
  void aSwitchOverFifteenHundredSparseInts() throws Exception {
    assertLikePlain(
        "int sum = 0; for (int i = -30; i < 1510; i++) { switch (i * 1000003) {"
            + repeat(1500, i -> "case %d: sum += co.yield(%d); break;".formatted(i * 1000003, i))
            + "default: sum--; } } return sum;");
  }

  @EngineTest
  void aSwitchOverAThousandStrings() throws Exception {
    assertLikePlain(
        "int sum = 0; for (int i = 0; i < 1010; i++) { switch (\"k\" + i) {"
            + repeat(1000, i -> "case \"k%1$d\": sum += co.yield(%1$d); break;".formatted(i))
            + "default: sum--; } } return sum;");
  }

  /** A parser in a loop of states, with the arms in disorder. */
  @EngineTest
  void aLoopOfStates() throws Exception {
    assertLikePlain(
        "int state = 0, seen = 0; loop: while (true) { switch (state) {"
            + repeat(
                400,
                i ->
                    "case %d: seen ^= co.yield(seen); state = %d; if (seen == 3) continue loop;break;"
                        .formatted(i * 7 % 400, (i * 7 + 1) % 401))
            + "default: break loop; } } return seen;");
  }

  private static final String LEAVING =
      """
      outer%1$d:
      for (int i = 0; i < 3; i++) {
        try {
          n += co.yield("a%1$d");
          try {
            if (is(n, 0)) continue outer%1$d;
            n += co.yield("b");
            if (is(n, 1)) break outer%1$d;
            if (is(n, 2)) throw new IllegalStateException("s" + n);
          } finally {
            n -= co.yield("f");
            if (n == %1$d) n++;
          }
          n += one();
        } catch (IllegalStateException e) {
          n += co.yield(e.getMessage());
          if (n > many) return n;
        } finally {
          n ^= co.yield("g");
        }
      }
      """;

  @EngineTest
  void triesAndLoopsLeftInEachWay() throws Exception {
    assertLikePlain("int n = 0;" + repeat(45, LEAVING::formatted) + "return n;");
  }

  /** What is raised at any yield is handled as what the yield throws. */
  @EngineTest
  void whatIsRaisedIsHandledWhereItIsRaised() throws Exception {
    String code =
        "int n = 0;"
            + repeat(
                60,
                i ->
                    """
                    try {
                      try {
                        n += co.yield(%1$d);
                        n += helper(co, %1$d);
                      } catch (ArithmeticException e) {
                        n -= co.yield(e.getMessage());
                        if (is(n, 1)) throw e;
                      } finally {
                        n ^= co.yield("f");
                      }
                    } catch (ArithmeticException e) {
                      n += e.getMessage().length();
                    }
                    """
                        .formatted(i))
            + "return n;";
    Sources.Loader loader = compile(code);
    var plain = loader.loadClass("sized.Host").getDeclaredMethod("plain", int.class);
    plain.setAccessible(true);
    for (int at = 1; at < 240; at += 23) {
      Run run = Run.of(loader.coroutine("sized.Host", "make"));
      run.step();
      for (int i = 1; i < at; i++) {
        run.step();
      }
      run.raise(new ArithmeticException("raised"));
      assertEquals(plain.invoke(null, at), run.skip().toEnd());
    }
  }

  @EngineTest
  void helpersAndDelegates() throws Exception {
    assertLikePlain(
        "int n = 0;"
            + repeat(
                100, i -> "n += helper(co, %1$d) + one(); co.yieldFrom(twice(n));".formatted(i))
            + "return n;");
  }

  /** One expression that is larger than a method may be: its operands are kept at the cuts. */
  @EngineTest
  void oneExpression() throws Exception {
    assertLikePlain(
        "long a = 3; return a + 1.5f * (one()"
            + repeat(1500, i -> "+ one() * " + (i % 100 == 0 ? "co.yield(a)" : "a"))
            + ");");
  }

  @EngineTest
  void arraysOfThousandsOfValues() throws Exception {
    assertLikePlain(
        "Object[] all = {"
            + repeat(1500, i -> i % 100 == 0 ? "co.yield(%d),".formatted(i) : "one() + " + i + ",")
            + "}; return Arrays.hashCode(all);");
  }

  @EngineTest
  void objectsAreMadeAroundYields() throws Exception {
    assertLikePlain(
        "Object last = null;"
            + repeat(
                250,
                i ->
                    "last = new StringBuilder(String.valueOf(co.yield(last))).append(%d).toString();"
                        .formatted(i))
            + "return last;");
  }

  @EngineTest
  void monitorsWithoutYields() throws Exception {
    assertLikePlain(
        "int n = 0; Object lock = new Object();"
            + repeat(
                150,
                i ->
                    """
                    n += co.yield(%1$d);
                    synchronized (lock) {
                      if (is(n, 1)) { n += one(); } else { n -= one() + %1$d; }
                    }
                    """
                        .formatted(i))
            + "return n;");
  }

  @EngineTest
  void anAsynchronousBody() throws Exception {
    String source =
        """
        package sized;
        import io.fermata.async.*;
        import java.time.Duration;
        public class Host {
          static Async<Integer> add(int a, int b) {
            return Async.of(co -> { co.await(Async.sleep(Duration.ofNanos(1))); return a + b; });
          }
          static int twice(Awaiter co, int x) throws Exception { return co.await(add(x, x)); }
          public static Async<Integer> make() {
            return Async.of(co -> {
              int n = 1;
              try {
        %s
              } finally {
                n++;
              }
              return n;
            });
          }
        }
        """;
    String code =
        repeat(200, i -> "n = co.await(add(n, %1$d)); n = twice(co, n) %% 1000;".formatted(i));
    Async<?> async =
        (Async<?>) Sources.compile(source.formatted(code)).loader().call("sized.Host", "make");
    int expected = 1;
    for (int i = 0; i < 200; i++) {
      expected = (expected + i) * 2 % 1000;
    }
    assertEquals(expected + 1, EventLoop.run(async));
  }

  @EngineTest
  void codeThatCannotBeCutIsSaidToBe() throws Exception {
    Coroutine<Integer, Object, Object> body =
        compile(
                "int n = co.yield(\"a\"); synchronized (Host.class) {"
                    + repeat(1500, i -> "n += one();")
                    + "} return n + co.yield(\"b\");")
            .coroutine("sized.Host", "make");
    assertEquals("a b =1503", Run.of(body).toEnd());
    if (EveryEngine.compiles()) {
      assertTrue(body.engineReason().contains("cannot be cut"), body.engineReason());
    }
  }

  @EngineTest
  void aFailureHasItsOwnLineOnce() throws Exception {
    Coroutine<Integer, Object, Object> body =
        compile(
                "int n = co.yield(\"a\");\n"
                    + repeat(3000, i -> "n += one();")
                    + "\nn += co.yield(\"b\");\nthrow new IllegalStateException();")
            .coroutine("sized.Host", "make");
    body.next();
    body.send(1);
    try {
      body.send(2);
      assertTrue(false);
    } catch (IllegalStateException thrown) {
      StackTraceElement[] trace = thrown.getStackTrace();
      assertTrue(trace[0].getLineNumber() > 3000, trace[0].toString());
      assertEquals("sized.Host", trace[0].getClassName());
      assertFalse(trace[1].getClassName().startsWith("sized"), trace[1].toString());
    }
  }
}
