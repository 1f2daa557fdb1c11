package io.fermata.conformance.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Makes a whole random program of a seed. */
final class Generation {
  private static final String[] RESULTS = {
    "int", "long", "String", "boolean", "double", "Foo", "Object", "byte", "float", "int[]"
  };

  private Generation() {}

  static Program program(long seed) {
    // neighbours among the seeds of a Random begin alike
    Random random = new Random(new SplittableRandom(seed).nextLong());
    Flavour[] flavours = Flavour.values();
    Flavour flavour = flavours[random.nextInt(flavours.length)];
    boolean isStatic = random.nextInt(3) == 0;
    boolean plain = random.nextInt(12) == 0;
    Scope.Common common = new Scope.Common(random, flavour, isStatic);
    Statements statements = new Statements(random, flavour);
    Expressions expressions = statements.expressions();
    List<Program.Method> helpers = new ArrayList<>();
    int count = plain ? 0 : random.nextInt(4);
    List<String[]> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      helpers.add(helper(random, common, statements, expressions, names));
    }
    common.helpers.clear();
    common.helpers.addAll(names);
    int makers = plain ? 0 : random.nextInt(3);
    for (int i = 0; i < makers; i++) {
      helpers.add(maker(random, common, statements));
    }
    common.budget = 5 + random.nextInt(40);
    Scope scope = new Scope(common, !plain);
    scope.result = flavour.hasResult() ? "\"early\"" : "";
    List<Node> body = new ArrayList<>();
    while (common.budget > 0) {
      body.addAll(blockOf(statements.block(scope, 4, 4)));
    }
    Program.Form form =
        random.nextInt(4) > 0
            ? Program.Form.LAMBDA
            : random.nextBoolean() ? Program.Form.ANONYMOUS : Program.Form.REFERENCE;
    return new Program(
        seed,
        flavour,
        form,
        isStatic,
        Node.block(body),
        List.copyOf(helpers),
        Drive.random(random));
  }

  private static List<Node> blockOf(Node block) {
    return block.parts().stream().map(part -> (Node) part).toList();
  }

  private static Program.Method helper(
      Random random,
      Scope.Common common,
      Statements statements,
      Expressions expressions,
      List<String[]> names) {
    String type = RESULTS[random.nextInt(RESULTS.length)];
    String name = common.name("h");
    boolean isInstance = random.nextBoolean();
    String[] own = {name, type, isInstance ? "instance" : "static"};
    common.helpers.clear();
    common.helpers.addAll(names);
    if (random.nextInt(2) == 0) {
      common.helpers.add(own); // calls itself
    }
    names.add(own);
    common.budget = 1 + random.nextInt(8);
    Scope scope = new Scope(common, true);
    scope.isStatic = !isInstance;
    scope.result = Node.simplest(type).render();
    scope.add("arg0", "int", false);
    scope.add("arg1", "double", false);
    scope.add("arg2", "String", false);
    Node guard = Node.statement("if (!on()) return " + scope.result + ";");
    List<Node> body = new ArrayList<>(List.of(guard));
    body.addAll(blockOf(statements.block(scope, 2, 5)));
    Node result = expressions.of(type, scope, 2);
    String head =
        "private "
            + (isInstance ? "" : "static ")
            + type
            + " "
            + name
            + "(int arg0, "
            + common.flavour.yielder()
            + " co, double arg1, String arg2) throws Exception";
    return new Program.Method(head + " { " + prologue(isInstance), Node.block(body), result);
  }

  /** A method that makes a generator. */
  private static Program.Method maker(Random random, Scope.Common common, Statements statements) {
    String name = common.name("m");
    boolean isInstance = random.nextBoolean();
    common.budget = 1 + random.nextInt(8);
    Scope scope = new Scope(common, false);
    scope.canThrow = false;
    scope.isStatic = !isInstance;
    scope.add("arg0", "int", true);
    Node generator = statements.generators().generator(scope, 2);
    common.makers.add(new String[] {name, isInstance ? "instance" : "static"});
    String head =
        "private "
            + (isInstance ? "" : "static ")
            + statements.generators().type()
            + " "
            + name
            + "(int arg0)";
    return new Program.Method(
        head + " { " + prologue(isInstance), Node.block(List.of()), generator);
  }

  /** What a body has captured, a method has here. */
  static String prologue(boolean isInstance) {
    return "final HOST self = "
        + (isInstance ? "this" : "new HOST()")
        + "; final int ci = 1; final long cl = 2; final double cd = 3; final String cs = \"h\";"
        + " final byte cb = 4; final char cc = 'h'; final boolean cz = false;"
        + " final float cf = 5; final int[] ca = {6, 7}; final Foo cfoo = null;"
        + " final short csh = 8;";
  }
}
