package io.fermata.conformance.random;

/**
 * Makes random statements that share {@code co}: with methods that the class of an object tells,
 * with objects that keep it, with lambdas that are called in between, and with classes that are
 * initialised, or look at themselves, on the way.
 */
final class Sharing {
  private static final String MEMBERS =
      """
          interface Walk {
            int walk(YIELDER co, int x) throws Exception;
            default int twice(YIELDER co, int x) throws Exception {
              return on() ? walk(co, x) + walk(co, x + 1) : x;
            }
          }
          record Leaf(int v) implements Walk {
            public int walk(YIELDER co, int x) throws Exception {
              co.yield(VALUE(v + x));
              return v - x;
            }
          }
          record Pair(Walk a, Walk b) implements Walk {
            public int walk(YIELDER co, int x) throws Exception {
              int left = a.walk(co, x);
              if (left % 7 == 3) throw new MyEx("pair");
              return left + b.twice(co, left & 3);
            }
          }
          enum Op implements Walk {
            UP {
              public int walk(YIELDER co, int x) throws Exception {
                if (x > 2) co.yield(VALUE(x));
                return x + ordinal();
              }
            },
            DOWN {
              public int walk(YIELDER co, int x) { return -x; }
              @Override public int twice(YIELDER co, int x) throws Exception {
                log.see("twice", x);
                return walk(co, super.twice(co, x));
              }
            }
          }
          private static final class Parser {
            private final YIELDER co;
            private int n;
            Parser(YIELDER co, int n) { this.co = co; this.n = n; log.see("Parser", n); }
            int parse(int k) throws Exception {
              n += k;
              co.yield(VALUE(n));
              return n % 5 == 0 ? deep(2) : n;
            }
            private int deep(int k) throws Exception {
              return k <= 0 || !on() ? n : parse(k) + deep(k - 1);
            }
          }
          record Ctx(YIELDER co, int depth) {
            int go() throws Exception { co.yield(VALUE(depth)); return depth + 1; }
          }
          static final class Ini {
            static int made = 4;
            static { log.see("initialised", "Ini"); }
            static int help(YIELDER co, int x) throws Exception {
              co.yield(VALUE(x));
              return made + x;
            }
          }
          interface Face {
            Object MADE = seen("Face");
            static Object seen(String name) { log.see("initialised", name); return name; }
            static int help(YIELDER co, int x) throws Exception {
              co.yield(VALUE(x));
              return x + 2;
            }
          }
          static final class Broken {
            static { if (log.fuel() || !log.fuel()) throw new MyRt("broken", null); }
            static int help(YIELDER co, int x) throws Exception {
              co.yield(VALUE(x));
              return x;
            }
          }
          static final class Peek {
            private static int secret = 5;
            private volatile int own = 6;
            static int peek(YIELDER co, int x) throws Exception {
              int seen = Peek.class.getDeclaredField("secret").getInt(null);
              co.yield(VALUE(seen + x));
              return seen
                  + java.util.concurrent.atomic.AtomicIntegerFieldUpdater
                      .newUpdater(Peek.class, "own").get(new Peek());
            }
          }
          private static void each(int n, Consumer<Integer> action) {
            for (int i = 0; i < n && on(); i++) {
              log.see("each", i);
              action.accept(i);
            }
          }
      """;

  private final Dice dice;
  private final Flavour flavour;
  private final Statements statements;

  Sharing(Dice dice, Flavour flavour, Statements statements) {
    this.dice = dice;
    this.flavour = flavour;
    this.statements = statements;
  }

  /** The classes and methods that the statements use. */
  static String members(Flavour flavour) {
    String value = flavour.isPrimitive() ? "(" + flavour.primitive() + ") (" : "(Object) (";
    return MEMBERS.replace("YIELDER", flavour.yielder()).replace("VALUE(", value);
  }

  /** Whether a place has the {@code co} that the members take. */
  static boolean isPossible(Scope scope) {
    return scope.canYield && scope.co.equals("co");
  }

