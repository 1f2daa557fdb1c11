package io.fermata.conformance.random;

import java.util.Random;

/** Makes random expressions. */
final class Expressions {
  private static final int JDK = Runtime.version().feature();

  private final Random random;
  private final Flavour flavour;

  /** Statements for the blocks inside of expressions. */
  private final Statements statements;

  Expressions(Random random, Flavour flavour, Statements statements) {
    this.random = random;
    this.flavour = flavour;
    this.statements = statements;
  }

  private int dice(int sides) {
    return random.nextInt(sides);
  }

  private String pick(String... choices) {
    return choices[dice(choices.length)];
  }

  String type() {
    return Node.TYPES.get(dice(Node.TYPES.size()));
  }

  /** An expression of a type. */
  Node of(String type, Scope scope, int depth) {
    if (depth <= 0) {
      return leaf(type, scope);
    }
    if (scope.canYield && dice(3) == 0) {
      Node yielding = yielding(type, scope, depth - 1);
      if (yielding != null) {
        return yielding;
      }
    }
    int dice = dice(16);
    if (dice < 3) {
      return leaf(type, scope);
    }
    if (dice == 3) {
      return Node.expression(
          type,
          "((" + type + ") (", // a cast spares javac guesses at the type
          of("boolean", scope, depth - 1),
          " ? ",
          of(type, scope, depth - 1),
          newline(),
          " : ",
          of(type, scope, depth - 1),
          "))");
    }
    if (dice == 4) {
      String variable = scope.variable(type, true);
      if (variable != null) {
        return Node.expression(type, "(", variable, " = ", of(type, scope, depth - 1), ")");
      }
    }
    if (dice == 5 && dice(2) == 0) {
      return switchExpression(type, scope, depth - 1);
    }
    if (dice == 6) {
      return Node.expression(
          type,
          (boxed(type).equals(type) ? "log.<" + type + ">pass" : "log.pass") + "(\"e\", ",
          of(type, scope, depth - 1),
          ")");
    }
    if (dice == 7 && dice(2) == 0) {
      return lambda(type, scope, depth - 1);
    }
    return special(type, scope, depth - 1);
  }

  static String boxed(String type) {
    return switch (type) {
      case "boolean" -> "Boolean";
      case "byte" -> "Byte";
      case "char" -> "Character";
      case "short" -> "Short";
      case "int" -> "Integer";
      case "long" -> "Long";
      case "float" -> "Float";
      case "double" -> "Double";
      default -> type;
    };
  }

  private String newline() {
    return dice(6) == 0 ? "\n" : "";
  }

  Node leaf(String type, Scope scope) {
    String variable = dice(5) == 0 ? null : scope.variable(type, false);
    if (variable != null) {
      return Node.expression(type, variable);
    }
    String me = scope.me();
    String text =
        switch (type) {
          case "boolean" -> pick("true", "false", me + "fz", "cz");
          case "byte" -> pick("(byte) " + dice(100), me + "fb", "cb");
          case "char" -> pick("'x'", me + "fc", "cc");
          case "short" -> pick("(short) -3", "csh");
          case "int" -> pick("" + dice(10), "-" + dice(100), me + "fi", me + "pi", "si", "ci");
          case "long" -> pick(dice(10) + "L", me + "fl", me + "pl", "sl", "cl");
          case "float" -> pick("0.25f", me + "ff", "cf");
          case "double" -> pick("0.75", me + "fd", "pd", "cd", "1e9");
          case "String" -> pick("\"t\"", "\"Aa\"", "\"BB\"", me + "fs", me + "ps", "ss", "cs");
          case "Integer" -> pick("Integer.valueOf(3)", "Integer.valueOf(-1)", "(Integer) ci");
          case "Object" -> pick("(Object) 5", "(Object) \"ob\"", "(Object) null", "(Object) cl");
          case "int[]" -> pick("new int[] {4, 5, 6}", me + "fa", "ca");
          case "Foo" -> pick("new Foo(2)", me + "foo", dice(10) == 0 ? "cfoo" : "new Foo(4)");
          case "Shape" -> pick("new Sq(2)", "new Rc(3, new Sq(2))", "new Rc(1, null)");
          case "En" -> pick("En.A", "En.B", "En.C");
          default -> null;
        };
    return text == null ? Node.simplest(type) : Node.expression(type, text);
  }

