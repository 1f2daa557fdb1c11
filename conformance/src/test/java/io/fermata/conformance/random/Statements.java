package io.fermata.conformance.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes random statements. */
final class Statements {
  private static final int JDK = Runtime.version().feature();
  private static final int DEPTH = 3;

  private final Random random;
  private final Flavour flavour;
  private final Expressions expressions;

  Statements(Random random, Flavour flavour) {
    this.random = random;
    this.flavour = flavour;
    this.expressions = new Expressions(random, flavour, this);
  }

  private int dice(int sides) {
    return random.nextInt(sides);
  }

  private Node any(String type, Scope scope) {
    return expressions.of(type, scope, dice(DEPTH + 1));
  }

  /** A block, which ends normally as far as javac knows. */
  Node block(Scope scope, int depth, int most) {
    List<Node> statements = new ArrayList<>();
    int count = 1 + dice(most);
    for (int i = 0; i < count && scope.common.budget > 0; i++) {
      statements.add(statement(scope, depth));
    }
    return Node.block(statements);
  }

  private Node statement(Scope scope, int depth) {
    scope.common.budget--;
    boolean deep = depth > 0;
    int dice = dice(deep ? 46 : 22);
    if (dice < 6) {
      return declaration(scope);
    }
    if (dice < 8) {
      return Node.statement(
          "log.see(\"v" + dice(100) + "\", ", any(expressions.type(), scope), ");");
    }
    if (dice < 16) {
      return scope.canYield ? suspension(scope) : assignment(scope);
    }
    if (dice < 21) {
      return assignment(scope);
    }
    if (dice == 21) {
      return jump(scope);
    }
    return nested(scope, depth - 1, dice - 22);
  }

  private Node nested(Scope scope, int depth, int dice) {
    return switch (dice) {
      case 0, 1, 2 ->
          Node.statement(
              "if (",
              any("boolean", scope),
              ") {\n",
              block(scope.inner(), depth, 3),
              "}",
              dice == 0 ? "" : " else {\n",
              dice == 0 ? "" : block(scope.inner(), depth, 3),
              dice == 0 ? "" : "}");
      case 3, 4 -> loop(scope, depth);
      case 5, 6 -> forLoop(scope, depth);
      case 7, 8 -> forEach(scope, depth);
      case 9, 10 -> oldSwitch(scope, depth);
      case 11 -> arrowSwitch(scope, depth);
      case 12, 13, 14, 15, 16 -> attempt(scope, depth);
      case 17 -> withResources(scope, depth);
      case 18 -> synchronised(scope, depth);
      case 19 -> labelled(scope, depth);
      case 20 -> localClass(scope);
      case 21 -> scope.canYield ? inPieces(scope, depth) : assignment(scope);
      default -> scope.canYield ? delegation(scope, depth) : declaration(scope);
    };
  }

  private Node declaration(Scope scope) {
    String type = expressions.type();
    String name = scope.common.name("v");
    boolean isFinal = dice(3) == 0;
    if (dice(8) == 0) {
      Node statement =
          Node.statement(
              "final " + type + " " + name + ";\nif (",
              any("boolean", scope),
              ") {\n" + name + " = ",
              any(type, scope),
              ";\n} else {\n" + name + " = ",
              any(type, scope),
              ";\n}");
      scope.add(name, type, true);
      return statement;
    }
    boolean isNull = !isFinal && Character.isUpperCase(type.charAt(0)) && dice(3) == 0;
    Node statement =
        isNull
            ? Node.statement(type + " " + name + " = null;")
            : Node.statement(
                (isFinal ? "final " : "") + type + " " + name + " = ", any(type, scope), ";");
    scope.add(name, type, isFinal);
    return statement;
  }

