package io.fermata.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/** Bodies in an executable jar, which has the library and all others as jars in it. */
class SpringBootTest {
  private static final String[] SPRING = {
    "spring-boot",
    "spring-core",
    "spring-context",
    "spring-aop",
    "spring-beans",
    "spring-expression",
    "micrometer-observation",
    "micrometer-commons",
    "commons-logging",
    "jspecify"
  };

  @TempDir static Path classes;
  @TempDir static Path jars;
  private static Path executable;

  @BeforeAll
  static void build() throws IOException {
    Program program = new Program("boot", classes, SPRING).javac();
    Path plain = jars.resolve("plain.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(plain));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
    }
    // what its Maven plugin does
    executable = jars.resolve("executable.jar");
    Repackager repackager = new Repackager(plain.toFile());
    repackager.setMainClass("user.Main");
    repackager.repackage(
        executable.toFile(),
        callback -> {
          for (Path library : program.libraries()) {
            File file = library.toFile();
            callback.library(
                new Library(file.getName(), file, LibraryScope.COMPILE, null, false, false, true));
          }
        });
  }

  @BothEngines
  void bodiesInNestedJarsAreCompiled(String engine) {
    Java.Output output =
        Java.run(
            List.of(
                "-Dfermata.engine=" + engine,
                "-jar",
                executable.toString(),
                "--spring.main.banner-mode=off",
                "--logging.level.root=off"));
    String name = engine.equals("auto") ? "compiled" : engine;
    assertEquals(name + " [1, 2, 3]\nLaunchedClassLoader\nslept", output.out(), output.err());
  }
}