  /** An expression that suspends; null if there is none of this type. */
  private Node yielding(String type, Scope scope, int depth) {
    if (scope.hasHelpers() && (dice(4) == 0 || flavour.isPrimitive())) {
      String[] helper = scope.common.helpers.get(dice(scope.common.helpers.size()));
      if (helper[1].equals(type)) {
        return call(helper, scope, depth);
      }
    }
    if (flavour.isPrimitive()) {
      return null;
    }
    Node given = Node.expression("y", scope.co + ".yield(", of(value(), scope, depth), ")");
    if (scope.sent.equals(type) && dice(3) == 0) {
      return Node.expression(type, given);
    }
    if (scope.sent.equals("Integer") && type.equals("int") && dice(6) == 0) {
      return Node.expression(type, "Log.un(", given, ")");
    }
    Node number = Node.expression("int", "n(", given, ")");
    return switch (type) {
      case "boolean" -> Node.expression(type, "(", number, " > 7)");
      case "byte", "char", "short", "long", "float", "double" ->
          Node.expression(type, "(" + type + ") ", number);
      case "int" -> number;
      case "String" -> Node.expression(type, "cut(", given, ")");
      case "Integer" -> Node.expression(type, "Integer.valueOf(", number, ")");
      case "Object" -> Node.expression(type, "((Object) ", given, ")");
      default -> null;
    };
  }

  /** A type of what is yielded. */
  String value() {
    return flavour.isPrimitive() ? flavour.primitive() : pick("int", "String", "Object", "long");
  }

  /** A call of a helper, which is given {@code co}. */
  Node call(String[] helper, Scope scope, int depth) {
    boolean isInstance = helper[2].equals("instance");
    return Node.expression(
        helper[1],
        (isInstance ? (scope.me()) : "") + helper[0] + "(",
        of("int", scope, depth),
        ", " + scope.co + ", ",
        of("double", scope, depth),
        ", ",
        of("String", scope, depth),
        ")");
  }

  private Node switchExpression(String type, Scope scope, int depth) {
    Scope inner = scope.closed();
    if (JDK >= 21 && dice(2) == 0) {
      String w = scope.common.name("w");
      Scope bound = inner.inner();
      bound.add(w, "int", true);
      Scope guard = bound.captured(true);
      guard.canYield = scope.canYield;
      guard.isStatic = true; // a guard may not assign to simple names
      return Node.expression(
          type,
          "((" + type + ") (switch ((Shape) (",
          of("Shape", scope, depth),
          ")) {\n",
          "case Sq(int " + w + ") when on() && ",
          of("boolean", guard, depth - 1),
          " -> ",
          of(type, bound, depth),
          ";\n",
          "case Rc(int " + w + ", Sq(int z" + w + ")) -> ",
          of(type, bound, depth),
          ";\n",
          "case null -> ",
          of(type, inner, depth),
          ";\n",
          "case Shape s" + w + " -> { log.see(\"shape\", s" + w + ".called());\nyield ",
          yielded(of(type, inner, depth)),
          "; }\n}))");
    }
    String selector = pick("int", "String", "En");
    String[] labels =
        switch (selector) {
          case "int" -> new String[] {"0", "1, 2"};
          case "String" -> new String[] {"\"t\"", "\"s\", \"f\""};
          default -> new String[] {"A", "B"};
        };
    return Node.expression(
        type,
        "((" + type + ") (switch (",
        of(selector, scope, depth),
        selector.equals("int") ? " & 3" : "",
        ") {\ncase " + labels[0] + " -> ",
        of(type, inner, depth),
        ";\ncase " + labels[1] + " -> {\n",
        statements.block(inner.inner(), 1, 2),
        "yield ",
        yielded(of(type, inner, depth)),
        ";\n}\ndefault -> ",
        of(type, inner, depth),
        ";\n}))");
  }

