package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A tool of the running JDK in a process of its own, with a time limit. */
final class Child {
  private static final long LIMIT_SECONDS = 60;

  private Child() {}

  /** The class path of the tests, without what is not there: jshell insists on that. */
  static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Files.exists(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What a JVM with the class path of the tests writes; it has to end well. */
  static String java(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-cp", classPath(), "-XX:TieredStopAtLevel=1"));
    all.addAll(List.of(arguments));
    return run("java", "", all.toArray(new String[0]));
  }

  /** What a tool writes, given that input; it has to end well. */
  static String run(String tool, String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    try {
      Path in = Files.createTempFile("fermata", ".in");
      Path out = Files.createTempFile("fermata", ".out");
      try {
        Files.writeString(in, input);
        Process process =
            new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String written = Files.readString(out);
        if (!ended) {
          fail(tool + " hangs\n" + written);
        }
        assertEquals(0, process.exitValue(), written);
        return written.replace("\r", "").strip();
      } finally {
        Files.delete(in);
        Files.delete(out);
      }
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }
}
