package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;

/** The classes that a body may be written in, and the loaders and modules that these may be in. */
class HostsTest {
  @TempDir Path directory;

  private interface Source {
    Coroutine<Integer, Object, Object> make();

    static Source of(String name) {
      return () -> Coroutine.of(co -> co.yield(name) + tail());
    }

    private static String tail() {
      return "static";
    }

    default Coroutine<Integer, Object, Object> twice() {
      return Coroutine.of(co -> co.yield("twice") + "" + co.yieldFrom(make()));
    }
  }

  private enum Constant implements Source {
    PLAIN,
    WITH_BODY {
      @Override
      public Coroutine<Integer, Object, Object> make() {
        return Coroutine.of(co -> co.yield(this) + name() + secret);
      }
    };

    int secret = ordinal();

    @Override
    public Coroutine<Integer, Object, Object> make() {
      return Coroutine.of(co -> co.yield(this) + name() + secret);
    }
  }

  private record Pair(int left, String right) implements Source {
    @Override
    public Coroutine<Integer, Object, Object> make() {
      return Coroutine.of(co -> left + right + co.yield(right()) + this);
    }
  }

  private static final class Nested {
    private class Deeper {
      private final int own = 5;

      private Coroutine<Integer, Object, Object> make() {
        return Coroutine.of(co -> co.yield("deeper") + own);
      }
    }
  }

  @EngineTest
  void enumsRecordsAndInterfaces() {
    assertEquals("PLAIN =1PLAIN0", end(Constant.PLAIN));
    assertEquals("WITH_BODY =1WITH_BODY1", end(Constant.WITH_BODY));
    assertEquals("r =3r1Pair[left=3, right=r]", end(new Pair(3, "r")));
    assertEquals("of =1static", end(Source.of("of")));
    assertEquals("twice r =13r2Pair[left=3, right=r]", end(() -> new Pair(3, "r").twice()));
  }

  private static String end(Source source) {
    return Run.of(source.make()).toEnd();
  }

  @EngineTest
  void nestedLocalAndAnonymousClasses() {
    class Local {
      Coroutine<Integer, Object, Object> make() {
        return Coroutine.of(co -> co.yield("local") + directory.getFileName().toString().length());
      }
    }
    Source anonymous =
        new Source() {
          private int own = 2;

          @Override
          public Coroutine<Integer, Object, Object> make() {
            return Coroutine.of(co -> own += co.yield("anonymous"));
          }
        };
    assertEquals(6, Run.of(new Nested().new Deeper().make()).toEnd().indexOf(" "));
    assertTrue(Run.of(new Local().make()).toEnd().startsWith("local ="));
    assertEquals("anonymous =3", end(anonymous));
    Supplier<Coroutine<Integer, Object, Object>> inLambda =
        () -> Coroutine.of(co -> co.yield("lambda" + directory.isAbsolute()));
    assertEquals("lambdatrue =1", Run.of(inLambda.get()).toEnd());
  }

  private interface Named extends CoroutineBody<Integer, Object, Object> {
    String name();

    @Override
    default Object run(Yielder<Integer, Object> co) {
      return name() + co.yield(suffix());
    }

    private String suffix() {
      return name() + "-";
    }
  }

  private interface Loud extends Named {
    @Override
    default Object run(Yielder<Integer, Object> co) {
      return Named.super.run(co) + "!";
    }
  }

  private interface Louder extends Named {
    @Override
    default Object run(Yielder<Integer, Object> co) {
      return name() + co.yield("louder") + "!!";
    }
  }

  private record Quiet(String name) implements Named {}

  private static class Base implements Louder {
    @Override
    public String name() {
      return "base";
    }
  }

  private static final class Derived extends Base implements Named {}

  @EngineTest
  void bodiesThatInheritRunFromAnInterface() {
    assertEquals("quiet- =quiet1", Run.of(new Quiet("quiet")).toEnd());
    assertEquals("louder =base1!!", Run.of(new Base()).toEnd());
    assertEquals("louder =base1!!", Run.of(new Derived()).toEnd());
    Loud loud = () -> "loud";
    assertEquals("loud- =loud1!", Run.of(loud).toEnd());
  }

  private interface Wrapping extends CoroutineBody<Integer, Object, Object> {
    Object wrapped(Yielder<Integer, Object> co);

    @Override
    default Object run(Yielder<Integer, Object> co) {
      return "wrapped " + wrapped(co);
    }
  }

