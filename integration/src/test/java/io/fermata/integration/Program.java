package io.fermata.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A small program in {@code src/programs}, which one of the compilers makes into a directory of its
 * own, and which then runs in a JVM of its own. The class path has the library's jar, as users have
 * it.
 */
final class Program {
  private final Path sources;
  private final Path classes;
  private final List<Path> libraries = new ArrayList<>();

  /**
   * A program that is not compiled yet.
   *
   * @param name of its directory
   * @param classes where its classes go
   * @param libraries the artifacts that it uses beside the library
   */
  Program(String name, Path classes, String... libraries) {
    this.sources = Path.of("src", "programs", name);
    this.classes = classes;
    this.libraries.add(Jars.fermata());
    this.libraries.addAll(Jars.of(libraries));
  }

  /** Its classes. */
  Path classes() {
    return classes;
  }

  /** What it uses, the library first. */
  List<Path> libraries() {
    return Collections.unmodifiableList(libraries);
  }

  /** Compiles it by the JDK. */
  Program javac(String... options) {
    List<String> arguments = new ArrayList<>(List.of("-nowarn", "-g", "-proc:none"));
    arguments.addAll(standard());
    arguments.addAll(List.of(options));
    arguments.addAll(files());
    int exit =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, arguments.toArray(new String[0]));
    assertEquals(0, exit, "javac " + arguments);
    return this;
  }

  /**
   * Compiles it by another compiler.
   *
   * @param compiler the artifacts of the compiler
   * @param main its main class
   * @param options before the class path, the target directory and the files
   */
  Program compile(List<Path> compiler, String main, String... options) {
    List<String> arguments = new ArrayList<>(List.of("-cp", Java.path(compiler), main));
    arguments.addAll(List.of(options));
    arguments.addAll(standard());
    arguments.addAll(files());
    Java.run(arguments);
    return this;
  }

  private List<String> standard() {
    return List.of("-classpath", Java.path(libraries), "-d", classes.toString());
  }

  private List<String> files() {
    try (Stream<Path> all = Files.walk(sources)) {
      return all.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /**
   * Runs it.
   *
   * @param main its main class
   * @param options of the JVM
   * @return what it writes
   */
  Java.Output run(String main, String... options) {
    List<Path> path = new ArrayList<>(libraries);
    path.add(classes);
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-cp", Java.path(path), main));
    return Java.run(arguments);
  }

  /**
   * Runs it on one engine and compares what it writes to its standard output.
   *
   * @param engine the choice, {@code auto} or {@code thread}
   * @param main its main class
   * @param expected the lines, in which {@code ENGINE} stands for the engine
   * @param options of the JVM
   */
  void check(String engine, String main, String expected, String... options) {
    String name = engine.equals("auto") ? "compiled" : engine;
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("-Dfermata.engine=" + engine);
    Java.Output output = run(main, arguments.toArray(new String[0]));
    assertEquals(expected.replace("ENGINE", name).strip(), output.out(), output.err());
  }
}