  /** After {@code yield}, a parenthesis would make it a call. */
  private static Node yielded(Node value) {
    return value.render().startsWith("(")
        ? Node.expression(value.type(), "log.pass(\"y\", ", value, ")")
        : value;
  }

  private static String unboxing(String type) {
    return boxed(type).equals(type) ? "(" : "Log.un(";
  }

  private Node lambda(String type, Scope scope, int depth) {
    String name = scope.common.name("p");
    Scope inner = scope.captured(false);
    inner.add(name, "int", true);
    return switch (dice(3)) {
      case 0 ->
          Node.expression(
              type,
              unboxing(type) + "((IntFunction<" + boxed(type) + ">) " + name + " -> ",
              of(type, inner, depth),
              ").apply(",
              of("int", scope, depth),
              "))");
      case 1 -> {
        String go = scope.common.name("go");
        yield Node.expression(
            type,
            "new Object() { " + type + " " + go + "(int " + name + ") { return ",
            of(type, inner, depth),
            "; } }." + go + "(",
            of("int", scope, depth),
            ")");
      }
      default -> {
        yield Node.expression(
            type,
            unboxing(type) + "((Supplier<" + boxed(type) + ">) () -> {\n",
            statements.block(scope.captured(false), 1, 2),
            "return ",
            of(type, scope.captured(false), depth),
            ";\n}).get())");
      }
    };
  }

  private Node special(String type, Scope scope, int depth) {
    return switch (type) {
      case "boolean" -> bool(scope, depth);
      case "byte", "char", "short", "float" -> small(type, scope, depth);
      case "int" -> integer(scope, depth);
      case "long", "double" -> wide(type, scope, depth);
      case "String" -> string(scope, depth);
      case "Integer" -> Node.expression(type, "Integer.valueOf(", of("int", scope, depth), ")");
      case "Object" -> {
        String from = type(); // an array's text has no place in messages: it tells its identity
        from = from.endsWith("]") ? "Object" : from;
        yield Node.expression(type, "((Object) (", of(from, scope, depth), "))");
      }
      case "int[]", "long[]", "byte[]", "double[]", "String[]" -> array(type, scope, depth);
      case "int[][]" ->
          dice(3) == 0
              ? Node.expression(
                  type,
                  "new int[",
                  of("int", scope, depth),
                  " & 3][",
                  of("int", scope, depth),
                  " & 3]")
              : Node.expression(
                  type,
                  "new int[][] {",
                  of("int[]", scope, depth),
                  ", {",
                  of("int", scope, depth),
                  "}}");
      case "Foo" -> foo(scope, depth);
      case "Shape" ->
          dice(2) == 0
              ? Node.expression(type, "new Sq(", of("int", scope, depth), ")")
              : Node.expression(
                  type, "new Rc(", of("int", scope, depth), ", ", of("Shape", scope, depth), ")");
      default -> Node.expression(type, "En.values()[(", of("int", scope, depth), " & 255) % 3]");
    };
  }

  private Node bool(Scope scope, int depth) {
    String type = "boolean";
    String operand = pick("int", "long", "double", "char", "float");
    return switch (dice(7)) {
      case 0 -> Node.expression(type, "!", Node.expression(type, "(", of(type, scope, depth), ")"));
      case 1, 2 ->
          Node.expression(
              type,
              "(",
              of(type, scope, depth),
              pick(" && ", " || ", " ^ ", " & ", " | "),
              newline(),
              of(type, scope, depth),
              ")");
      case 3 ->
          Node.expression(type, "((Object) ", of("Object", scope, depth), " instanceof Integer)");
      case 4 -> Node.expression(type, "(", of("Foo", scope, depth), " != null)");
      default ->
          Node.expression(
              type,
              "(",
              of(operand, scope, depth),
              pick(" < ", " >= ", " == ", " != "),
              of(operand, scope, depth),
              ")");
    };
  }