  /** A statement, for a place where that is possible. */
  Node statement(Scope scope, int depth) {
    int kind = dice.roll(scope.canThrow ? 12 : 4);
    return switch (kind) {
      case 0, 1, 2, 3 -> iteration(scope, depth);
      case 4, 5, 6 ->
          call(
              "walk",
              walk(scope, 2),
              "." + dice.pick("walk", "twice") + "(co, ",
              statements.any("int", scope),
              " & 7)");
      case 7 -> call("parse", "new Parser(co, ", statements.any("int", scope), ").parse(2)");
      case 8 -> parser(scope);
      case 9 -> context(scope);
      case 10 -> call("help", help(), ".help(co, ", statements.any("int", scope), " & 15)");
      default -> call("peek", "Peek.peek(co, ", statements.any("int", scope), " & 15)");
    };
  }

  private String help() {
    return dice.once(6) ? "Broken" : dice.pick("Ini", "Face");
  }

  private static Node call(String name, Object... parts) {
    return Node.statement("log.see(\"" + name + "\", ", Node.expression("c", parts), ");");
  }

  private Node walk(Scope scope, int depth) {
    return switch (dice.roll(depth > 0 ? 5 : 2)) {
      case 0 -> Node.expression("walk", "new Leaf(", statements.any("int", scope), " & 31)");
      case 1 -> Node.expression("walk", dice.pick("Op.UP", "Op.DOWN"));
      case 2 ->
          Node.expression(
              "walk",
              "(",
              statements.any("boolean", scope),
              " ? ",
              walk(scope, depth - 1),
              " : ",
              walk(scope, depth - 1),
              ")");
      default ->
          Node.expression(
              "walk", "new Pair(", walk(scope, depth - 1), ", ", walk(scope, depth - 1), ")");
    };
  }

  private Node parser(Scope scope) {
    String name = scope.common.name("p");
    return Node.statement(
        "Parser " + name + " = new Parser(co, ",
        statements.any("int", scope),
        ");\nlog.see(\"first\", " + name + ".parse(1));\nlog.see(\"then\", " + name + ".parse(",
        statements.any("int", scope),
        " & 3));");
  }

  private Node context(Scope scope) {
    String name = scope.common.name("x");
    String yield = flavour.isPrimitive() ? "(" + flavour.primitive() + ") 1" : "\"ctx\"";
    return Node.statement(
        "Ctx " + name + " = new Ctx(co, ",
        statements.any("int", scope),
        ");\n"
            + name
            + ".co().yield("
            + yield
            + ");\nlog.see(\"ctx\", "
            + name
            + ".go() + "
            + name
            + ".depth());");
  }

  /** A lambda that holds {@code co}, and a call that calls it in between. */
  private Node iteration(Scope scope, int depth) {
    Scope inner = scope.captured(false);
    inner.canYield = true;
    inner.result = dice.once(2) ? "" : null;
    String name = scope.common.name("a");
    int kind = dice.roll(6);
    inner.add(name, kind < 2 ? "Object" : "int", true);
    Node before =
        switch (kind) {
          case 0 ->
              Node.expression(
                  "i",
                  dice.pick("Arrays.<Object>asList(", "List.<Object>of("),
                  statements.any("int", scope),
                  ", ",
                  statements.any("String", scope).cut(),
                  ").forEach(" + name + " -> {\n");
          case 1 ->
              Node.expression(
                  "i",
                  "Optional.<Object>of(",
                  statements.any("int", scope),
                  ").ifPresent(" + name + " -> {\n");
          case 2 ->
              Node.expression(
                  "i",
                  "new ArrayList<>(List.of(1, 2, 3)).iterator().forEachRemaining("
                      + name
                      + " -> {\n");
          case 3 ->
              Node.expression(
                  "i",
                  "IntStream.range(0, ",
                  statements.any("int", scope),
                  " & 3).forEach(" + name + " -> {\n");
          case 4 ->
              Node.expression(
                  "i",
                  "new TreeMap<>(Map.of(1, ",
                  statements.any("int", scope),
                  ", 2, 5)).forEach((key" + name + ", " + name + ") -> {\n");
          default ->
              Node.expression(
                  "i", "each(", statements.any("int", scope), " & 3, " + name + " -> {\n");
        };
    return Node.statement(before, statements.block(inner, Math.max(0, depth - 1), 2), "});");
  }
}
