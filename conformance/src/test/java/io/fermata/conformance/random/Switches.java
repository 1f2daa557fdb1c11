package io.fermata.conformance.random;

import java.util.ArrayList;
import java.util.List;

/** Makes random switches of all forms. */
final class Switches {
  private static final int JDK = Runtime.version().feature();

  /** A selector's type, and two labels that it can have. */
  private static final String[][] CONSTANTS = {
    {"int", "0", "5"},
    {"String", "\"BB\"", "\"Aa\""},
    {"En", "A", "C"},
    {"char", "'x'", "'q'"},
    {"byte", "1", "3"},
    {"Integer", "3", "-1"},
    {"int", "1", "1000000"},
  };

  private final Dice dice;
  private final Expressions expressions;
  private final Statements statements;

  Switches(Dice dice, Expressions expressions, Statements statements) {
    this.dice = dice;
    this.expressions = expressions;
    this.statements = statements;
  }

  private Node any(String type, Scope scope) {
    return statements.any(type, scope);
  }

  private Node block(Scope scope, int depth) {
    return statements.block(scope, depth, 2);
  }

  // Statements

  /** With colons, where one case falls into the next. */
  Node old(Scope scope, int depth) {
    String label = scope.common.name("B");
    Scope inner = scope.inner();
    inner.labels.add(label);
    String[] kind = CONSTANTS[dice.roll(CONSTANTS.length)];
    List<List<Object>> groups = new ArrayList<>();
    groups.add(group("case " + kind[1], inner, depth));
    groups.add(group("case " + kind[2], inner, depth));
    if (!dice.once(3)) {
      groups.add(dice.roll(3), group("default", inner, depth));
    }
    List<Object> parts = new ArrayList<>();
    parts.add(label + ":\nswitch (");
    parts.add(any(kind[0], scope));
    parts.add(") {\n");
    groups.forEach(parts::addAll);
    parts.add("}");
    return Node.statement(parts.toArray());
  }

  private List<Object> group(String head, Scope inner, int depth) {
    return List.of(
        head + ": {\n", block(inner.inner(), depth), (dice.once(2) ? "break;\n" : "") + "}\n");
  }

  /** With arrows. */
  Node arrows(Scope scope, int depth) {
    if (JDK >= 21 && !dice.once(3)) {
      return patterns(scope, depth);
    }
    String[] kind = CONSTANTS[dice.roll(CONSTANTS.length)];
    return Node.statement(
        "switch (",
        any(kind[0], scope),
        ") {\ncase " + kind[1] + " -> {\n",
        block(scope.inner(), depth),
        "}\ncase " + kind[2] + " -> log.see(\"arm\", ",
        any("int", scope),
        ");\ndefault -> {\n",
        block(scope.inner(), depth),
        "}\n}");
  }

  private Node patterns(Scope scope, int depth) {
    String name = scope.common.name("w");
    Scope bound = scope.inner();
    bound.add(name, "Integer", true);
    Scope text = scope.inner();
    text.add("s" + name, "String", true);
    List<Object> parts = new ArrayList<>();
    parts.add("switch ((Object) (");
    parts.add(any("Object", scope));
    parts.add(")) {\ncase Integer " + name + " when " + name + " > 3 -> {\n");
    parts.add(block(bound.inner(), depth));
    parts.add("}\ncase String s" + name + " -> {\n");
    parts.add(block(text, depth));
    if (!scope.isInSwitchExpression) {
      Scope parted = scope.inner();
      parted.add(name, "int", false);
      String rest = JDK >= 22 && dice.once(2) ? "_" : "var r" + name;
      parts.add("}\ncase Rc(int " + name + ", " + rest + ") -> {\n");
      parts.add(block(parted, depth));
    }
    parts.add("}\ncase null, default -> {\n");
    parts.add(block(scope.inner(), depth));
    parts.add("}\n}");
    return Node.statement(parts.toArray());
  }

  /** A variable that a switch gives its value, with everything that a statement may hold. */
  Node declaration(String type, String name, Scope scope, int depth) {
    Node value = expression(type, scope.closed(true), scope, depth);
    return switch (dice.roll(3)) {
      case 0 ->
          Node.statement(
              type + " " + name + " = " + Expressions.pass(type) + "(\"sw\", ", value, ");");
      case 1 ->
          Node.statement(
              "Object[] o" + name + " = {log, ",
              value,
              "};\n" + type + " " + name + " = (" + type + ") o" + name + "[1];");
      default -> Node.statement(type + " " + name + " = ", value, ";");
    };
  }

  // Expressions

  /**
   * An expression.
   *
   * @param inner for its arms
   * @param scope for its selector
   */
  Node expression(String type, Scope inner, Scope scope, int depth) {
    if (JDK >= 21 && dice.once(2)) {
      return shapes(type, inner, scope, depth);
    }
    String[] kind = CONSTANTS[dice.roll(CONSTANTS.length)];
    boolean isFirstPlain = dice.once(2);
    return Node.expression(
        type,
        "((" + type + ") (switch (",
        expressions.of(kind[0], scope, depth),
        ") {\ncase " + kind[1] + (isFirstPlain ? " -> " : ", " + kind[2] + " -> "),
        expressions.of(type, inner, depth),
        ";\n" + (isFirstPlain ? "case " + kind[2] : "default") + " -> {\n",
        block(inner.inner(), depth),
        "yield ",
        yielded(expressions.of(type, inner, depth)),
        ";\n}\n",
        isFirstPlain ? "default -> " : "",
        isFirstPlain ? expressions.of(type, inner, depth) : "",
        isFirstPlain ? ";\n" : "",
        "}))");
  }

  private Node shapes(String type, Scope inner, Scope scope, int depth) {
    String w = scope.common.name("w");
    Scope bound = inner.inner();
    Scope guard = bound.captured(true);
    guard.canYield = scope.canYield;
    guard.isGuard = true;
    guard.isStatic = true; // a guard may not assign to simple names
    List<Object> parts = new ArrayList<>();
    parts.add("((" + type + ") (switch ((Shape) (");
    parts.add(expressions.of("Shape", scope, depth));
    parts.add(")) {\n");
    if (inner.isInSwitchExpression) {
      parts.add("case Sq q" + w + " when on() && ");
    } else { // a record pattern is a try block, and javac fails on those with operands below
      bound.add(w, "int", true);
      guard.add(w, "int", true);
      parts.add("case Rc(int z" + w + ", Sq(int y" + w + ")) -> ");
      parts.add(expressions.of(type, inner, depth));
      parts.add(";\ncase Sq(int " + w + ") when on() && ");
    }
    parts.add(expressions.of("boolean", guard, depth - 1));
    parts.add(" -> ");
    parts.add(expressions.of(type, bound, depth));
    parts.add(";\ncase null -> ");
    parts.add(expressions.of(type, inner, depth));
    parts.add(";\ncase Shape s" + w + " -> { log.see(\"shape\", s" + w + ".called());\nyield ");
    parts.add(yielded(expressions.of(type, inner, depth)));
    parts.add("; }\n}))");
    return Node.expression(type, parts.toArray());
  }

  /** After {@code yield}, a parenthesis would make it a call. */
  private static Node yielded(Node value) {
    return value.render().startsWith("(")
        ? Node.expression(value.type(), Expressions.pass(value.type()) + "(\"y\", ", value, ")")
        : value;
  }
}
