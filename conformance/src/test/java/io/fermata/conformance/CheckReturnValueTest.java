package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.BaseGenerator;
import io.fermata.CheckReturnValue;
import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.net.TcpStream;
import io.fermata.testing.TestLoop;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/**
 * Each public method that gives something which has run nothing is marked. The tag: it loads the
 * classes of the network too.
 */
@Tag("net")
class CheckReturnValueTest {
  private static final String PUBLIC_PACKAGES =
      "io/fermata/((async|io|net|testing)/)?[^/]+\\.class";

  @EngineTest
  @Conforms("M-007")
  void everyFactoryIsMarked() throws Exception {
    Set<String> unmarked = new TreeSet<>();
    int marked = 0;
    for (Class<?> ofModule : List.of(EventLoop.class, TestLoop.class, TcpStream.class)) {
      for (String file : filesBeside(ofModule)) {
        String name = file.replaceFirst("\\.class$", "").replace('/', '.');
        Class<?> type = Class.forName(name, false, ofModule.getClassLoader());
        for (Method method : type.getDeclaredMethods()) {
          if (!Modifier.isPublic(type.getModifiers() & method.getModifiers())
              || method.isSynthetic()
              || !isCold(method.getReturnType())) {
            continue;
          }
          if (method.isAnnotationPresent(CheckReturnValue.class)) {
            marked++;
          } else {
            unmarked.add(method.toString());
          }
        }
      }
    }

    assertEquals(Set.of(), unmarked);
    assertTrue(marked > 100, "marked: " + marked);
  }

  private static boolean isCold(Class<?> type) {
    return Async.class.isAssignableFrom(type)
        || AsyncGenerator.class.isAssignableFrom(type)
        || BaseGenerator.class.isAssignableFrom(type);
  }

  /** The public class files in the folder or jar of a class. */
  private static List<String> filesBeside(Class<?> type) throws Exception {
    Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return filesIn(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return filesIn(jar.getPath("/"));
    }
  }

  private static List<String> filesIn(Path root) throws Exception {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.matches(PUBLIC_PACKAGES) && !file.endsWith("-info.class"))
          .toList();
    }
  }

  @EngineTest
  @Conforms("M-007")
  void theMarkIsSeenAtRunTimeAndNotOnWhatRuns() throws Exception {
    assertTrue(
        AsyncQueue.class
            .getMethod("put", Object.class)
            .isAnnotationPresent(CheckReturnValue.class));
    assertTrue(
        Generator.class
            .getMethod("of", GeneratorBody.class)
            .isAnnotationPresent(CheckReturnValue.class));
    assertFalse(
        Task.class.getMethod("start", Async.class).isAnnotationPresent(CheckReturnValue.class));
  }
}