  private Node small(String type, Scope scope, int depth) {
    String variable = scope.variable(type, true);
    if (variable != null && dice(2) == 0) {
      return dice(2) == 0
          ? Node.expression(type, "(" + variable + pick("++", "--") + ")")
          : Node.expression(
              type, "(" + variable + pick(" += ", " -= ", " *= "), of("int", scope, depth), ")");
    }
    return Node.expression(
        type, "(" + type + ") (", of(pick("int", "long", "double", "char"), scope, depth), ")");
  }

  private Node integer(Scope scope, int depth) {
    String type = "int";
    String variable = scope.variable(type, true);
    String me = scope.me();
    return switch (dice(20)) {
      case 0, 1, 2, 3 ->
          Node.expression(
              type,
              "(",
              of(type, scope, depth),
              pick(" + ", " - ", " * ", " & ", " ^ ", " << ", " >>> ", " + "),
              newline(),
              of(type, scope, depth),
              ")");
      case 4 ->
          Node.expression(
              type,
              "(",
              of(type, scope, depth),
              pick(" / ", " % "),
              "(",
              of(type, scope, depth),
              dice(5) == 0 ? "))" : " | 1))");
      case 5 ->
          Node.expression(
              type,
              "va(",
              of(type, scope, depth),
              ", ",
              of("Object", scope, depth),
              ", ",
              of("long", scope, depth),
              ")");
      case 6 ->
          Node.expression(
              type, me + "pm(", of(type, scope, depth), ", ", of("long", scope, depth), ")");
      case 7 ->
          Node.expression(
              type,
              scope.isStatic ? "self.prot(" : "HOST.super.prot(",
              of(type, scope, depth),
              ")");
      case 8 -> {
        Node array = of("int[]", scope, depth);
        yield Node.expression(type, "(", array, ")[", of(type, scope, depth), " & 1]");
      }
      case 9 ->
          Node.expression(
                  type,
                  me + "fa[",
                  of(type, scope, depth),
                  " & 1]" + pick(" += ", " = ", " -= ", " ^= "),
                  of(type, scope, depth))
              .parenthesised();
      case 10 ->
          Node.expression(type, me + "fi" + pick(" += ", " = ", " *= "), of(type, scope, depth))
              .parenthesised();
      case 11 -> Node.expression(type, of("Foo", scope, depth), ".get()");
      case 12 -> {
        String q = scope.common.name("q");
        yield Node.expression(
            type,
            "(",
            of("Object", scope, depth),
            " instanceof Integer " + q + " ? " + q + " + ",
            of(type, scope, depth),
            " : ",
            of(type, scope, depth),
            ")");
      }
      case 13 ->
          Node.expression(
              type,
              scope.isStatic ? "self." : "",
              "new Inner(",
              of(type, scope, depth),
              ").sum(",
              of("long", scope, depth),
              ")");
      case 14 -> Node.expression(type, of("Shape", scope, depth), ".area()");
      case 15 -> Node.expression(type, "(int) (", of(pick("long", "double"), scope, depth), ")");
      case 16 -> Node.expression(type, "n(", of("Object", scope, depth), ")");
      case 17 ->
          Node.expression(
              type,
              "((IntBinaryOperator) " + pick("Math::max", "Integer::sum") + ").applyAsInt(",
              of(type, scope, depth),
              ", ",
              of(type, scope, depth),
              ")");
      case 18 ->
          Node.expression(
              type,
              "((IntUnaryOperator) " + pick("Foo::twice", "self::prot") + ").applyAsInt(",
              of(type, scope, depth),
              ")");
      default ->
          variable == null
              ? leaf(type, scope)
              : dice(2) == 0
                  ? Node.expression(
                      type,
                      "(" + variable + " = " + variable + "++ + ",
                      of(type, scope, depth),
                      ")")
                  : Node.expression(
                      type,
                      "(" + variable + pick(" += ", " *= ", " -= "),
                      of(pick("int", "long", "double", "char"), scope, depth),
                      ")");
    };
  }

