package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;

/** Lambdas that hold {@code co}, given to a library that has no rights in the class they are of. */
class LambdasGivenToLibrariesTest {
  private static final String LIBRARY =
      """
      package lib;
      import java.util.List;
      import java.util.function.*;
      public final class Library {
        private Library() {}
        public static <T> void each(Iterable<T> all, Consumer<? super T> action) {
          for (T one : all) { pass(action, one); }
        }
        private static <T> void pass(Consumer<? super T> action, T one) { action.accept(one); }
        public static <T> void loop(List<T> all, Consumer<? super T> action) {
          all.forEach(action);
        }
        public static void twice(Runnable action) { again(action); again(() -> again(action)); }
        private static void again(Runnable action) { action.run(); }
      }
      """;

  private static final String USER =
      """
      package app;
      import io.fermata.*;
      import java.util.*;
      import lib.Library;
      class User {
        static final List<String> LOG = new ArrayList<>();
        private final String own = "own";
        private static final class Secret {
          final String text;
          Secret(String text) { this.text = text; }
        }
        static class Late {
          static { LOG.add("late"); }
          static void told(Yielder<Integer, Object> co, String x) { co.yield(x); }
        }

        static Coroutine<Integer, Object, Object> values() {
          return Coroutine.of(co -> {
            Secret secret = new Secret("s");
            Secret[] many = {secret, secret};
            Secret[][] deep = {many};
            long wide = 1L << 40;
            Library.each(List.of("a", "b"),
                x -> co.yield(x + secret.text + many.length + deep.length + (wide >> 40)));
            return null;
          });
        }
        static Coroutine<Integer, Object, Object> self() { return new User().ofThis(); }
        private Coroutine<Integer, Object, Object> ofThis() {
          return Coroutine.of(co -> {
            Library.each(List.of("a", "b"), x -> co.yield(x + own));
            Library.twice(() -> co.yield(own));
            return null;
          });
        }
        static Coroutine<Integer, Object, Object> nested() {
          return Coroutine.of(co -> {
            Secret secret = new Secret("s");
            Runnable inner = () -> co.yield(secret.text);
            Library.each(List.of(secret), x -> { inner.run(); co.yield(x.text); });
            Library.twice(() -> Library.each(List.of(1), x -> co.yield(x + secret.text)));
            return null;
          });
        }
        static Coroutine<Integer, Object, Object> back() {
          return Coroutine.of(co -> {
            Secret secret = new Secret("s");
            Library.twice(() -> mine(() -> co.yield(secret.text)));
            return null;
          });
        }
        private static void mine(Runnable action) { action.run(); }
        static Coroutine<Integer, Object, Object> loop() {
          return Coroutine.of(co -> {
            Secret secret = new Secret("s");
            Library.loop(List.of("a"), x -> co.yield(x + secret.text));
            Library.loop(new ArrayList<>(List.of("b")) {
              @Override public void forEach(java.util.function.Consumer<? super String> action) {
                super.forEach(action);
                super.forEach(action);
              }
            }, x -> co.yield(x + secret.text));
            return null;
          });
        }
        static Coroutine<Integer, Object, Object> initialised() {
          LOG.clear();
          return Coroutine.of(co -> {
            LOG.add("before");
            Library.each(List.of("a"), x -> Late.told(co, x));
            return LOG.toString();
          });
        }
      }
      """;

  private static void assertRun(String expected, String body) throws Exception {
    Sources sources = Sources.compile(LIBRARY, USER);
    assertEquals(expected, Run.of(sources.loader().coroutine("app.User", body)).toEnd());
  }

  @EngineTest
  void valuesOfPrivateClassesAreCaptured() throws Exception {
    assertRun("as211 bs211 =null", "values");
  }

  @EngineTest
  void thisIsCaptured() throws Exception {
    assertRun("aown bown own own =null", "self");
  }

  @EngineTest
  void lambdasThatCaptureLambdasArePassed() throws Exception {
    assertRun("s s 1s 1s =null", "nested");
  }

  @EngineTest
  void aLambdaComesBackToItsClass() throws Exception {
    assertRun("s s =null", "back");
  }

  @EngineTest
  void theLibraryIterates() throws Exception {
    assertRun("as bs bs =null", "loop");
  }

  @EngineTest
  void aClassIsInitialisedByTheLambda() throws Exception {
    assertRun("a =[before, late]", "initialised");
  }

  @EngineTest
  void aLibraryOfAnotherLoaderRunsOnAThread() throws Exception {
    Sources sources = Sources.compile(LIBRARY, USER);
    ClassLoader library = sources.ofPackage("lib").loader();
    var values = sources.ofPackage("app").loader(library).coroutine("app.User", "self");
    Run.assertThread(values, "co is captured by a lambda that is passed to Library.each()");
    List<Object> got = new ArrayList<>();
    values.forEach(got::add);
    assertEquals(List.of("aown", "bown", "own", "own"), got);
  }
}
