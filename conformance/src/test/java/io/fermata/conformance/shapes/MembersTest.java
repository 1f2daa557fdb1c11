package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;

/** Members that are inherited, from another package, from interfaces; what {@code super} means. */
class MembersTest {
  private static final String BASE =
      """
      package base;
      import io.fermata.*;
      public abstract class Base {
        protected int number = 1;
        protected static String name = "base";
        protected long wide = 5;
        int hidden = 100;
        protected Base(int number) { this.number = number; }
        protected String greet(String who) { return "hello " + who; }
        protected static String fixed(int... all) { return "fixed" + all.length; }
        protected final Object helper(Yielder<Integer, Object> co, String s) {
          return co.yield("helper" + s + number + hidden) + secret();
        }
        private String secret() { return "s"; }
        public String toString() { return "base"; }
        protected static class Nested { protected Nested(int n) { made = n; } protected Nested() {} public int made; }
      }
      """;

  private static final String HOST =
      """
      package derived;
      import io.fermata.*;
      import java.util.*;
      import java.util.function.*;
      public class Host extends base.Base implements Named, Marked {
        Host() { super(4); }
        protected String greet(String who) { return "not this"; }
        public String shown() { return "host"; }
        public String toString() { return "Host"; }
        Coroutine<Integer, Object, Object> fields() {
          return Coroutine.of(co -> {
            number += co.yield(number);
            name = name + co.yield(name);
            wide++;
            super.wide += 2;
            return number + name + wide;
          });
        }
        Coroutine<Integer, Object, Object> supers() {
          return Coroutine.of(co -> {
            co.yield(super.greet("you"));
            co.yield(Named.super.shown());
            co.yield(super.toString());
            co.yield(mark() + Marked.super.mark());
            Supplier<String> reference = super::toString;
            return reference.get() + this + greet("x");
          });
        }
        Coroutine<Integer, Object, Object> statics() {
          return Coroutine.of(co -> {
            co.yield(fixed(1, 2) + fixed());
            Function<int[], String> f = base.Base::fixed;
            return f.apply(new int[3]) + new Nested() {}.made;
          });
        }
        Coroutine<Integer, Object, Object> helped() {
          return Coroutine.of(co -> {
            Object a = helper(co, "x");
            return a + "" + super.helper(co, "y");
          });
        }
        static Object object() { return new Host(); }
        static Coroutine<Integer, Object, Object> fieldsOf() { return new Host().fields(); }
        static Coroutine<Integer, Object, Object> supersOf() { return new Host().supers(); }
        static Coroutine<Integer, Object, Object> staticsOf() { return new Host().statics(); }
        static Coroutine<Integer, Object, Object> helpedOf() { return new Host().helped(); }
        static Coroutine<Integer, Object, Object> defaultOf() { return new Host().defaultBody(); }
        static Coroutine<Integer, Object, Object> fixedOf() { return Named.fixedBody(); }
      }
      interface Named {
        default String shown() { return "named" + part(); }
        private String part() { return "p"; }
        static String of(int n) { return "of" + n; }
        static Coroutine<Integer, Object, Object> fixedBody() {
          return Coroutine.of(co -> Named.of(co.yield(local("f"))));
        }
        private static String local(String s) { return "local" + s; }
        default Coroutine<Integer, Object, Object> defaultBody() {
          return Coroutine.of(co -> { co.yield(shown()); return part() + help(co) + this; });
        }
        private Object help(Yielder<Integer, Object> co) { return co.yield("help" + part()); }
      }
      interface Marked { default String mark() { return "mark"; } }
      """;

  private static final Sources CLASSES = Sources.compile(BASE, HOST);

  /** Helpers of two classes, of which neither frame can be defined after the other. */
  private static final class Even {
    static Object countDown(Yielder<Integer, Object> co, int n) {
      Object last = n == 0 ? "end" : Odd.countDown(co, n - 1);
      return n == 2 ? co.yield("even" + last) : last;
    }
  }

  private static final class Odd {
    static Object countDown(Yielder<Integer, Object> co, int n) {
      Object last = n == 0 ? "end" : Even.countDown(co, n - 1);
      return n == 1 ? co.yield("odd" + last) : last;
    }
  }

  @EngineTest
  void helpersOfTwoClassesCallEachOther() {
    assertEquals("oddend even1 =2", Run.of(co -> Even.countDown(co, 4)).toEnd());
  }

  private static String run(String method) throws Exception {
    return Run.of(CLASSES.loader().coroutine("derived.Host", method)).toEnd();
  }

  @EngineTest
  void protectedFieldsOfAnotherPackage() throws Exception {
    assertEquals("4 base =5base28", run("fieldsOf"));
  }

  @EngineTest
  void superMeansTheSuperclassOfTheHost() throws Exception {
    assertEquals("hello you namedp base markmark =baseHostnot this", run("supersOf"));
  }

  @EngineTest
  void protectedStaticMembersAndConstructors() throws Exception {
    assertEquals("fixed2fixed0 =fixed30", run("staticsOf"));
  }

  @EngineTest
  void aProtectedFinalHelperOfAnotherPackage() throws Exception {
    assertEquals("helperx4100 helpery4100 =1s2s", run("helpedOf"));
  }

  @EngineTest
  void bodiesInInterfaces() throws Exception {
    assertEquals("host helpp =p2Host", run("defaultOf"));
    assertEquals("localf =of1", run("fixedOf"));
  }
}
