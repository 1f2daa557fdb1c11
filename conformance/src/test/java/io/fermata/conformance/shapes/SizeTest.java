package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.StopIteration;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Bodies with many locals, many yields, and much code. */
class SizeTest {
  private static String repeat(int times, IntFunction<String> line) {
    return IntStream.range(0, times).mapToObj(line).collect(Collectors.joining("\n"));
  }

  private static Coroutine<Integer, Object, Object> body(String code) throws Exception {
    String source =
        """
        package sized;
        import io.fermata.*;
        public class Host {
          static int one() { return 1; }
          static Coroutine<Integer, Object, Object> make() {
            return Coroutine.of(co -> {
        %s
            });
          }
        }
        """;
    return Sources.compile(source.formatted(code)).loader().coroutine("sized.Host", "make");
  }

  @EngineTest
  void moreLocalsThanAByteCounts() throws Exception {
    Coroutine<Integer, Object, Object> many =
        body(
            repeat(
                    150,
                    i ->
                        "int i%1$d = %1$d; long l%1$d = %1$dL; String s%1$d = \"%1$d\";"
                            .formatted(i))
                + "int got = co.yield(\"a\"); i7++; l8 += got; i149 -= 200; double last = got +"
                + " 0.5; got += co.yield(last);long sum = got;"
                + repeat(150, i -> "sum += i%1$d + l%1$d + s%1$d.length();".formatted(i))
                + "return sum;");
    assertEquals("a 1.5 =" + (150 * 149 + 10 + 180 + 150 + 1 + 1 - 200 + 3), Run.of(many).toEnd());
  }

  /** More of both than ASM by itself finds stack maps for. */
  @EngineTest
  void hundredsOfLocalsInThousandsOfBranches() throws Exception {
    Coroutine<Integer, Object, Object> many =
        body(
            repeat(500, i -> "int i%1$d = %1$d;".formatted(i))
                + "while (i0 < 2) { i0 += co.yield(\"y\");"
                + repeat(2000, i -> "if (i%d == 7) i%d++;".formatted(i % 500, (i + 1) % 500))
                + "}"
                + "return i0"
                + repeat(499, i -> "+ i%d".formatted(i + 1))
                + ";");
    String trace = Run.of(many).toEnd();
    assertEquals("y y =" + (500 * 499 / 2 + 3 + 8), trace);
  }

  @EngineTest
  void hundredsOfYields() throws Exception {
    Coroutine<Integer, Object, Object> many =
        body("int sum = 0;" + repeat(600, i -> "sum += co.yield(" + i + ");") + "return sum;");
    String yields = IntStream.range(0, 600).mapToObj(i -> i + " ").collect(Collectors.joining());
    assertEquals(yields + "=" + 600 * 601 / 2, Run.of(many).toEnd());
  }

  @EngineTest
  void hundredsOfYieldsInTriesAndLoops() throws Exception {
    Coroutine<Integer, Object, Object> many =
        body(
            "int n = 0;"
                + repeat(
                    60,
                    i ->
                        """
                        for (int i = 0; i < 2; i++) {
                          try {
                            n += co.yield("t%1$d");
                            if (i == 1) throw new IllegalStateException();
                          } catch (IllegalStateException e) {
                            n += co.yield("c%1$d");
                          } finally {
                            n -= co.yield("f");
                          }
                        }
                        """
                            .formatted(i))
                + "return n;");
    String trace = Run.of(many).toEnd();
    assertTrue(trace.startsWith("t0 f t0 c0 f t1 f t1 c1 f "), trace);
    assertTrue(trace.endsWith("t59 f t59 c59 f =8910"), trace);
  }

  @EngineTest
  void aSwitchOfHundredsOfArms() throws Exception {
    Coroutine<Integer, Object, Object> many =
        body(
            "int sum = 0; for (int i = 0; i < 400; i++) { switch (i * 7) {"
                + repeat(400, i -> "case " + i * 7 + " -> sum += co.yield(" + i + ");")
                + "default -> throw new IllegalStateException(); } } return sum;");
    assertTrue(Run.of(many).toEnd().endsWith("398 399 =80200"));
  }

  @EngineTest
  void codeOfAnySizeIsLeftToTheJit() throws Exception {
    Coroutine<Integer, Object, Object> small = body(statements(200));
    Coroutine<Integer, Object, Object> large = body(statements(1500));
    assertEquals("a b =200", Run.of(small).toEnd());
    assertEquals("a b =1500", Run.of(large).toEnd());
    if (EveryEngine.compiles()) {
      assertTrue(small.engineReason().endsWith("can be compiled"), small.engineReason());
      assertTrue(large.engineReason().endsWith("can be compiled"), large.engineReason());
    }
  }

  private static String statements(int count) {
    return "int x = -2; x += co.yield(\"a\");"
        + repeat(count, i -> "x += one();")
        + "return x + co.yield(\"b\") - 1;";
  }

  @EngineTest
  void aBodyNearTheLimitIsCompiled() throws Exception {
    assertEquals("a b =7000", Run.of(body(statements(7000))).toEnd());
  }

  /** The method is as large as javac allows; with what a suspension adds it is larger. */
  @EngineTest
  void aBodyThatBecomesLargerThanAMethodIsCompiled() throws Exception {
    Coroutine<Integer, Object, Object> huge =
        body(
            "int x = 0;"
                + repeat(1900, i -> "x += co.yield(" + i + ") * 0 + 1;")
                + repeat(1300, i -> "x += one();")
                + "return x;");
    Run.assertCompiled(huge);
    assertEquals(0, huge.next());
    for (int i = 1; i < 1900; i++) {
      assertEquals(i, huge.send(i));
    }
    assertEquals(3200, assertThrows(StopIteration.class, () -> huge.send(1)).value());
  }
}
