package io.fermata.conformance.random;

/** Makes random expressions of primitive types. */
final class Numbers {
  private final Dice dice;
  private final Expressions expressions;

  Numbers(Dice dice, Expressions expressions) {
    this.dice = dice;
    this.expressions = expressions;
  }

  private int dice(int sides) {
    return dice.roll(sides);
  }

  private String pick(String... choices) {
    return dice.pick(choices);
  }

  private Node of(String type, Scope scope, int depth) {
    return expressions.of(type, scope, depth);
  }

  private Node leaf(String type, Scope scope) {
    return expressions.leaf(type, scope);
  }

  private String newline() {
    return expressions.newline();
  }

  Node bool(Scope scope, int depth) {
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

  Node small(String type, Scope scope, int depth) {
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

  Node integer(Scope scope, int depth) {
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
                  array(scope) + "[",
                  of(type, scope, depth),
                  " & 1]" + pick(" += ", " = ", " -= ", " ^= "),
                  of(type, scope, depth))
              .parenthesised();
      case 10 ->
          scope.isGuard
              ? leaf(type, scope)
              : Node.expression(
                      type, me + "fi" + pick(" += ", " = ", " *= "), of(type, scope, depth))
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

  private String array(Scope scope) {
    String variable = dice.once(2) ? scope.variable("int[]", false) : null;
    return variable == null ? scope.me() + "fa" : variable;
  }

  Node wide(String type, Scope scope, int depth) {
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
          scope.isGuard
              ? leaf(type, scope)
              : Node.expression(
                  type,
                  "("
                      + (type.equals("long") ? "HOST.sl" : scope.me() + "fd")
                      + pick(" += ", " -= "),
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
}
