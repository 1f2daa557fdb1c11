package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.IntYielder;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Objects that a body makes and that hold its {@code co}. */
class CarriersTest {
  /** A recursive descent. */
  private static final class Parser {
    private final Yielder<Integer, Object> co;
    private final String text;
    private int at;

    Parser(Yielder<Integer, Object> co, String text) {
      this.co = co;
      this.text = text;
    }

    Object parse() {
      Object sum = term();
      while (peek() == '+') {
        at++;
        sum = sum + "+" + term();
      }
      return sum;
    }

    private Object term() {
      Object product = factor();
      while (peek() == '*') {
        at++;
        product = product + "*" + factor();
      }
      return product;
    }

    private Object factor() {
      if (peek() == '(') {
        at++;
        Object inner = parse();
        at++;
        return "(" + inner + ")";
      }
      return emit(String.valueOf(text.charAt(at++)));
    }

    private Object emit(Object token) {
      return token + "/" + co.yield(token);
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : 0;
    }

    Object same(Object value) {
      return value;
    }

    int position() {
      return at;
    }
  }

  @EngineTest
  void aParserWhoseMethodsYieldIsCompiled() {
    assertTrace(
        "a b c d =a/1+b/2*(c/3+d/4)9",
        co -> {
          Parser parser = new Parser(co, "a+b*(c+d)");
          Object parsed = parser.parse();
          return parsed + "" + parser.position();
        });
  }

  private static Parser parser(Yielder<Integer, Object> co, String text) {
    return new Parser(Objects.requireNonNull(co), text);
  }

  private static Object parse(int n, Parser parser) {
    Object parsed = parser.parse();
    return n + ":" + parsed;
  }

  @EngineTest
  void itMayBeReturnedAndPassedToHelpers() {
    assertTrace(
        "a b =7:a/1+b/27:a/1+b/20",
        co -> {
          Parser parser = parser(co, "a+b");
          Object first = parse(7, parser);
          return first + "" + parser.same(first) + new Parser(null, "").position();
        });
  }

  @EngineTest
  void itMayBeNullOrOneOfTwo() {
    for (boolean chosen : new boolean[] {true, false}) {
      assertTrace(
          chosen ? "x a =a/2a/2" : "x b =b/2npe",
          co -> {
            Parser parser = chosen ? new Parser(co, "a") : new Parser(co, "b");
            Parser perhaps = chosen ? parser : null;
            co.yield("x");
            Object parsed = parser.parse();
            try {
              return parsed + "" + perhaps.same(parsed);
            } catch (NullPointerException e) {
              return parsed + "npe";
            }
          });
    }
  }

  private record Context(Yielder<Integer, Object> co, int depth) {
    Context deeper() {
      return new Context(co, depth + 1);
    }
  }

  private static Object descend(Context context) {
    if (context.depth() == 3) {
      return context.co().yield("bottom");
    }
    Object here = context.co().yield(context.depth());
    return here + "," + descend(context.deeper()) + "," + descend(new Context(context.co, 3));
  }

  @EngineTest
  void aRecordMayHoldIt() {
    assertTrace(
        "0 1 2 bottom bottom bottom bottom =1,2,3,4,5,6,7", co -> descend(new Context(co, 0)));
  }

  private static class Base {
    protected final Yielder<Integer, Object> out;

    Base(Yielder<Integer, Object> out) {
      if (out == null) {
        throw new NullPointerException("out");
      }
      this.out = out;
      log("base");
    }

    Object twice(Object value) {
      return out.yield(value) + "" + once(value);
    }

    protected Object once(Object value) {
      return out.yield(value);
    }
  }

  private static final class Derived extends Base {
    private final String mark;

    Derived(Yielder<Integer, Object> out, String mark) {
      super(out);
      this.mark = mark;
    }

    Derived(Yielder<Integer, Object> out) {
      this(out, "!");
    }

    @Override
    protected Object once(Object value) {
      return super.once(value + mark);
    }
  }

  @EngineTest
  void aSuperclassMayHoldIt() {
    assertTrace("base a a! =12", co -> new Derived(co).twice("a"));
    assertTrace("base a a? =12", co -> new Derived(co, "?").twice("a"));
    assertTrace(
        "base a a =12",
        co -> {
          Base base = new Base(co);
          return base.twice("a");
        });
  }

  @EngineTest
  void localAndAnonymousClassesMayCaptureIt() {
    assertTrace(
        "2 1 x 0 =0123",
        co -> {
          String x = "x";
          class Counter {
            int made;

            Object count(int n) {
              if (n == 0) {
                return "" + made;
              }
              Object rest = "";
              co.yield(n);
              rest = rest + "" + count(n - 1);
              return rest;
            }
          }
          Counter counter = new Counter();
          String said = "" + counter.count(2);
          said +=
              new Object() {
                Object say(int n) {
                  co.yield(x);
                  return "1" + inner(n);
                }

                private Object inner(int n) {
                  return "2" + (co.yield(n) == null ? "" : "3");
                }
              }.say(0);
          return said;
        });
  }

  private final class Inner {
    private final Yielder<Integer, Object> co;
    private int calls;