  @EngineTest
  void aLambdaOfAnotherMethodThanRunIsNotTheBody() {
    Wrapping wrapping = co -> co.yield("inner");
    assertEquals("inner =wrapped 1", Run.of(wrapping).toEnd());
  }

  private static final Coroutine<Integer, Object, Object> OF_INITIALISER =
      Coroutine.of(co -> co.yield("initialiser"));

  private final Coroutine<Integer, Object, Object> ofField =
      Coroutine.of(co -> co.yield("field" + (this.directory != null)));

  @EngineTest
  void initialisersHoldBodies() {
    assertNotNull(OF_INITIALISER.engine());
    assertEquals("fieldtrue", ofField.next());
  }

  // Loaders

  private static final String PLAIN =
      """
      import io.fermata.*;
      public class Plain {
        private static int count;
        static Coroutine<Integer, Object, Object> make() {
          return Coroutine.of(co -> help(co) + "" + ++count);
        }
        private static Object help(Yielder<Integer, Object> co) { return co.yield("plain"); }
      }
      """;

  @EngineTest
  void theDefaultPackageAndAChildLoader() throws Exception {
    assertEquals(
        "plain =11", Run.of(Sources.compile(PLAIN).loader().coroutine("Plain", "make")).toEnd());
  }

  @EngineTest
  void twoLoadersDefineTheSameClass() throws Exception {
    Sources sources = Sources.compile("package twice;\n" + PLAIN);
    var first = sources.loader();
    var second = sources.loader();
    assertEquals("plain =11", Run.of(first.coroutine("twice.Plain", "make")).toEnd());
    assertEquals("plain =11", Run.of(second.coroutine("twice.Plain", "make")).toEnd());
    assertEquals("plain =12", Run.of(first.coroutine("twice.Plain", "make")).toEnd());
    if (EveryEngine.compiles()) {
      assertNotEquals(
          first.coroutine("twice.Plain", "make").getClass(),
          second.coroutine("twice.Plain", "make").getClass());
    }
  }

  @EngineTest
  void aLoaderThatHidesItsClassFilesHasNoCompiledBodies() throws Exception {
    var loader = Sources.compile("package hiding;\n" + PLAIN).hidingLoader();
    Coroutine<Integer, Object, Object> coroutine = loader.coroutine("hiding.Plain", "make");
    Run.assertThread(coroutine, "hiding.Plain", "cannot be found through its class loader");
    assertEquals("plain", coroutine.next());
  }

