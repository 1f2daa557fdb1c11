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
 * Event loops with one mistake each: a class of the library is compiled with a line changed, and
 * takes its place in a class loader that has the library and its tests once more.
 */
final class BrokenLoops {
  private static final Path SOURCES = Path.of("..", "core", "src", "main", "java", "io", "fermata");

  private BrokenLoops() {}

  /**
   * A mistake.
   *
   * @param name what the loop does
   * @param file below the sources
   * @param right a text that is there once
   * @param wrong stands in its place
   */
  record Mistake(String name, String file, String right, String wrong) {
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

    /** A class loader for a library with this mistake, and for the tests. */
    URLClassLoader load(Path directory) throws IOException {
      Path broken = directory.resolve(original().getFileName());
      Files.writeString(broken, broken());
      Path classes = Files.createDirectory(directory.resolve("classes"));
      int failed =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-proc:none",
                  "-nowarn",
                  "--release",
                  "17",
                  "-g",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-d",
                  classes.toString(),
                  broken.toString());
      assertEquals(0, failed, "cannot compile " + broken);
      return new OwnLibrary(classes);
    }
  }

  static List<Mistake> all() {
    return List.of(
        new Mistake(
            "loses a wake-up when several wait",
            "async/Settling.java",
            "several.forEach(this::tell);",
            "several.stream().skip(1).forEach(this::tell);"),
        new Mistake(
            "loses a wake-up from another thread",
            "internal/kernel/Inbox.java",
            "return below == null;",
            "return false;"),
        new Mistake(
            "loses a wake-up while its thread is parked",
            "internal/kernel/ThreadHost.java",
            "    woken = true;\n    Thread sleeping",
            "    Thread sleeping"),
        new Mistake(
            "swallows a cancellation that comes while the task is ready",
            "async/LoopTask.java",
            "          raised = request;\n",
            ""),
        new Mistake(
            "swallows a cancellation that comes while the task runs",
            "async/LoopTask.java",
            "    if (request != null || scope != null) {",
            "    if (scope != null) {"),
        new Mistake(
            "does not see that an outer scope is cancelled",
            "async/Scope.java",
            "scope != null; scope = scope.parent",
            "scope != null; scope = null"),
        new Mistake(
            "has a group leave early",
            "async/GroupFrame.java",
            "place != MEMBERS_ENDED || entered.hasMembers()",
            "place == 0"),
        new Mistake(
            "has a group not look again before it leaves",
            "async/GroupFrame.java",
            "place != MEMBERS_ENDED || entered.hasMembers()",
            "place != MEMBERS_ENDED"),
        new Mistake(
            "has a group forget what a member failed with",
            "async/GroupScope.java",
            "        failures.add(failure);\n",
            ""),
        new Mistake(
            "fires timers early",
            "internal/kernel/Kernel.java",
            "first.when - now <= 0;",
            "first.when - now <= 5_000_000;"),
        new Mistake(
            "runs timers of one time in any order",
            "internal/kernel/Timer.java",
            "order - other.order < 0",
            "order - other.order > 0"),
        new Mistake(
            "runs first what became ready last",
            "internal/kernel/Kernel.java",
            "    if (order != null) {\n      arrange(order);\n    }\n",
            "    arrange(candidates -> candidates - 1);\n"),
        new Mistake(
            "runs in a round what became ready in it",
            "internal/kernel/Kernel.java",
            "left > 0; left--) {\n      int at = head;",
            "head != tail; left--) {\n      int at = head;"),
        new Mistake(
            "delivers a cancellation twice",
            "async/LoopTask.java",
            "        request = null;\n      } else if",
            "      } else if"));
  }

  /** Has the library, with some classes of another, and the tests; shares only what they use. */
  private static final class OwnLibrary extends URLClassLoader {
    OwnLibrary(Path broken) throws MalformedURLException {
      super(urls(broken), BrokenLoops.class.getClassLoader());
    }

    private static URL[] urls(Path broken) throws MalformedURLException {
      List<URL> urls = new ArrayList<>(List.of(broken.toUri().toURL()));
      urls.add(EventLoop.class.getProtectionDomain().getCodeSource().getLocation());
      urls.add(TestLoop.class.getProtectionDomain().getCodeSource().getLocation());
      urls.add(BrokenLoops.class.getProtectionDomain().getCodeSource().getLocation());
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

  /** A sanity check of the loader: its loop is not ours. */
  static void assertIsApart(ClassLoader loader) throws ClassNotFoundException {
    assertTrue(loader.loadClass(EventLoop.class.getName()) != EventLoop.class);
  }
}