    Inner(Yielder<Integer, Object> co) {
      this.co = co;
    }

    final class Innermost {
      Object go() {
        calls++;
        return co.yield(name + calls);
      }
    }

    Object go() {
      Innermost innermost = new Innermost();
      return innermost.go() + "" + innermost.go();
    }
  }

  private final String name = "n";

  @EngineTest
  void innerClassesOfItReachIt() {
    assertTrace("n1 n2 =12", co -> new Inner(co).go());
    assertTrace(
        "n1 n2 =12",
        co -> {
          Inner inner = this.new Inner(co);
          Inner.Innermost innermost = inner.new Innermost();
          return innermost.go() + "" + innermost.go();
        });
  }

  private static final class Outer {
    private final Parser parser;
    private final Yielder<Integer, Object> co;

    Outer(Yielder<Integer, Object> co) {
      this.parser = new Parser(co, "a*b");
      this.co = co;
    }

    Object go() {
      return parser.parse() + "" + co.yield("end");
    }
  }

  @EngineTest
  void anObjectMayHoldAnObjectThatHoldsIt() {
    assertTrace("a b end =a/1*b/23", co -> new Outer(co).go());
  }

  private static final class Late {
    private Yielder<Integer, Object> co;
    private final boolean loud;

    Late(Yielder<Integer, Object> co, boolean loud) {
      this.loud = loud;
      if (loud) {
        this.co = co;
      }
    }

    Object say(Object value) {
      return co.yield(value);
    }

    Object sayPerhaps(Object value) {
      return co == null ? "silent" : co.yield(value);
    }

    void stop() {
      co = null;
    }
  }

  @EngineTest
  void aFieldMayBeNullOnSomeWays() {
    for (boolean loud : new boolean[] {true, false}) {
      assertTrace(
          loud ? "a b =12" : "=silentnpe",
          co -> {
            Late late = new Late(co, loud);
            try {
              return late.sayPerhaps("a") + "" + late.say("b");
            } catch (NullPointerException e) {
              return "silentnpe";
            }
          });
      assertTrace(
          loud ? "a =1silent" : "=silentsilent",
          co -> {
            Late late = new Late(co, loud);
            Object said = late.sayPerhaps("a");
            late.stop();
            return said + "" + late.sayPerhaps("b");
          });
    }
  }

  private static final class Walker {
    private Yielder<Integer, Object> co;
    private final int depth;

    Walker(int depth) {
      this.depth = depth;
    }

    Object greet(Yielder<Integer, Object> co) {
      Object greeted = co.yield("hi");
      setCo(co);
      return greeted + "" + down(0);
    }

    Object walk(Yielder<Integer, Object> co) {
      this.co = co;
      Object walked = down(0);
      this.co = null;
      return walked;
    }

    void setCo(Yielder<Integer, Object> co) {
      this.co = co;
    }

    private Object down(int at) {
      return at == depth ? "" : co.yield(at) + "" + down(at + 1);
    }
  }

  @EngineTest
  void itMayGetItAfterItsConstructor() {
    assertTrace(
        "0 1 0 1 =1234",
        co -> {
          Walker walker = new Walker(2);
          return walker.walk(co) + "" + walker.walk(co);
        });
    assertTrace("hi 0 =12", co -> new Walker(1).greet(co));
    assertTrace(
        "0 =1npe",
        co -> {
          Walker walker = new Walker(1);
          walker.setCo(co);
          Object walked = walker.down(0);
          walker.co = null;
          try {
            return walker.down(0);
          } catch (NullPointerException e) {
            return walked + "npe";
          }
        });
    assertTrace(
        "a =1",
        co -> {
          Changed changed = new Changed(null);
          changed.co = co;
          return changed.co.yield("a");
        });
    assertTrace(
        "a =1true",
        co -> {
          Changed changed = new Changed(co);
          Object said = changed.co.yield("a");
          changed.co = null;
          return said + "" + (changed.co == null);
        });
  }

  private final Walker shared = new Walker(1);

  @EngineTest
  void anObjectFromElsewhereMayNotGetIt() {
    assertEquals(
        "0 =1", Run.onThread(co -> shared.walk(co), "co is stored at CarriersTest.java:").toEnd());
    assertEquals(
        "0 0 =1true",
        Run.onThread(
                co -> {
                  Object first = shared.walk(co);
                  new Walker(0).walk(co);
                  Walker made = new Walker(1);
                  kept = made;
                  return first + "" + (made.walk(co) != null);
                },
                "a CarriersTest.Walker, which holds co, is stored at CarriersTest.java:")
            .toEnd());
    kept = null;
  }

  private abstract static class Eager {
    Eager() {
      log(String.valueOf(sees()));
    }

    abstract boolean sees();
  }

  private static final class Seen extends Eager {
    private final Yielder<Integer, Object> co;

    Seen(Yielder<Integer, Object> co) {
      this.co = co;
      log(String.valueOf(sees()));
    }

    @Override
    boolean sees() {
      return co != null;
    }

    Object say() {
      return co.yield("said");
    }
  }

