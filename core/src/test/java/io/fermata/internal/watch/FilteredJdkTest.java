package io.fermata.internal.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Class loaders that show a part of the JDK, as those of OSGi and of plug-in containers do. */
class FilteredJdkTest {
  /** A program that runs two loops, and looks at them as the watch thread does. */
  public static final class Program implements Callable<String> {
    @Override
    public String call() throws Exception {
      String seen = "";
      for (int i = 0; i < 2; i++) {
        seen +=
            EventLoop.run(
                Async.of(
                    co -> {
                      co.await(Task.start(Async.sleep(Duration.ZERO)));
                      WatchThread.lookSlowly(0);
                      return EventLoop.current().dump().isEmpty() ? "" : "ran ";
                    }));
      }
      return seen;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdk.jfr.",
        "javax.management.",
        "java.lang.management.",
        "sun.misc.",
        "java.util.logging.",
        "jdk.jfr. javax.management. java.lang.management. sun.misc. java.util.logging."
      })
  void aLoopRunsWithout(String hidden) throws Exception {
    List<String> prefixes = List.of(hidden.split(" "));
    ClassLoader jdk =
        new ClassLoader(ClassLoader.getPlatformClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (prefixes.stream().anyMatch(name::startsWith)) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };
    URL[] classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(FilteredJdkTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(classPath, jdk)) {
      Callable<?> program =
          (Callable<?>)
              loader.loadClass(Program.class.getName()).getDeclaredConstructor().newInstance();
      assertEquals("ran ran ", program.call());
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