  @EngineTest
  void aLoaderIsUnloadedWithItsGeneratedClasses() throws Exception {
    WeakReference<ClassLoader> loader = used(Sources.compile("package gone;\n" + PLAIN));
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
      Thread.yield();
    }
    assertEquals(null, loader.get(), "the loader is still reachable");
  }

  private static WeakReference<ClassLoader> used(Sources sources) throws Exception {
    var loader = sources.loader();
    assertEquals("plain =11", Run.of(loader.coroutine("gone.Plain", "make")).toEnd());
    Coroutine<Integer, Object, Object> suspended = loader.coroutine("gone.Plain", "make");
    suspended.next();
    suspended.close();
    return new WeakReference<>(loader);
  }

  // Modules

  private static final String IN_MODULE =
      """
      package inside;
      import io.fermata.*;
      import io.fermata.async.*;
      import java.lang.invoke.MethodHandles;
      import java.util.*;
      public class Host {
        private int field = 3;
        private Object help(Yielder<Integer, Object> co) { return co.yield("help" + field); }
        private static final class Secret { private final Object o; private Secret(Object o) { this.o = o; } }
        private Coroutine<Integer, Object, Object> bound() {
          return Coroutine.of(co -> { int n = field; return new Secret(help(co)).o + "" + n; });
        }
        public static Coroutine<Integer, Object, Object> plain() { return new Host().bound(); }
        public static Coroutine<Integer, Object, Object> withLookup() {
          return new Host().boundWithLookup();
        }
        private Coroutine<Integer, Object, Object> boundWithLookup() {
          return Coroutine.of(MethodHandles.lookup(), co -> {
            int n = field;
            Runnable r = () -> field++;
            r.run();
            return new Secret(help(co)).o + "" + n;
          });
        }
        /** Which of all forms run their bodies on this thread, as the compiled engine does. */
        public static List<Integer> forms() throws Exception {
          MethodHandles.Lookup me = MethodHandles.lookup();
          Thread caller = Thread.currentThread();
          List<Integer> seen = new ArrayList<>();
          Generator.<Integer>iterable(me, co -> co.yield(is(caller))).forEach(seen::add);
          Generator.<Integer>stream(me, co -> co.yield(is(caller))).forEach(seen::add);
          IntGenerator.iterable(me, co -> co.yield(is(caller))).forEach(seen::add);
          IntGenerator.stream(me, co -> co.yield(is(caller))).forEach(seen::add);
          LongGenerator.iterable(me, co -> co.yield(is(caller))).forEach(n -> seen.add((int) (long) n));
          LongGenerator.stream(me, co -> co.yield(is(caller))).forEach(n -> seen.add((int) n));
          DoubleGenerator.iterable(me, co -> co.yield(is(caller))).forEach(n -> seen.add((int) (double) n));
          DoubleGenerator.stream(me, co -> co.yield(is(caller))).forEach(n -> seen.add((int) n));
          Coroutine<Object, Object, Integer> primed = Coroutine.primed(me, co -> { co.yield(); return is(caller); });
          primed.advance();
          seen.add(primed.result());
          EventLoop.run(Async.action(me, out -> {
            seen.add(out.await(TaskGroup.of(me, (co, tg) -> is(caller))));
            out.await(TaskGroup.action(me, (co, tg) -> seen.add(is(caller))));
            seen.add(out.await(Timeout.of(me, null, (co, limit) -> is(caller))));
            seen.add(out.await(Timeout.at(me, null, (co, limit) -> is(caller))));
            out.await(Timeout.action(me, null, (co, limit) -> seen.add(is(caller))));
            out.await(Timeout.actionAt(me, null, (co, limit) -> seen.add(is(caller))));
            seen.add(out.await(Async.using(me, one(), (co, numbers) -> is(caller))));
            out.await(Async.usingAction(me, one(), (co, numbers) -> seen.add(is(caller))));
            out.await(one().forEach(me, (co, number) -> seen.add(is(caller))));
          }));
          return seen;
        }
        private static AsyncGenerator<Integer> one() { return AsyncGenerator.from(List.of(1)); }
        private static int is(Thread caller) { return Thread.currentThread() == caller ? 1 : 0; }
      }
      """;

  private Coroutine<Integer, Object, Object> inModule(String declaration, String method)
      throws Throwable {
    @SuppressWarnings("unchecked")
    var coroutine = (Coroutine<Integer, Object, Object>) callInModule(declaration, method);
    return coroutine;
  }

  private Object callInModule(String declaration, String method) throws Throwable {
    Module here = HostsTest.class.getModule();
    Path classes =
        Sources.compileWith(
                List.of("-g", "-proc:none", "--add-reads", "shaped=ALL-UNNAMED"),
                "module shaped {" + declaration + "}",
                IN_MODULE)
            .writeOldTo(directory);
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("shaped"));
    ModuleLayer.Controller controller =
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(boot), HostsTest.class.getClassLoader());
    Module module = controller.layer().findModule("shaped").orElseThrow();
    controller.addReads(module, here);
    controller.addExports(module, "inside", here);
    Class<?> host = module.getClassLoader().loadClass("inside.Host");
    return MethodHandles.lookup().unreflect(host.getMethod(method)).invokeWithArguments();
  }

  @EngineTest
  void aModuleThatOpensThePackage() throws Throwable {
    assertEquals("help3 =13", Run.of(inModule("opens inside;", "plain")).toEnd());
  }

  @EngineTest
  void aModuleThatOpensNothingGivesItsLookup() throws Throwable {
    assertEquals("help4 =13", Run.of(inModule("", "withLookup")).toEnd());
  }

  @EngineTest
  void everyFormTakesALookup() throws Throwable {
    int expected = EveryEngine.compiles() ? 1 : 0;
    assertEquals(Collections.nCopies(18, expected), callInModule("", "forms"));
  }

  @EngineTest
  void aModuleThatOpensNothingAndGivesNothingUsesThreads() throws Throwable {
    Coroutine<Integer, Object, Object> coroutine = inModule("", "plain");
    Run.assertThread(
        coroutine, "Host.java", "the module of inside.Host does not open its package", "lookup()");
    assertEquals("help3", coroutine.next());
    coroutine.close();
  }
}
