package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces show the lines of the body, in order, once; and the same ones on both engines. */
class StackTracesTest {
  @AfterEach
  void useTheDefaultEngine() {
    EngineChoice.useDefault();
  }

  /** The lines from where it was thrown to here, which have to be the same on both engines. */
  private static List<StackTraceElement> lines(
      int steps, CoroutineBody<Integer, Object, Object> body) {
    EngineChoice.use(new ThreadEngine());
    List<StackTraceElement> onThread = linesOf(steps, body);
    EngineChoice.use(new BestEngine());
    List<StackTraceElement> compiled = linesOf(steps, body);
    assertEquals(shown(onThread), shown(compiled));
    return compiled;
  }

  private static String shown(List<StackTraceElement> lines) {
    return String.join("\n", lines.stream().map(StackTraceElement::toString).toList());
  }

  private static List<StackTraceElement> linesOf(
      int steps, CoroutineBody<Integer, Object, Object> body) {
    Coroutine<Integer, Object, Object> coroutine = Coroutine.of(body);
    for (int i = 0; i < steps; i++) {
      coroutine.next();
    }
    try {
      coroutine.next();
    } catch (Throwable thrown) {
      return above(thrown, "linesOf");
    }
    return fail("nothing was thrown");
  }

  private static List<StackTraceElement> above(Throwable thrown, String method) {
    List<StackTraceElement> lines = new ArrayList<>();
    for (StackTraceElement line : thrown.getStackTrace()) {
      if (line.getMethodName().equals(method)) {
        return lines;
      }
      lines.add(line);
    }
    return fail("does not reach " + method + ": " + Arrays.toString(thrown.getStackTrace()));
  }

  private static void assertMethods(List<StackTraceElement> lines, String... methods) {
    assertEquals(List.of(methods), lines.stream().map(StackTraceElement::getMethodName).toList());
  }

  // Bodies

  private static int plain(int n) {
    if (n > 0) {
      throw new IllegalStateException("plain");
    }
    return n;
  }

  private static Object leaf(Yielder<Integer, Object> co) {
    co.yield("a");
    return plain(1);
  }

  private static Object helped(Yielder<Integer, Object> co) {
    co.yield("before");
    return "x" + helper(co, 2);
  }

  private static Object helper(Yielder<Integer, Object> co, int depth) {
    co.yield("down");
    return depth == 0 ? leaf(co) : helper(co, depth - 1);
  }

  private static Object delegating(Yielder<Integer, Object> co) {
    co.yield("before");
    return co.yieldFrom(Coroutine.<Integer, Object, Object>of(StackTracesTest::helped));
  }

  private static Object stepping(Yielder<Integer, Object> co) {
    Coroutine<Integer, Object, Object> inner = Coroutine.of(StackTracesTest::leaf);
    co.yield(inner.next());
    return inner.next();
  }

  private static Object looping(Yielder<Integer, Object> co) {
    for (Object o :
        Generator.of(
            sub -> {
              sub.yield(1);
              plain(1);
            })) {
      co.yield(o);
    }
    return null;
  }

  @Test
  void aBodyThrows() {
    assertMethods(lines(1, StackTracesTest::leaf), "plain", "leaf");
  }

  @Test
  void aBodyThrowsInItsFirstStep() {
    assertMethods(lines(0, co -> plain(1)).subList(0, 1), "plain");
  }

  @Test
  void helpersAreShownInnermostFirst() {
    List<StackTraceElement> lines = lines(5, StackTracesTest::helped);
    assertMethods(lines, "plain", "leaf", "helper", "helper", "helper", "helped");
    assertEquals(lines.get(3), lines.get(4));
  }

  @Test
  void delegatorsAreShownUnderTheirDelegates() {
    assertMethods(
        lines(6, StackTracesTest::delegating),
        "plain",
        "leaf",
        "helper",
        "helper",
        "helper",
        "helped",
        "delegating");
  }

  @Test
  void aStatementOverSeveralLines() {
    List<StackTraceElement> lines =
        lines(
            1,
            co -> {
              Object first = co.yield("a");
              return Arrays.asList(first, plain(0), plain(1));
            });
    assertEquals(2, lines.size());
  }

  @Test
  void aFailureThatPassesFinallyKeepsItsLines() {
    List<StackTraceElement> lines =
        lines(
            2,
            co -> {
              try {
                co.yield("a");
                return plain(1);
              } finally {
                co.yield("finally");
              }
            });
    assertEquals(2, lines.size());
  }

