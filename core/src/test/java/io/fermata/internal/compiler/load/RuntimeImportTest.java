package io.fermata.internal.compiler.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Hosts whose class loaders do not see the runtime, as in OSGi without an import of it. */
class RuntimeImportTest {
  /** A host of a generator. */
  public static final class OfGenerator implements Callable<List<String>> {
    @Override
    public List<String> call() {
      Generator<String> body =
          Generator.of(
              co -> {
                co.yield("a");
                co.yield("b");
              });
      return List.of(body.engine(), body.engineReason(), body.toList().toString());
    }
  }

  /** A host of an asynchronous function. */
  public static final class OfAsync implements Callable<List<String>> {
    @Override
    public List<String> call() throws Exception {
      Async<String> body = Async.of(co -> co.await(Async.of(in -> "a")) + "b");
      String engine = body.engine();
      String reason = body.engineReason();
      return List.of(engine, reason, EventLoop.run(body));
    }
  }

  /** A loader that defines a host itself, and asks the library's for the rest. */
  private static final class PlugInLoader extends ClassLoader {
    private final Predicate<String> own;
    private final Predicate<String> hidden;

    PlugInLoader(Predicate<String> own, Predicate<String> hidden) {
      super(RuntimeImportTest.class.getClassLoader());
      this.own = own.or(name -> name.startsWith(RuntimeImportTest.class.getName() + "$Of"));
      this.hidden = hidden;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (hidden.test(name)) {
          throw new ClassNotFoundException(name + " (not imported)");
        }
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return own.test(name) ? define(name) : super.loadClass(name, resolve);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] file = in.readAllBytes();
        return defineClass(name, file, 0, file.length);
      } catch (IOException unreadable) {
        throw new ClassNotFoundException(name, unreadable);
      }
    }
  }

  private static List<String> run(Class<?> host, Predicate<String> own, Predicate<String> hidden)
      throws Exception {
    Class<?> loaded = new PlugInLoader(own, hidden).loadClass(host.getName());
    @SuppressWarnings("unchecked")
    Callable<List<String>> code =
        (Callable<List<String>>) loaded.getDeclaredConstructor().newInstance();
    return code.call();
  }

  private static boolean isRuntime(String name) {
    return name.startsWith("io.fermata.runtime.");
  }

  @Test
  void withTheImportBodiesAreCompiled() throws Exception {
    assertEquals("compiled", run(OfGenerator.class, name -> false, name -> false).get(0));
    assertEquals("compiled", run(OfAsync.class, name -> false, name -> false).get(0));
  }

  @Test
  void withoutTheImportTheReasonSaysWhatToImport() throws Exception {
    for (Class<?> host : List.of(OfGenerator.class, OfAsync.class)) {
      List<String> seen = run(host, name -> false, RuntimeImportTest::isRuntime);
      assertEquals("thread", seen.get(0));
      assertTrue(seen.get(1).contains("does not see the package io.fermata.runtime"), seen.get(1));
      assertTrue(seen.get(1).contains("Import-Package: io.fermata.runtime"), seen.get(1));
      assertEquals(host == OfAsync.class ? "ab" : "[a, b]", seen.get(2));
    }
  }

  @Test
  void withACopyOfTheRuntimeTheReasonSaysSo() throws Exception {
    List<String> seen = run(OfGenerator.class, RuntimeImportTest::isRuntime, name -> false);
    assertEquals("thread", seen.get(0));
    assertTrue(seen.get(1).contains("another copy of the package io.fermata.runtime"), seen.get(1));
    assertEquals("[a, b]", seen.get(2));
  }
}