  private Node wide(String type, Scope scope, int depth) {
    String variable = scope.variable(type, true);
    return switch (dice(6)) {
      case 0, 1 ->
          Node.expression(
              type,
              "(",
              of(type, scope, depth),
              pick(" + ", " - ", " * "),
              newline(),
              of(pick(type, "int"), scope, depth),
              ")");
      case 2 ->
          Node.expression(
              type,
              "((" + type + ") ",
              of(pick("int", "double", "long", "char", "float"), scope, depth),
              ")");
      case 3 ->
          type.equals("long")
              ? Node.expression(
                  type, "sm(", of("long", scope, depth), ", ", of("double", scope, depth), ")")
              : Node.expression(
                  type,
                  "((DoubleUnaryOperator) Math::abs).applyAsDouble(",
                  of(type, scope, depth),
                  ")");
      case 4 ->
          Node.expression(
              type,
              "(" + (type.equals("long") ? "HOST.sl" : scope.me() + "fd") + pick(" += ", " -= "),
              of(type, scope, depth),
              ")");
      default ->
          variable == null
              ? leaf(type, scope)
              : Node.expression(
                  type,
                  "(" + variable + pick(" += ", " -= ", " *= "),
                  of(pick("int", type, "double"), scope, depth),
                  ")");
    };
  }

  private Node string(Scope scope, int depth) {
    String type = "String";
    return switch (dice(6)) {
      case 0, 1, 2 ->
          Node.expression(
              type,
              "cut(",
              of(type, scope, depth),
              " + ",
              of(
                  pick("int", "Object", "String", "char", "double", "long", "boolean", "En"),
                  scope,
                  depth),
              " + \"\\u0001\" + ",
              newline(),
              of(pick("String", "int", "byte"), scope, depth),
              ")");
      case 3 ->
          Node.expression(
                  type,
                  "new StringBuilder().append(",
                  of(type, scope, depth),
                  ").append(",
                  appended(scope, depth),
                  ").reverse().toString()")
              .cut();
      case 4 ->
          Node.expression(
                  type, "sprot(", of(type, scope, depth), ", ", of("long", scope, depth), ")")
              .cut();
      default ->
          Node.expression(
              type, "((Supplier<String>) ", of("Foo", scope, depth), "::toString).get()");
    };
  }

  private Node appended(Scope scope, int depth) {
    String type = pick("int", "char", "Object", "double");
    return Node.expression(type, "(" + type + ") ", of(type, scope, depth));
  }

  private Node array(String type, Scope scope, int depth) {
    String element = type.substring(0, type.length() - 2);
    return dice(4) == 0
        ? Node.expression(type, "new " + element + "[(", of("int", scope, depth), " & 3) + 1]")
        : Node.expression(
            type,
            "new " + type + " {",
            of(element, scope, depth),
            ", ",
            of(element, scope, depth),
            ", ",
            of(element, scope, depth),
            "}");
  }

  private Node foo(Scope scope, int depth) {
    String type = "Foo";
    return switch (dice(5)) {
      case 0 -> Node.expression(type, "new Foo(", of("int", scope, depth), ")");
      case 1 ->
          Node.expression(
              type,
              "new Foo(",
              of("int", scope, depth),
              ", ",
              newline(),
              of("Object", scope, depth),
              ")");
      case 2 ->
          Node.expression(
              type, "new Foo(", of("Foo", scope, depth), ", ", of("long", scope, depth), ", true)");
      case 3 ->
          Node.expression(type, of("Foo", scope, depth), ".inc(", of("int", scope, depth), ")");
      default ->
          Node.expression(
              type, "((Function<Integer, Foo>) Foo::new).apply(", of("int", scope, depth), ")");
    };
  }
}
