package io.fermata.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The JDK of the tests in a process of its own, with a time limit. */
final class Java {
  private static final long LIMIT_SECONDS = 120;

  private Java() {}

  /** A class path, as a JVM wants it. */
  static String path(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * What a program has written.
   *
   * @param out its standard output
   * @param err its errors
   */
  record Output(String out, String err) {}

  /** Runs a program, which has to end well. */
  static Output run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xshare:auto");
    command.addAll(arguments);
    try {
      Path out = Files.createTempFile("fermata", ".out");
      Path err = Files.createTempFile("fermata", ".err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        Output output =
            new Output(Files.readString(out).replace("\r", "").strip(), Files.readString(err));
        if (!ended) {
          fail("it hangs: " + command + "\n" + output);
        }
        assertEquals(0, process.exitValue(), command + "\n" + output);
        return output;
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }
}