  @EngineTest
  void aConstructorMayCallMethodsBeforeTheFieldIsSet() {
    assertTrace("false true said =1", co -> new Seen(co).say());
  }

  @EngineTest
  void aYieldMayBeAnArgumentOfItsConstructor() {
    assertTrace(
        "a 1 =1/2",
        co -> {
          Parser parser = new Parser(co, String.valueOf(co.yield("a")));
          return parser.parse();
        });
  }

  @EngineTest
  void itLivesAcrossSuspensionsInTryAndLoops() {
    assertTrace(
        "a ! b ! =a/1b/3",
        co -> {
          String said = "";
          Parser parser = new Parser(co, "ab");
          for (int i = 0; i < 2; i++) {
            try {
              said += parser.parse();
            } finally {
              co.yield("!");
            }
          }
          return said;
        });
  }

  private static final class Box<T> {
    private T value;

    Box(T value) {
      this.value = value;
    }

    T get() {
      return value;
    }
  }

  @EngineTest
  void aGenericBoxMayHoldIt() {
    assertTrace(
        "a b =12", co -> new Box<>(co).get().yield("a") + "" + new Box<>(co).value.yield("b"));
  }

  private static final class Primitive {
    final IntYielder co;

    Primitive(IntYielder co) {
      this.co = co;
    }

    void upTo(int n) {
      for (int i = 0; i < n; i++) {
        co.yield(i);
      }
    }
  }

  @EngineTest
  void primitiveGeneratorsMayHaveSome() {
    IntGenerator ints = IntGenerator.of(co -> new Primitive(co).upTo(3));
    Run.assertCompiled(ints);
    List<Integer> all = new ArrayList<>();
    ints.forEach(all::add);
    assertEquals(List.of(0, 1, 2), all);
  }

  // What is an escape

  private static Object kept;

  private static Yielder<Integer, Object> other;

  private static final class Leaky {
    private final Yielder<Integer, Object> co;

    Leaky(Yielder<Integer, Object> co) {
      this.co = co;
      kept = this;
    }

    Object say() {
      return co.yield("a");
    }
  }

  private static final class Registry {
    private final Map<String, Object> all = new HashMap<>();

    Registry(Yielder<Integer, Object> co) {
      all.put("co", co);
    }
  }

  private static final class Changed {
    Yielder<Integer, Object> co;

    Changed(Yielder<Integer, Object> co) {
      this.co = co;
    }
  }

  private static Parser any(Parser first, boolean chosen) {
    return chosen ? first : new Parser(null, "b");
  }

  @EngineTest
  void whatLetsItEscapeIsForTheThreadEngine() {
    assertEquals(
        "a =a/1",
        Run.onThread(
                co -> {
                  Parser parser = new Parser(co, "a");
                  kept = parser;
                  return parser.parse();
                },
                "a CarriersTest.Parser, which holds co, is stored at CarriersTest.java:")
            .toEnd());
    assertEquals(
        "a =a/1",
        Run.onThread(
                co -> {
                  Parser[] parsers = {new Parser(co, "a")};
                  return parsers[0].parse();
                },
                "a CarriersTest.Parser, which holds co, is stored")
            .toEnd());
    assertEquals(
        "a =a/1",
        Run.onThread(
                co -> {
                  List<Parser> parsers = new ArrayList<>();
                  parsers.add(new Parser(co, "a"));
                  return parsers.get(0).parse();
                },
                "a CarriersTest.Parser, which holds co, is passed to")
            .toEnd());
    assertEquals(
        "a =a/1",
        Run.onThread(
                co -> {
                  Parser parser = new Parser(co, "a");
                  java.util.function.Supplier<Object> later = () -> parser.parse();
                  return later.get();
                },
                "is captured by another lambda")
            .toEnd());
    assertEquals(
        "a =1", Run.onThread(co -> new Leaky(co).say(), "which holds co, is stored at").toEnd());
    assertEquals(
        "a =1",
        Run.onThread(
                co -> new Registry(co).all.size() + "" == "" ? null : co.yield("a"),
                "co is passed to a constructor of CarriersTest.Registry")
            .toEnd());
    assertEquals(
        "a =a/1",
        Run.onThread(co -> any(new Parser(co, "a"), true).parse(), "CarriersTest.java:").toEnd());
    assertEquals(
        "a =1",
        Run.onThread(
                co -> {
                  Changed changed = new Changed(co);
                  Object said = changed.co.yield("a");
                  changed.co = other;
                  return said;
                },
                "the field CarriersTest.Changed.co, which holds co, is changed at")
            .toEnd());
    kept = null;
  }

  @EngineTest
  void theBodyMayNotReturnIt() {
    assertEquals(
        "a =true",
        Run.onThread(
                co -> {
                  Parser parser = new Parser(co, "a");
                  parser.parse();
                  return new Object[] {parser}.length == 1;
                },
                "is stored")
            .toEnd());
    Generator<Integer> generator =
        Generator.of(
            co -> {
              synchronized (co) {
                log("locked");
              }
              co.yield(1);
            });
    Run.assertThread(generator, "co is used as a lock");
    assertEquals(1, generator.next());
  }
}
