package io.fermata.conformance.random;

import java.util.List;

/** Makes random generators inside of a body, and what a body does with them. */
final class InnerGenerators {
  private final Dice dice;
  private final Flavour flavour;
  private final Expressions expressions;
  private final Statements statements;

  InnerGenerators(Dice dice, Flavour flavour, Expressions expressions, Statements statements) {
    this.dice = dice;
    this.flavour = flavour;
    this.expressions = expressions;
    this.statements = statements;
  }

  private Node any(String type, Scope scope) {
    return statements.any(type, scope);
  }

  /** A generator whose elements the body can yield. */
  Node generator(Scope scope, int depth) {
    if (!scope.common.makers.isEmpty() && dice.once(3)) {
      String[] maker = scope.common.makers.get(dice.roll(scope.common.makers.size()));
      boolean isInstance = maker[1].equals("instance");
      return Node.expression(
          "generator", (isInstance ? scope.me() : "") + maker[0] + "(", any("int", scope), ")");
    }
    if (flavour.isPrimitive()) {
      return made(flavour.type, flavour.factory + "((" + flavour.body + ") ", "", scope, depth);
    }
    if (dice.once(2)) {
      return made(
          "Generator<Object>",
          "Generator.<Object>of((GeneratorBody<Object>) ", // a cast: javac attributes it once
          "?",
          scope,
          depth);
    }
    String sent = dice.once(2) ? flavour.sent : dice.pick("Object", "Integer", "String");
    sent = sent.equals("?") ? "Object" : sent;
    return made(
        "Coroutine<" + sent + ", Object, Object>",
        "Coroutine.<" + sent + ", Object, Object>of((CoroutineBody<" + sent + ", Object, Object>) ",
        sent,
        scope,
        depth);
  }

  private Node made(String type, String factory, String sent, Scope scope, int depth) {
    Scope inner = scope.captured(true);
    boolean hasResult = type.startsWith("Coroutine");
    inner.result = hasResult ? "\"in\"" : "";
    inner.canYield = true;
    inner.co = scope.common.name("co");
    inner.sent = sent;
    return Node.expression(
        "generator",
        "((" + type + ") log.made(" + factory + inner.co + " -> {\n",
        statements.block(inner, depth, 3),
        hasResult ? "return " : "",
        hasResult ? any("Object", inner) : "",
        hasResult ? ";\n" : "",
        "})))");
  }

  /** The type of {@link #generator} as far as all of them have it. */
  String type() {
    return flavour.isPrimitive() ? flavour.type : "Generator<Object>";
  }

  /** The body waits for something else to end. */
  Node delegation(Scope scope, int depth) {
    if (dice.once(4)) {
      return byHand(scope, depth);
    }
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
        switch (dice.roll(6)) {
          case 0 -> Node.expression("d", "Arrays.<" + boxed + ">asList(", any(type, scope), ")");
          case 1 -> Node.expression("d", stream, any(type, scope), ", ", any(type, scope), ")");
          case 2 ->
              Node.expression(
                  "d", "Arrays.<" + boxed + ">asList(", any(type, scope), ").iterator()");
          default -> generator(scope, depth);
        };
    return Node.statement("log.see(\"from\", " + scope.co + ".yieldFrom(", delegate, "));");
  }

  /** The body steps a generator itself, before and after it delegates to it. */
  private Node byHand(Scope scope, int depth) {
    String name = scope.common.name("g");
    return Node.statement(
        type() + " " + name + " = ",
        generator(scope, depth),
        ";\n",
        Node.block(
            List.of(
                step(name, scope),
                Node.statement("log.see(\"from\", " + scope.co + ".yieldFrom(" + name + "));"),
                step(name, scope))));
  }

  private Node step(String name, Scope scope) {
    String call =
        dice.pick("advance()", "hasNext()", "hasNext()", "next()", "state()", "delegate() == null");
    return Node.statement(
        "if (", any("boolean", scope), ") {\nlog.see(\"step\", " + name + "." + call + ");\n}");
  }
}
