package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the example programs, and their Python twins, which print the same. */
class ExamplesTest {
  private static final Path JAR = built("core", "fermata.jar");
  private static final Path TESTING_JAR = built("testing", "fermata-testing.jar");
  private static final Path JAVA_SOURCES = Path.of("src", "main", "java").toAbsolutePath();
  private static final Path PYTHON_SOURCES = Path.of("src", "main", "python").toAbsolutePath();
  private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java") + "";
  private static final String ZERO_TO_TEN =
      IntStream.rangeClosed(0, 10).mapToObj(i -> i + "\n").collect(Collectors.joining());

  /** The one that measures, so that it prints something else each time. */
  private static final String MEASURING = "BesideThreads";

  /** Needs a screen, and prints nothing; Python has no window to compare it with. */
  private static final String WINDOW = "SwingCounter";

  /** Programs of the network, which print nothing but a port: NetProgramsTest runs them. */
  private static final Set<String> NETWORK =
      Set.of("ChatServer", "EchoServer", "HttpFetch", "HttpServer", "PortForwarder", "RedisServer");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void printerPrintsZeroToTen(String engine) throws Exception {
    assertEquals(ZERO_TO_TEN, java(engine, "Printer"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void printerNamedTellsItsKindFirst(String engine) throws Exception {
    assertEquals("class name: generator\n" + ZERO_TO_TEN, java(engine, "PrinterNamed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Printer", "PrinterNamed"})
  void theSourceLauncherRunsTheSame(String program) throws Exception {
    Path source = JAVA_SOURCES.resolve(program + ".java");

    assertEquals(java("auto", program), run(JAVA, "-cp", JAR.toString(), source.toString()));
  }

  @Test
  void everyProgramHasATwinAndEveryTwinAProgram() throws IOException {
    assertEquals(
        names(JAVA_SOURCES, ".java")
            .filter(name -> !name.equals(WINDOW) && !NETWORK.contains(name))
            .map(ExamplesTest::twin)
            .sorted()
            .toList(),
        names(PYTHON_SOURCES, ".py").sorted().toList());
  }

  @ParameterizedTest(name = "{0}, engine {1}")
  @MethodSource("programsOnEveryEngine")
  void aProgramPrintsWhatItsTwinPrints(String program, String engine) throws Exception {
    String printed = java(engine, program);
    assumeTrue(hasPython(), "there is no python3, 3.8 or newer, to run the twins");

    Path twin = PYTHON_SOURCES.resolve(twin(program) + ".py");
    assertEquals(run("python3", twin.toString()), printed);
  }

  static Stream<Arguments> programsOnEveryEngine() throws IOException {
    return names(JAVA_SOURCES, ".java")
        .filter(name -> !name.equals(MEASURING) && !name.equals(WINDOW))
        .filter(name -> !NETWORK.contains(name))
        .sorted()
        .flatMap(name -> Stream.of("auto", "thread").map(engine -> Arguments.of(name, engine)));
  }

  @Test
  void theMeasuringProgramPrintsBothTables() throws Exception {
    List<String> lines = java("auto", MEASURING, "100").lines().toList();

    assertTrue(lines.get(0).startsWith("JDK " + Runtime.version() + ", engine: "), lines.get(0));
    for (String row :
        List.of(
            "coroutines +\\d.*",
            "platform threads +2 .*",
            "coroutine +5 .*",
            "two threads +5 .*")) {
      assertTrue(lines.stream().anyMatch(line -> line.matches(row)), row + " in " + lines);
    }
    assertTrue(lines.stream().noneMatch(line -> line.contains("not measured")), lines.toString());
  }

  // Running

  private String java(String engine, String program, String... arguments) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of(
                    JAVA,
                    "-Dfermata.engine=" + engine,
                    NetProgram.LATE_WARNINGS,
                    "-cp",
                    classPath(),
                    program),
                Stream.of(arguments))
            .toList();
    return run(command.toArray(String[]::new));
  }

  /** The output of a command that must succeed and print nothing to its error stream. */
  private String run(String... command) throws Exception {
    File out = directory.resolve("out").toFile();
    File err = directory.resolve("err").toFile();
    Process process = new ProcessBuilder(command).redirectOutput(out).redirectError(err).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      fail("still running after two minutes: " + String.join(" ", command));
    }
    assertEquals("", Files.readString(err.toPath()), () -> String.join(" ", command));
    assertEquals(0, process.exitValue(), () -> String.join(" ", command));
    return Files.readString(out.toPath()).replace("\r\n", "\n");
  }

  private static boolean hasPython() throws InterruptedException {
    String check = "import sys; sys.exit(sys.version_info < (3, 8))";
    try {
      return new ProcessBuilder("python3", "-c", check).start().waitFor() == 0;
    } catch (IOException notFound) {
      return false;
    }
  }

  private static Path built(String module, String name) {
    return Path.of("..", module, "target", name).toAbsolutePath().normalize();
  }

  private static String classPath() throws URISyntaxException {
    Path classes = Path.of(ExamplesTest.class.getResource("/Printer.class").toURI()).getParent();
    return Stream.of(classes, JAR, TESTING_JAR)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Stream<String> names(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .toList()
          .stream();
    }
  }

  private static String twin(String program) {
    return program.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