  private Node assignment(Scope scope) {
    for (int i = 0; i < 8; i++) {
      String type = expressions.type();
      String variable = scope.variable(type, true);
      if (variable == null) {
        continue;
      }
      if (type.endsWith("[]") && dice(2) == 0) {
        String element = type.substring(0, type.length() - 2);
        boolean numeric = element.equals("int") || element.equals("long") || element.equals("byte");
        return Node.statement(
            variable + "[",
            any("int", scope),
            " & 1] " + (numeric && dice(2) == 0 ? "+" : "") + "= ",
            any(element, scope),
            ";");
      }
      return Node.statement(variable + " = ", any(type, scope), ";");
    }
    return Node.statement(scope.me() + "foo = ", any("Foo", scope), ";");
  }

  private Node suspension(Scope scope) {
    if (scope.hasHelpers() && dice(4) == 0) {
      String[] helper = scope.common.helpers.get(dice(scope.common.helpers.size()));
      return Node.statement(expressions.call(helper, scope, 1), ";");
    }
    if (dice(8) == 0 && !flavour.isPrimitive()) {
      return Node.statement(scope.co + ".yield();");
    }
    return Node.statement(scope.co + ".yield(", any(expressions.value(), scope), ");");
  }

  private Node jump(Scope scope) {
    Node condition = any("boolean", scope);
    int dice = dice(5);
    if (dice == 0 && scope.result != null) {
      return Node.statement("if (", condition, ") {\nreturn " + scope.result + ";\n}");
    }
    if (dice < 3 && !scope.labels.isEmpty()) {
      String label = scope.labels.get(dice(scope.labels.size()));
      String jump = label.startsWith("L") && dice(2) == 0 ? "continue " : "break ";
      return Node.statement("if (", condition, ") {\n" + jump + label + ";\n}");
    }
    if (dice == 3) {
      return Node.statement("assert ", condition, " : ", any("Object", scope), ";");
    }
    String message = dice(2) == 0 ? "String" : "Object";
    Node thrown =
        scope.canThrow && dice(2) == 0
            ? Node.expression("x", "new MyEx(", any(message, scope), ")")
            : Node.expression("x", "new MyRt(", any(message, scope), ", null)");
    return Node.statement("if (", condition, ") {\nthrow ", thrown, ";\n}");
  }

  private Node loop(Scope scope, int depth) {
    Scope inner = scope.inner();
    String label = scope.common.name("L");
    inner.labels.add(label);
    Node condition = any("boolean", scope);
    Node block = block(inner, depth, 3);
    return dice(2) == 0
        ? Node.statement(label + ":\nwhile (on() && ", condition, ") {\n", block, "}")
        : Node.statement(label + ":\ndo {\n", block, "} while (on() && ", condition, ");");
  }

  private Node forLoop(Scope scope, int depth) {
    Scope inner = scope.inner();
    String label = scope.common.name("L");
    String counter = scope.common.name("i");
    inner.labels.add(label);
    String copy = scope.common.name("c");
    inner.add(copy, "int", true);
    return Node.statement(
        label + ":\nfor (int " + counter + " = 0; on() && " + counter + " < (",
        any("int", scope),
        " & 3); " + counter + "++) {\nfinal int " + copy + " = " + counter + ";\n",
        block(inner, depth, 3),
        "}");
  }

  private Node forEach(Scope scope, int depth) {
    Scope inner = scope.inner();
    String label = scope.common.name("L");
    String name = scope.common.name("x");
    inner.labels.add(label);
    int dice = dice(4);
    String type = dice < 2 ? new String[] {"int", "String", "long", "byte"}[dice(4)] : "Object";
    inner.add(name, type, true);
    Node source =
        switch (dice) {
          case 0, 1 -> any(type + "[]", scope);
          case 2 ->
              Node.expression(
                  "list",
                  "Arrays.<Object>asList(",
                  any("Object", scope),
                  ", ",
                  any("int", scope),
                  ")");
          default -> generator(scope, depth);
        };
    return Node.statement(
        label + ":\nfor (final " + type + " " + name + " : ",
        source,
        ") {\nif (!on()) break;\n",
        block(inner, depth, 3),
        "}");
  }