  @Test
  void aCauseHasItsLinesToo() {
    List<List<String>> causes = new ArrayList<>();
    for (var engine : List.of(new ThreadEngine(), new BestEngine())) {
      EngineChoice.use(engine);
      Coroutine<Integer, Object, Object> g =
          Coroutine.of(
              co -> {
                co.yield("a");
                try {
                  return plain(1);
                } catch (IllegalStateException e) {
                  throw new RuntimeException(e);
                }
              });
      causes.add(causeOf(g));
    }
    assertEquals(causes.get(0), causes.get(1));
  }

  private static List<String> causeOf(Coroutine<?, ?, ?> g) {
    g.next();
    try {
      g.next();
    } catch (RuntimeException e) {
      return above(e.getCause(), "causeOf").stream().map(StackTraceElement::toString).toList();
    }
    return fail("nothing was thrown");
  }

  // Lines of suspended bodies

  @Test
  void theLineOfASuspendedBodyIsThatOfItsYield() {
    List<List<String>> all = new ArrayList<>();
    for (var engine : List.of(new ThreadEngine(), new BestEngine())) {
      EngineChoice.use(engine);
      List<String> lines = new ArrayList<>();
      for (CoroutineBody<Integer, Object, Object> body :
          List.<CoroutineBody<Integer, Object, Object>>of(
              StackTracesTest::delegating,
              StackTracesTest::helped,
              StackTracesTest::stepping,
              StackTracesTest::looping)) {
        Coroutine<Integer, Object, Object> g = Coroutine.of(body);
        lines.add(place(g));
        int steps = 0;
        try {
          for (; ; steps++) {
            g.next();
            lines.add(place(g));
          }
        } catch (IllegalStateException failed) {
          lines.add(steps + " steps, " + place(g));
        }
      }
      all.add(lines);
    }
    assertEquals(String.join("\n", all.get(0)), String.join("\n", all.get(1)));
    assertFalse(all.get(1).get(1).contains("fermata$"), all.get(1).get(1));
  }

  private static String place(Generator<?> g) {
    StackTraceElement line = g.position();
    return line == null ? "none" : line.getMethodName() + ":" + line.getLineNumber();
  }

  @Test
  void bodiesThatStepOthersAreShownBetween() {
    assertMethods(lines(1, StackTracesTest::stepping), "plain", "leaf", "stepping");
  }

  @Test
  void loopsOverGeneratorsAreShownBetween() {
    List<StackTraceElement> lines = lines(1, StackTracesTest::looping);
    assertEquals("plain", lines.get(0).getMethodName());
    assertEquals("looping", lines.get(lines.size() - 1).getMethodName());
  }

  private interface Node<T> {
    Object walk(Yielder<Integer, Object> co, T with);
  }

  /** Has a bridge, which is a line of the trace too. */
  private record Inner(Node<String> next) implements Node<String> {
    @Override
    public Object walk(Yielder<Integer, Object> co, String with) {
      co.yield(with);
      return next.walk(co, with);
    }
  }

  private enum End implements Node<String> {
    AT_ONCE {
      @Override
      public Object walk(Yielder<Integer, Object> co, String with) {
        throw new IllegalStateException(with);
      }
    },
    LATER {
      @Override
      public Object walk(Yielder<Integer, Object> co, String with) {
        co.yield("later");
        throw new IllegalStateException(with);
      }
    }
  }

  private static Object walking(Yielder<Integer, Object> co, Node<String> node) {
    return node.walk(co, "a");
  }

  @Test
  void dispatchedMethodsAreShownAsInPlainCode() {
    for (End end : End.values()) {
      Node<String> node = new Inner(new Inner(end));
      int steps = end == End.AT_ONCE ? 2 : 3;
      List<StackTraceElement> lines = lines(steps, co -> walking(co, node));
      assertEquals(
          "walk walk walk walk walk walk walking",
          String.join(
              " ", lines.subList(0, 7).stream().map(StackTraceElement::getMethodName).toList()));
    }
  }

  @Test
  void aCallOnAThreadIsShownAsInPlainCode() {
    for (End end : End.values()) {
      Node<String> locked =
          new Node<>() {
            @Override
            public synchronized Object walk(Yielder<Integer, Object> co, String with) {
              return end.walk(co, with + co.yield(with));
            }
          };
      lines(end == End.AT_ONCE ? 2 : 3, co -> walking(co, new Inner(locked)));
    }
  }
}
