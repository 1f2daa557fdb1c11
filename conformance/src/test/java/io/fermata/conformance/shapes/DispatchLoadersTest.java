package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fermata.conformance.EngineTest;
import java.lang.ref.WeakReference;

/** Calls of a library whose receivers are objects of its users, with class loaders of their own. */
class DispatchLoadersTest {
  private static final String STEP =
      """
      package lib;
      import io.fermata.*;
      public interface Step {
        Object run(Yielder<Integer, Object> co);
        default Object twice(Yielder<Integer, Object> co) { return run(co) + "+" + run(co); }
      }
      """;

  private static final String LIBRARY =
      """
      package lib;
      import io.fermata.*;
      public class Library {
        public static Coroutine<Integer, Object, Object> of(Step step) {
          return Coroutine.of(co -> step.run(co) + "," + step.twice(co));
        }
        public static Coroutine<Integer, Object, Object> reference(Step step) {
          return Coroutine.of(step::twice);
        }
        public static class Own implements Step {
          public Object run(Yielder<Integer, Object> co) { return co.yield("own"); }
        }
      }
      """;

  private static String user(String text) {
    return """
        package app;
        import io.fermata.*;
        public class User implements lib.Step {
          public Object run(Yielder<Integer, Object> co) { return co.yield("TEXT"); }
          public static Coroutine<Integer, Object, Object> make() {
            return lib.Library.of(new User());
          }
          public static Coroutine<Integer, Object, Object> reference() {
            return lib.Library.reference(new User());
          }
          public static Coroutine<Integer, Object, Object> own() {
            lib.Step step = new lib.Library.Own();
            return Coroutine.of(co -> step.twice(co));
          }
        }
        """
        .replace("TEXT", text);
  }

  private static Sources compile(String text) {
    return Sources.compile(STEP, LIBRARY, user(text));
  }

  @EngineTest
  void eachUserHasItsOwnMethod() throws Exception {
    ClassLoader library = compile("").ofPackage("lib").loader();
    for (String text : new String[] {"a", "b", "a"}) {
      Sources.Loader user = compile(text).ofPackage("app").loader(library);
      assertEquals(
          (text + " ").repeat(3) + "=1,2+3", Run.of(user.coroutine("app.User", "make")).toEnd());
      assertEquals(
          (text + " ").repeat(2) + "=1+2", Run.of(user.coroutine("app.User", "reference")).toEnd());
      assertEquals("own own =1+2", Run.of(user.coroutine("app.User", "own")).toEnd());
    }
  }

  @EngineTest
  void theSiteOfALibraryKeepsNoUser() throws Exception {
    Sources.Loader library = compile("").ofPackage("lib").loader();
    WeakReference<ClassLoader> user = used(library);
    for (int i = 0; i < 50 && user.get() != null; i++) {
      System.gc();
      Thread.yield();
    }
    assertNull(user.get(), "the loader is still reachable");
    assertEquals("lib.Library", library.loadClass("lib.Library").getName());
  }

  private static WeakReference<ClassLoader> used(ClassLoader library) throws Exception {
    Sources.Loader user = compile("x").ofPackage("app").loader(library);
    assertEquals("x x x =1,2+3", Run.of(user.coroutine("app.User", "make")).toEnd());
    assertEquals("own own =1+2", Run.of(user.coroutine("app.User", "own")).toEnd());
    return new WeakReference<>(user);
  }
}
