package io.fermata.conformance.async;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes random programs in which bodies are nested in bodies and wait through the {@code co} of
 * any of them, rightly or wrongly.
 *
 * <p>Each body of depth d has its {@code co} in {@code cd} and variables in an array {@code vd}.
 */
final class NestedPrograms {
  static final String NAME = "Nested";
  static final String FILE = NAME + ".java";

  private static final int DEPTH = 4;

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private final List<String> helpers = new ArrayList<>();
  private final String prefix;
  private int names;
  private int budget;

  private NestedPrograms(long seed, String prefix) {
    this.random = new Random(seed);
    this.prefix = prefix;
  }

  /** A class with a class {@code P0}, {@code P1}, ... for each program, which its method makes. */
  static String source(long seed, int count) {
    StringBuilder all =
        new StringBuilder(
            """
            import io.fermata.async.*;
            import io.fermata.conformance.async.NestedLog;
            import java.io.IOException;
            import java.time.Duration;
            public class Nested {
            """);
    for (int i = 0; i < count; i++) {
      all.append("public static class P" + i + " {\n")
          .append(new NestedPrograms(seed + i, "p" + i).program())
          .append("}\n");
    }
    return all.append("}\n").toString();
  }

  private String program() {
    budget = 12 + random.nextInt(30);
    line(0, "public static Async<Integer> main(NestedLog log) {");
    line(1, "return Async.of(c0 -> {");
    body(2, 0, 0);
    line(1, "});");
    line(0, "}");
    helpers.forEach(text::append);
    return text.toString();
  }

  private void line(int indent, String code) {
    text.append("  ".repeat(indent + 1)).append(code).append('\n');
  }

  private int pick(int bound) {
    return random.nextInt(bound);
  }

  /** The {@code co} of some body: mostly of an outer one. */
  private String co(int from, int depth) {
    return "c" + (from + pick(depth - from + 1));
  }

  private String variable(int from, int depth) {
    return "v" + (from + pick(depth - from + 1)) + "[" + pick(3) + "]";
  }

  /** The statements of a body, with its result. */
  private void body(int indent, int from, int depth) {
    line(indent, "int[] v" + depth + " = {" + pick(5) + ", " + pick(5) + ", " + pick(5) + "};");
    statements(indent, from, depth, 1 + pick(4));
    line(indent, "return " + variable(from, depth) + " + " + value(from, depth) + ";");
  }

  private void statements(int indent, int from, int depth, int count) {
    for (int i = 0; i < count; i++) {
      statement(indent, from, depth);
    }
  }

  private String value(int from, int depth) {
    return switch (pick(5)) {
      case 0 -> variable(from, depth);
      case 1 -> co(from, depth) + ".await(log.found())";
      default ->
          co(from, depth) + ".await(log.later(" + pick(9) + " + " + variable(from, depth) + "))";
    };
  }

  private void statement(int indent, int from, int depth) {
    if (budget-- <= 0) {
      line(indent, "log.note(\"s" + names++ + " \" + " + variable(from, depth) + ");");
      return;
    }
    boolean mayNest = depth < DEPTH;
    switch (pick(mayNest ? 15 : 6)) {
      case 0 ->
          line(
              indent,
              variable(from, depth)
                  + " += "
                  + value(from, depth)
                  + " * "
                  + value(from, depth)
                  + ";");
      case 1 ->
          line(
              indent,
              "log.note(\"s"
                  + names++
                  + " \" + "
                  + variable(from, depth)
                  + " + "
                  + value(from, depth)
                  + ");");
      case 2 -> tries(indent, from, depth);
      case 3 -> {
        line(indent, "for (int i" + names + " = 0; i" + names + " < 2; i" + names++ + "++) {");
        statements(indent + 1, from, depth, 1 + pick(2));
        line(indent, "}");
      }
      case 4 -> {
        line(indent, "if (" + variable(from, depth) + " % " + (2 + pick(4)) + " == 0) {");
        statements(indent + 1, from, depth, 1 + pick(2));
        line(indent, "}");
      }
      case 5 -> fails(indent, from, depth);
      case 6 -> helper(indent, from, depth);
      default -> nests(indent, from, depth);
    }
  }

  private void fails(int indent, int from, int depth) {
    line(indent, "if (" + variable(from, depth) + " % 3 == " + pick(3) + ") {");
    line(
        indent + 1,
        pick(2) == 0
            ? "throw new IOException(\"t" + names++ + "\");"
            : co(from, depth) + ".await(log.failing(" + pick(9) + "));");
    line(indent, "}");
  }

