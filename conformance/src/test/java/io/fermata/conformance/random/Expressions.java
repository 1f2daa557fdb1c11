package io.fermata.conformance.random;

/** Makes random expressions. */
final class Expressions {
  private static final int JDK = Runtime.version().feature();

  /** Nodes of a small expression. */
  private static final int LARGE = 4;

  private final Dice dice;
  private final Flavour flavour;
  private final Numbers numbers;

  /** Statements for the blocks inside of expressions. */
  private final Statements statements;

  Expressions(Dice dice, Flavour flavour, Statements statements) {
    this.dice = dice;
    this.numbers = new Numbers(dice, this);
    this.flavour = flavour;
    this.statements = statements;
  }

  private int dice(int sides) {
    return dice.roll(sides);
  }

  private String pick(String... choices) {
    return dice.pick(choices);
  }

  String type() {
    return Node.TYPES.get(dice(Node.TYPES.size()));
  }

  /** An expression of a type. */
  Node of(String type, Scope scope, int depth) {
    Node made = any(type, scope, depth);
    return made.size() > LARGE && !made.render().startsWith("(")
        ? Node.expression(type, "((" + type + ") ", made, ")") // javac would attribute it twice
        : made;
  }

  private Node any(String type, Scope scope, int depth) {
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
      return statements.switches().expression(type, scope.closed(false), scope, depth - 1);
    }
    if (dice == 6) {
      return Node.expression(type, pass(type) + "(\"e\", ", of(type, scope, depth - 1), ")");
    }
    if (dice == 7 && dice(2) == 0) {
      return lambda(type, scope, depth - 1);
    }
    return special(type, scope, depth - 1);
  }

  /** A method that notes a value; without overloads, among which javac would have to choose. */
  static String pass(String type) {
    return boxed(type).equals(type) ? "log.<" + type + ">pass" : "log." + type + "s";
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

  String newline() {
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
    given = given.size() > LARGE ? Node.expression("y", "(Object) ", given) : given;
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
      case "boolean" -> numbers.bool(scope, depth);
      case "byte", "char", "short", "float" -> numbers.small(type, scope, depth);
      case "int" -> numbers.integer(scope, depth);
      case "long", "double" -> numbers.wide(type, scope, depth);
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
