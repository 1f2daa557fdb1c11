package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program on another process: an example, or a tool that talks to one. */
final class NetProgram implements AutoCloseable {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final int LIMIT = 30;

  /**
   * An option of programs that must print nothing to their error stream. On a busy machine a step
   * may take longer than the watchdog allows by default.
   */
  static final String LATE_WARNINGS = "-Dfermata.watchdog=20000";

  final String name;
  final Process process;
  private final Path errors;
  private final BufferedReader output;

  private NetProgram(String name, List<String> command) throws IOException {
    this.name = name;
    errors = Files.createTempFile("net-program", ".err");
    process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** An example with its arguments. */
  static NetProgram example(String engine, String program, Object... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                JAVA.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dfermata.engine=" + engine,
                LATE_WARNINGS,
                "-cp",
                classPath(),
                program));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return new NetProgram(program, command);
  }

  /** A tool that the machine may not have, in which case the test is skipped. */
  static NetProgram tool(String name, Object... arguments) throws IOException {
    assumeTrue(isInstalled(name), "there is no " + name);
    List<String> command = new ArrayList<>(List.of(name));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return new NetProgram(name, command);
  }

  static boolean isInstalled(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  private static String classPath() throws Exception {
    Path classes = Path.of(NetProgram.class.getResource("/EchoServer.class").toURI()).getParent();
    Path root = Path.of("..").toAbsolutePath().normalize();
    return String.join(
        File.pathSeparator,
        classes.toString(),
        root.resolve("core/target/fermata.jar").toString(),
        root.resolve("net/target/fermata-net.jar").toString(),
        root.resolve("net/target/lib").resolve("*").toString());
  }

  /** The port that a server says it listens on. */
  int port() throws IOException {
    String line = line();
    assertTrue(line != null && line.matches("listening on port \\d+"), line + "\n" + errors());
    return Integer.parseInt(line.replaceAll("\\D", ""));
  }

  /** Gives it input, without an end. */
  NetProgram send(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return this;
  }

  /** Its next line; null at the end. */
  String line() throws IOException {
    return output.readLine();
  }

  /** Reads lines up to and with one. */
  void awaitLine(String expected) throws IOException {
    List<String> before = new ArrayList<>();
    for (String line = line(); !expected.equals(line); line = line()) {
      if (line == null) {
        fail(name + " did not print " + expected + ", but " + before + "\n" + errors());
      }
      before.add(line);
    }
  }

  /** Ends its input, and gives all the output that is left; it must end well. */
  String result() throws Exception {
    process.getOutputStream().close();
    StringBuilder text = new StringBuilder();
    for (int c = output.read(); c >= 0; c = output.read()) {
      text.append((char) c);
    }
    int status = status();
    assertTrue(status == 0, () -> name + " ended with " + status + "\n" + text + errors());
    return text.toString();
  }

  int status() throws InterruptedException {
    assertTrue(process.waitFor(LIMIT, TimeUnit.SECONDS), () -> name + " does not end");
    return process.exitValue();
  }

  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(errors);
  }
}