  private void tries(int indent, int from, int depth) {
    String name = "e" + names++;
    line(indent, "try {");
    statements(indent + 1, from, depth, 1 + pick(3));
    line(indent, "} catch (" + (pick(3) == 0 ? "Throwable" : "Exception") + " " + name + ") {");
    line(indent + 1, "log.caught(\"" + name + "\", " + name + ");");
    statements(indent + 1, from, depth, pick(2));
    if (pick(3) == 0) {
      line(indent, "} finally {");
      statements(indent + 1, from, depth, 1);
    }
    line(indent, "}");
  }

  /** A method beside the program that is given the {@code co} of two bodies. */
  private void helper(int indent, int from, int depth) {
    String name = prefix + "h" + names++;
    line(
        indent,
        variable(from, depth)
            + " += "
            + name
            + "("
            + co(from, depth)
            + ", "
            + variable(from, depth)
            + ", "
            + co(from, Math.max(from, depth - 1))
            + ", log);");
    String around = text.toString();
    text.setLength(0);
    line(0, "private static int " + name + "(Awaiter c8, int n, Awaiter c9, NestedLog log)");
    line(1, "throws Exception {");
    line(1, "int[] v8 = {n, 1, 2};");
    int before = budget;
    budget = Math.min(budget, 6);
    body(1, 8, 9);
    budget = before - 6;
    line(0, "}");
    helpers.add(text.toString());
    text.setLength(0);
    text.append(around);
  }

  private void nests(int indent, int from, int depth) {
    int inner = depth >= 8 ? depth + 1 : depth + 1;
    String in = "c" + inner;
    String target = variable(from, depth) + " += " + co(from, depth) + ".await(";
    switch (pick(9)) {
      case 0 ->
          block(
              indent,
              target + "TaskGroup.of((" + in + ", g" + inner + ") -> {",
              "}));",
              from,
              inner);
      case 1 ->
          block(
              indent,
              target
                  + "Timeout.of(Duration.ofMillis("
                  + pick(12)
                  + "), ("
                  + in
                  + ", t"
                  + inner
                  + ") -> {",
              "}));",
              from,
              inner);
      case 2 ->
          block(
              indent,
              target
                  + "Async.using(log.resource("
                  + pick(9)
                  + "), ("
                  + in
                  + ", r"
                  + inner
                  + ") -> {",
              "}));",
              from,
              inner);
      case 3 -> loop(indent, from, depth, inner);
      case 4 -> task(indent, from, depth, inner);
      case 5 -> block(indent, "log.leak(Async.of(" + in + " -> {", "}));", from, inner);
      default -> block(indent, target + "Async.of(" + in + " -> {", "}));", from, inner);
    }
  }

  private void block(int indent, String head, String tail, int from, int inner) {
    line(indent, head);
    body(indent + 1, from, inner);
    line(indent, tail);
  }

  /** A task of its own, which is awaited at once or later. */
  private void task(int indent, int from, int depth, int inner) {
    String name = "k" + names++;
    block(
        indent,
        "Task<Integer> "
            + name
            + " = "
            + (pick(3) == 0 ? "Task.eager().start(" : "Task.start(")
            + "Async.of(c"
            + inner
            + " -> {",
        "}));",
        from,
        inner);
    statements(indent, from, depth, pick(2));
    line(indent, variable(from, depth) + " += " + co(from, depth) + ".await(" + name + ");");
  }

  private void loop(int indent, int from, int depth, int inner) {
    String name = "a" + names++;
    line(indent, "AsyncGenerator<Integer> " + name + " = AsyncGenerator.of(c" + inner + " -> {");
    line(indent + 1, "int[] v" + inner + " = {" + pick(5) + ", 1, 2};");
    for (int i = 0; i <= pick(3); i++) {
      statements(indent + 1, from, inner, pick(2));
      line(indent + 1, "c" + inner + ".yield(" + value(from, inner) + ");");
    }
    line(indent, "});");
    line(
        indent,
        co(from, depth) + ".await(" + name + ".forEach((c" + inner + ", n" + inner + ") -> {");
    line(indent + 1, "int[] v" + inner + " = {n" + inner + ", 1, 2};");
    statements(indent + 1, from, inner, 1 + pick(2));
    line(indent, "}));");
  }
}
