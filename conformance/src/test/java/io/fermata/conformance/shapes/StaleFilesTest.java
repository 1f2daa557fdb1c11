package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code that runs is that of the class that was loaded, whatever became of its file: compiled
 * anew, put in another jar, or shown by a loader that defines other bytes.
 */
class StaleFilesTest {

  private static final String APP =
      """
      package app;
      import io.fermata.*;
      public class App%s {
        %s
        static Coroutine<Integer, Object, Object> make() {
          return Coroutine.of(co -> Lib.help(co, "%s"));
        }
      }
      """;
  private static final String LIB =
      """
      package app;
      import io.fermata.*;
      public class Lib%s {
        %s
        static Object help(Yielder<Integer, Object> co, String text) {
          return co.yield(text + "%s");
        }
      }
      """;

  @TempDir Path directory;

  private static final Map<String, Sources> COMPILED = new HashMap<>();

  private static Sources sources(String text) {
    return COMPILED.computeIfAbsent(
        text, key -> Sources.compile(APP.formatted("", "", key), LIB.formatted("", "", key)));
  }

  /** Writes class files that are older than the JVM. */
  private Path write(Sources sources, String name) throws IOException {
    return sources.writeOldTo(directory.resolve(name));
  }

  private Path jar(Path classes, String name) throws IOException {
    Path jar = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        entries.write(Files.readAllBytes(file));
      }
    }
    Sources.makeOld(jar);
    return jar;
  }

  private static URLClassLoader loader(Path place) throws IOException {
    return new URLClassLoader(
        new URL[] {place.toUri().toURL()}, StaleFilesTest.class.getClassLoader());
  }

  @SuppressWarnings("unchecked")
  private static Coroutine<Integer, Object, Object> make(ClassLoader loader) throws Exception {
    var method = loader.loadClass("app.App").getDeclaredMethod("make");
    method.setAccessible(true);
    return (Coroutine<Integer, Object, Object>) method.invoke(null);
  }

  private static void load(ClassLoader loader) throws Exception {
    Class.forName("app.App", true, loader);
    Class.forName("app.Lib", true, loader);
  }

  private static void assertOld(ClassLoader loader, String... reasons) throws Exception {
    Coroutine<Integer, Object, Object> made = make(loader);
    Run.assertThread(made, reasons);
    assertEquals("oldold", made.next());
  }

  @EngineTest
  void aFileThatIsTheClassIsCompiled() throws Exception {
    try (URLClassLoader classes = loader(write(sources("old"), "a directory"))) {
      Run.assertCompiled(make(classes));
    }
    try (URLClassLoader classes = loader(jar(write(sources("old"), "classes"), "a jar.jar"))) {
      Run.assertCompiled(make(classes));
    }
  }

  @EngineTest
  void aFileThatIsNewerThanTheJvmIsNotRead() throws Exception {
    Path place = write(sources("old"), "classes");
    try (URLClassLoader loader = loader(place)) {
      load(loader);
      sources("new").writeTo(place);
      assertOld(loader, "App.class", "is newer than the start of the JVM");
    }
  }

  @EngineTest
  void aFileOfAHelperThatIsNewerIsNotRead() throws Exception {
    Path place = write(sources("old"), "classes");
    try (URLClassLoader loader = loader(place)) {
      load(loader);
      Files.setLastModifiedTime(
          place.resolve("app/Lib.class"), FileTime.fromMillis(System.currentTimeMillis()));
      assertOld(loader, "app.Lib", "is newer than the start of the JVM");
    }
  }

  private void assertDiffers(Sources now, String... reasons) throws Exception {
    Path place = write(sources("old"), "classes");
    try (URLClassLoader loader = loader(place)) {
      load(loader);
      write(now, "classes");
      assertOld(loader, reasons);
    }
  }

  @EngineTest
  void membersThatDiffer() throws Exception {
    String lib = LIB.formatted("", "", "old");
    assertDiffers(
        Sources.compile(APP.formatted("", "static int more() { return 1; }", "new"), lib),
        "app.App",
        "App.class",
        "has the method more()I, which the class has not");
    assertDiffers(
        Sources.compile(APP.formatted("", "int more;", "new"), lib),
        "has the field more:I, which the class has not");
    assertDiffers(
        Sources.compile(APP.formatted("", "App(int more) { }", "new"), lib),
        "has the method <init>(I)V, which the class has not");
    assertDiffers(
        Sources.compile(
            APP.formatted("", "", "new").replace("static Coroutine", "public static Coroutine"),
            lib),
        "has the method make()");
  }

  @EngineTest
  void headersThatDiffer() throws Exception {
    String lib = LIB.formatted("", "", "old");
    assertDiffers(
        Sources.compile(APP.formatted(" extends Thread", "", "new"), lib),
        "extends java.lang.Thread, the class java.lang.Object");
    assertDiffers(
        Sources.compile(APP.formatted(" implements java.io.Serializable", "", "new"), lib),
        "java/io/Serializable");
    assertDiffers(
        Sources.compile(APP.formatted("", "", "new").replace("class", "final class"), lib),
        "has other modifiers");
  }

  @EngineTest
  void aHelperThatDiffers() throws Exception {
    assertDiffers(
        Sources.compile(
            APP.formatted("", "", "old"), LIB.formatted("", "private static int n;", "new")),
        "app.Lib",
        "has the field n:I");
  }

  /** Shows the files of its parent, and defines its own. */
  private static final class ChildFirst extends URLClassLoader {
    private final Path own;

    ChildFirst(Path own, ClassLoader parent) throws IOException {
      super(new URL[] {own.toUri().toURL()}, parent);
      this.own = own;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      return name.startsWith("app.") ? findClass(name) : super.loadClass(name, resolve);
    }

    @Override
    public String toString() {
      return "child first of " + own;
    }
  }

  @EngineTest
  void aLoaderShowsAFileOfAnotherPlace() throws Exception {
    Path old = write(sources("old"), "child");
    try (URLClassLoader parent = loader(write(sources("new"), "parent"));
        ChildFirst child = new ChildFirst(old, parent)) {
      assertOld(child, "App.class", "is not where the class was loaded from", "child");
    }
    try (URLClassLoader parent = loader(jar(write(sources("new"), "parent"), "parent.jar"));
        ChildFirst child = new ChildFirst(jar(old, "child.jar"), parent)) {
      assertOld(child, "parent.jar", "is not where the class was loaded from", "child.jar");
    }
  }

  @EngineTest
  void aLoaderDefinesOtherBytesThanItShows() throws Exception {
    Sources shown =
        Sources.compile(APP.formatted("", "int added;", "new"), LIB.formatted("", "", "new"));
    Sources.Loader defining = sources("old").loader();
    ClassLoader loader =
        new ClassLoader(StaleFilesTest.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = defining.getResourceAsStream(name.replace('.', '/') + ".class")) {
              byte[] file = in.readAllBytes();
              return defineClass(name, file, 0, file.length);
            } catch (IOException impossible) {
              throw new ClassNotFoundException(name, impossible);
            }
          }

          @Override
          public InputStream getResourceAsStream(String name) {
            return shown.loader().getResourceAsStream(name);
          }
        };
    assertOld(loader, "app.App", "has the field added:I, which the class has not");
  }

  @EngineTest
  void aFileThatChangesSendsNewInstancesToThreads() throws Exception {
    Path place = write(sources("old"), "classes");
    try (URLClassLoader loader = loader(place)) {
      Coroutine<Integer, Object, Object> before = make(loader);
      Run.assertCompiled(before);
      Files.setLastModifiedTime(
          place.resolve("app/Lib.class"), FileTime.fromMillis(1_000_000_001_000L));
      long end = System.nanoTime() + 20_000_000_000L;
      while (make(loader).engine().equals("compiled") && System.nanoTime() < end) {
        Thread.onSpinWait(); // the files are looked at once a second
      }
      assertOld(loader, "app.Lib", "Lib.class", "has changed since the body was compiled");
      assertEquals("oldold", before.next());
    }
  }

  @EngineTest
  void aLoaderThatFailsHasNoFiles() throws Exception {
    Map<String, byte[]> nonsense = Map.of("short", new byte[3], "long", new byte[3000]);
    for (String name : List.of("short", "long", "fails")) {
      Sources.Loader defining = sources("old").loader();
      ClassLoader loader =
          new ClassLoader(StaleFilesTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String type) throws ClassNotFoundException {
              try (InputStream in =
                  defining.getResourceAsStream(type.replace('.', '/') + ".class")) {
                byte[] file = in.readAllBytes();
                return defineClass(type, file, 0, file.length);
              } catch (IOException impossible) {
                throw new ClassNotFoundException(type, impossible);
              }
            }

            @Override
            public InputStream getResourceAsStream(String resource) {
              byte[] file = nonsense.get(name);
              if (file == null) {
                throw new IllegalStateException("this application has been stopped");
              }
              return new java.io.ByteArrayInputStream(file);
            }

            @Override
            public URL getResource(String resource) {
              throw new IllegalStateException("this application has been stopped");
            }
          };
      assertOld(loader, "app.App", "cannot be found through its class loader");
      assertTrue(make(loader).engineReason().contains("app.App"), name);
    }
  }

  /** As the source launcher of JDK 22 has it, which compiles a file when a class is asked for. */
  @EngineTest
  void aLoaderHasAFileWhenItHasLoadedTheClass() throws Exception {
    Sources.Loader known = sources("new").loader();
    var loader =
        new ClassLoader(StaleFilesTest.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String type) throws ClassNotFoundException {
            try (InputStream in = known.getResourceAsStream(type.replace('.', '/') + ".class")) {
              byte[] file = in.readAllBytes();
              return defineClass(type, file, 0, file.length);
            } catch (IOException impossible) {
              throw new ClassNotFoundException(type, impossible);
            }
          }

          @Override
          public InputStream getResourceAsStream(String resource) {
            boolean isLoaded =
                findLoadedClass(resource.replace(".class", "").replace('/', '.')) != null;
            return isLoaded ? known.getResourceAsStream(resource) : null;
          }
        };
    Coroutine<Integer, Object, Object> made = make(loader);
    Run.assertCompiled(made);
    assertEquals("newnew", made.next());
  }
}
