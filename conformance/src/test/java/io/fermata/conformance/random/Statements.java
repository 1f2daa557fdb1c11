package io.fermata.conformance.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes random statements. */
final class Statements {
  private static final int JDK = Runtime.version().feature();
  private static final int DEPTH = 3;

  private final Dice dice;
  private final Flavour flavour;
  private final Expressions expressions;
  private final Switches switches;
  private final InnerGenerators generators;
  private final Sharing sharing;

  Statements(Random random, Flavour flavour) {
    this.dice = new Dice(random);
    this.flavour = flavour;
    this.expressions = new Expressions(dice, flavour, this);
    this.switches = new Switches(dice, expressions, this);
    this.generators = new InnerGenerators(dice, flavour, expressions, this);
    this.sharing = new Sharing(dice, flavour, this);
  }

  Expressions expressions() {
    return expressions;
  }

  Switches switches() {
    return switches;
  }

  InnerGenerators generators() {
    return generators;
  }

  private int dice(int sides) {
    return dice.roll(sides);
  }

  Node any(String type, Scope scope) {
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
    int dice = dice(deep ? 54 : 22);
    if (dice < 6) {
      return declaration(scope, depth - 1);
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
      case 9, 10 -> switches.old(scope, depth);
      case 11 -> switches.arrows(scope, depth);
      case 12, 13, 14, 15, 16 -> attempt(scope, depth);
      case 17 -> withResources(scope, depth);
      case 18 -> synchronised(scope, depth);
      case 19 -> labelled(scope, depth);
      case 20 -> localClass(scope);
      case 21 -> scope.canYield ? inPieces(scope, depth) : assignment(scope);
      case 24, 25, 26, 27, 28, 29, 30, 31 ->
          Sharing.isPossible(scope) ? sharing.statement(scope, depth) : assignment(scope);
      default -> scope.canYield ? generators.delegation(scope, depth) : declaration(scope, depth);
    };
  }

  private Node declaration(Scope scope, int depth) {
    String type = expressions.type();
    String name = scope.common.name("v");
    if (depth >= 0 && dice(10) == 0) {
      Node statement = switches.declaration(type, name, scope, depth);
      scope.add(name, type, false);
      return statement;
    }
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
      if (type.equals("String") && dice(3) == 0) {
        String added = dice.pick("int", "boolean", "char", "En");
        return Node.statement(variable + " += ", any(added, scope), ";");
      }
      if (type.equals("boolean") && dice(2) == 0) {
        return Node.statement(
            variable + dice.pick(" &= ", " |= ", " ^= "), any("boolean", scope), ";");
      }
      if (type.equals("Integer") && dice(3) == 0) {
        return Node.statement(variable + dice.pick("++;", " += 2;"));
      }
      if (type.endsWith("[]") && dice(2) == 0) {
        String element = type.substring(0, type.length() - 2);
        boolean numeric = element.equals("int") || element.equals("long") || element.equals("byte");
        return Node.statement(
            variable + "[",
            any("int", scope),
            " & 1]" + (numeric ? dice.pick(" += ", " *= ", " -= ", " = ") : " = "),
            any(element, scope),
            ";");
      }
      return Node.statement(variable + " = ", any(type, scope), ";");
    }
    return scope.isGuard
        ? Node.statement("log.see(\"guard\", ", any("Foo", scope), ");")
        : Node.statement(scope.me() + "foo = ", any("Foo", scope), ";");
  }

  private Node suspension(Scope scope) {
    if (scope.hasHelpers() && dice(4) == 0) {
      String[] helper = scope.common.helpers.get(dice(scope.common.helpers.size()));
      return Node.statement(expressions.call(helper, scope, 1), ";");
    }
    if (dice(20) == 0) {
      return scope.canThrow && dice(2) == 0
          ? Node.statement(scope.co + ".mayThrow(IOException.class);")
          : Node.statement("log.enter();");
    }
    if (dice(8) == 0 && !flavour.isPrimitive()) {
      return Node.statement(scope.co + ".yield();");
    }
    return Node.statement(scope.co + ".yield(", any(expressions.value(), scope), ");");
  }

  private Node jump(Scope scope) {
    Node condition = any("boolean", scope);
    int kind = dice(5);
    if (kind == 0 && scope.result != null) {
      return Node.statement("if (", condition, ") {\nreturn " + scope.result + ";\n}");
    }
    if (kind < 3 && !scope.labels.isEmpty()) {
      String label = scope.labels.get(dice(scope.labels.size()));
      String jump = label.startsWith("L") && dice(2) == 0 ? "continue " : "break ";
      return Node.statement("if (", condition, ") {\n" + jump + label + ";\n}");
    }
    if (kind == 3) {
      return Node.statement("assert ", condition, " : ", any("Object", scope), ";");
    }
    if (dice(8) == 0) {
      return Node.statement(
          "if (",
          condition,
          ") {\nthrow " + dice.pick("new StopIteration(5)", "new GeneratorExit()") + ";\n}");
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
    if (dice(4) == 0) {
      return Node.statement(
          label + ":\n" + dice.pick("while (true)", "for (;;)") + " {\nif (!on()) {\nbreak;\n}\n",
          block,
          "if (",
          condition,
          ") {\nbreak;\n}\n}");
    }
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
        " & 3); " + counter + "++",
        dice(6) == 0 ? Node.expression("u", ", log.see(\"up\", ", any("int", scope), ")") : "",
        ") {\nfinal int " + copy + " = " + counter + ";\n",
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
          default -> generators.generator(scope, depth);
        };
    return Node.statement(
        label + ":\nfor (final " + type + " " + name + " : ",
        source,
        ") {\nif (!on()) break;\n",
        block(inner, depth, 3),
        "}");
  }

  private Node attempt(Scope scope, int depth) {
    if (scope.isInSwitchExpression) {
      return assignment(scope); // javac fails where long or double operands lie below
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
                            + (dice(2) == 0
                                    && !type.contains("|")
                                    && !type.equals("Throwable")
                                    && !scope.isInner
                                ? name
                                : "new MyRt(\"again\", " + name + ")")
                            + ";"))));
      }
      parts.add("}");
    }
    if (ends) {
      parts.add(" finally {\nlog.see(\"finally\", \"" + name + "\");\n");
      Scope last = scope.inner();
      last.canYield &= !scope.isInner;
      parts.add(block(last, depth, 2));
      parts.add("}");
    }
    return Node.statement(parts.toArray());
  }

  private Node withResources(Scope scope, int depth) {
    if (!scope.canThrow || scope.isInSwitchExpression) {
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
    if (scope.isInSwitchExpression) {
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
    if (dice(3) == 0) {
      return Node.statement(
          "record " + name + "(int q, Object o) {}\nlog.see(\"record\", new " + name + "(",
          any("int", scope),
          ", ",
          any("String", scope),
          "));");
    }
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
}