  private Node oldSwitch(Scope scope, int depth) {
    String label = scope.common.name("B");
    Scope inner = scope.inner();
    inner.labels.add(label);
    String[][] kinds = {{"int", "0", "5"}, {"String", "\"BB\"", "\"Aa\""}, {"En", "A", "C"}};
    String[] kind = kinds[dice(3)];
    String leave = dice(2) == 0 ? "break;\n" : "";
    return Node.statement(
        label + ":\nswitch (",
        any(kind[0], scope),
        ") {\ncase " + kind[1] + ": {\n",
        block(inner.inner(), depth, 2),
        leave + "}\ncase " + kind[2] + ": {\n",
        block(inner.inner(), depth, 2),
        "}\ndefault: {\n",
        block(inner.inner(), depth, 2),
        "}\n}");
  }

  private Node arrowSwitch(Scope scope, int depth) {
    if (JDK >= 21) {
      String name = scope.common.name("w");
      Scope bound = scope.inner();
      bound.add(name, "Integer", true);
      Scope text = scope.inner();
      text.add("s" + name, "String", true);
      return Node.statement(
          "switch ((Object) (",
          any("Object", scope),
          ")) {\ncase Integer " + name + " when " + name + " > 3 -> {\n",
          block(bound.inner(), depth, 2),
          "}\ncase String s" + name + " -> {\n",
          block(text, depth, 2),
          "}\ncase Rc(int " + name + ", var r" + name + ") -> {\n",
          block(bound.inner(), depth, 2),
          "}\ncase null, default -> {\n",
          block(scope.inner(), depth, 2),
          "}\n}");
    }
    return Node.statement(
        "switch (",
        any("En", scope),
        ") {\ncase A -> {\n",
        block(scope.inner(), depth, 2),
        "}\ncase B -> log.see(\"arm\", ",
        any("int", scope),
        ");\ndefault -> {\n",
        block(scope.inner(), depth, 2),
        "}\n}");
  }

  private Node attempt(Scope scope, int depth) {
    if (scope.isInSwitchExpression && JDK < 21) {
      return assignment(scope); // javac 17 fails on most of them
    }
    String name = scope.common.name("e");
    boolean handles = dice(4) != 0;
    boolean ends = !handles || dice(2) == 0;
    List<Object> parts = new ArrayList<>();
    String type =
        scope.canThrow
            ? new String[] {"Exception", "RuntimeException", "Throwable", "MyEx | IOException"}
                [dice(4)]
            : "RuntimeException";
    parts.add("try {\n");
    if (type.startsWith("MyEx")) {
      parts.add("if (!on()) { if (cz) throw new IOException(\"fuel\"); throw new MyEx(1); }\n");
    }
    parts.add(block(scope.inner(), depth, 3));
    parts.add("}");
    if (handles) {
      parts.add(
          " catch (" + type + " " + name + ") {\nlog.caught(\"" + name + "\", " + name + ");\n");
      parts.add(block(scope.inner(), depth, 2));
      if (dice(4) == 0) {
        parts.add(
            Node.block(
                List.of(
                    Node.statement(
                        "if (",
                        any("boolean", scope),
                        ") throw "
                            + (dice(2) == 0 && !type.contains("|") && !type.equals("Throwable")
                                ? name
                                : "new MyRt(\"again\", " + name + ")")
                            + ";"))));
      }
      parts.add("}");
    }
    if (ends) {
      parts.add(" finally {\nlog.see(\"finally\", \"" + name + "\");\n");
      parts.add(block(scope.inner(), depth, 2));
      parts.add("}");
    }
    return Node.statement(parts.toArray());
  }

  private Node withResources(Scope scope, int depth) {
    if (!scope.canThrow || (scope.isInSwitchExpression && JDK < 21)) {
      return assignment(scope);
    }
    String name = scope.common.name("r");
    Scope inner = scope.inner();
    boolean two = dice(2) == 0;
    return Node.statement(
        "try (Res " + name + " = new Res(",
        any("int", scope),
        ")",
        two ? "; Res t" + name + " = new Res(" : "",
        two ? any("int", scope) : "",
        two ? ")" : "",
        ") {\n",
        block(inner, depth, 3),
        "}"
            + (dice(2) == 0
                ? ""
                : " catch (Exception e" + name + ") {\nlog.caught(\"res\", e" + name + ");\n}"));
  }

