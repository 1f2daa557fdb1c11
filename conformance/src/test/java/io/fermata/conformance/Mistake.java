package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.EventLoop;
import io.fermata.testing.TestLoop;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * A mistake in the library: one of its classes is compiled with a line changed, and takes its place
 * in a class loader that has the library and its tests once more.
 *
 * @param name what the library then does
 * @param file below the sources
 * @param right a text that is there once
 * @param wrong stands in its place
 */
public record Mistake(String name, String file, String right, String wrong) {
  private static final Path SOURCES = Path.of("..", "core", "src", "main", "java", "io", "fermata");

  /** No mistake: whatever finds one must not find this. */
  public static Mistake none(String file) {
    return new Mistake("is sound", file, "package io", "package io");
  }

  @Override
  public String toString() {
    return name;
  }

  /** The source with this mistake; fails when the place for it is not there, or there twice. */
  String broken() throws IOException {
    String source = Files.readString(original());
    int pieces = source.split(Pattern.quote(right), -1).length;
    assertEquals(2, pieces, "pieces of " + original() + " around: " + right);
    return source.replace(right, wrong);
  }

  private Path original() {
    return SOURCES.resolve(file);
  }

  /**
   * A class loader for a library with this mistake, and for the tests.
   *
   * @param directory empty
   */
  public URLClassLoader load(Path directory) throws Exception {
    URLClassLoader loader = new OwnLibrary(compile(directory));
    assertTrue(loader.loadClass(EventLoop.class.getName()) != EventLoop.class);
    return loader;
  }

  /**
   * Compiles the class with this mistake.
   *
   * @param directory empty
   * @return a class path, to stand before that of the library
   */
  public Path compile(Path directory) throws IOException {
    Path broken = directory.resolve(original().getFileName());
    Files.writeString(broken, broken());
    Path classes = Files.createDirectory(directory.resolve("classes"));
    List<String> words = new ArrayList<>(List.of("-proc:none", "-nowarn", "--release", "17", "-g"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
    words.add(broken.toString());
    int failed =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, words.toArray(new String[0]));
    assertEquals(0, failed, "cannot compile " + broken);
    return classes;
  }

  /** Has the library, with some classes of another, and the tests; shares only what they use. */
  private static final class OwnLibrary extends URLClassLoader {
    OwnLibrary(Path broken) throws MalformedURLException {
      super(urls(broken), Mistake.class.getClassLoader());
      setDefaultAssertionStatus(true); // as for the tests themselves
    }

    private static URL[] urls(Path broken) throws MalformedURLException {
      List<URL> urls = new ArrayList<>(List.of(broken.toUri().toURL()));
      urls.add(EventLoop.class.getProtectionDomain().getCodeSource().getLocation());
      urls.add(TestLoop.class.getProtectionDomain().getCodeSource().getLocation());
      urls.add(Mistake.class.getProtectionDomain().getCodeSource().getLocation());
      return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.fermata.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