  private Node synchronised(Scope scope, int depth) {
    if (scope.isInSwitchExpression && JDK < 21) {
      return assignment(scope);
    }
    Scope inner = scope.inner();
    boolean yields = dice(12) == 0;
    inner.canYield &= yields;
    Node lock = any("Foo", scope);
    return Node.statement("synchronized (", lock, ") {\n", block(inner, depth, 2), "}");
  }

  private Node labelled(Scope scope, int depth) {
    Scope inner = scope.inner();
    String label = scope.common.name("B");
    inner.labels.add(label);
    return Node.statement(label + ": {\n", block(inner, depth, 4), "}");
  }

  private Node localClass(Scope scope) {
    String name = scope.common.name("C");
    Scope inner = scope.captured(false);
    inner.add("z", "int", true);
    String flexible = JDK >= 25 ? "log.see(\"before\", q); " : "";
    return Node.statement(
        "class "
            + name
            + " {\nfinal int q;\n"
            + name
            + "(int q, Object... more) { "
            + flexible
            + "super(); this.q = q + more.length; }\nint go(int z) { return q + ",
        any("int", inner),
        "; }\n}\nlog.see(\"local\", new " + name + "(",
        any("int", scope),
        ", ",
        any("Object", scope),
        ").go(",
        any("int", scope),
        "));");
  }

  /** Statements around lambdas that take part in the flow of the body. */
  private Node inPieces(Scope scope, int depth) {
    String name = scope.common.name("f");
    Scope inner = scope.captured(true);
    String parameter = scope.common.name("a");
    inner.add(parameter, "Object", true);
    if (dice(10) == 0) {
      return Node.statement(
          "Arrays.asList(1, 2).forEach(" + name + " -> " + scope.co + ".yield(" + name + "));");
    }
    return Node.statement(
        "Fn<Object> " + name + " = " + parameter + " -> {\n",
        block(inner, depth, 2),
        "return ",
        any("Object", inner),
        ";\n};\nlog.see(\"fn\", " + name + ".call(",
        any("Object", scope),
        "));");
  }

  /** A generator that is made inside of the body. */
  private Node generator(Scope scope, int depth) {
    Scope inner = scope.captured(true);
    if (flavour.isPrimitive()) {
      return Node.expression(
          "list",
          "Arrays.<" + Expressions.boxed(flavour.primitive()) + ">asList(",
          any(flavour.primitive(), scope),
          ")");
    }
    inner.result = "";
    inner.canYield = true;
    inner.co = scope.common.name("co");
    inner.sent = "?";
    return Node.expression(
        "generator",
        "((Generator<Object>) log.made(Generator.<Object>of(" + inner.co + " -> {\n",
        block(inner, depth, 3),
        "})))");
  }

  private Node delegation(Scope scope, int depth) {
    int dice = dice(5);
    String boxed = flavour.isPrimitive() ? Expressions.boxed(flavour.primitive()) : "Object";
    String type = flavour.isPrimitive() ? flavour.primitive() : "Object";
    String stream =
        switch (flavour) {
          case INT -> "IntStream.of(";
          case LONG -> "LongStream.of(";
          case DOUBLE -> "DoubleStream.of(";
          default -> "Stream.<Object>of(";
        };
    Node delegate =
        switch (dice) {
          case 0 -> Node.expression("d", "Arrays.<" + boxed + ">asList(", any(type, scope), ")");
          case 1 -> Node.expression("d", stream, any(type, scope), ", ", any(type, scope), ")");
          case 2 ->
              Node.expression(
                  "d", "Arrays.<" + boxed + ">asList(", any(type, scope), ").iterator()");
          default -> generator(scope, depth);
        };
    return Node.statement("log.see(\"from\", " + scope.co + ".yieldFrom(", delegate, "));");
  }
}
