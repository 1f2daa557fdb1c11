package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs with a mistake in them: each is told what is wrong, and where. */
class TroubleTest {
  private static final Path JAR =
      Path.of("..", "core", "target", "fermata.jar").toAbsolutePath().normalize();

  @TempDir Path directory;

  private String out;
  private String err;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aDeadlockIsNamedWithBothTasksAndTheirLines(String engine) throws Exception {
    run("Deadlock", "-Dfermata.engine=" + engine);

    assertEquals("no transfer has ended\n", out);
    assertSaid("DEADLOCK: 2 tasks wait for each other; a timeout in \\S+ m?s ends it:");
    assertSaid("#\\d deposit waits for acquire\\(\\) of lock .*, held by #\\d withdrawal at .*");
    assertSaid("#\\d withdrawal waits for acquire\\(\\) of lock .*, held by #\\d deposit at .*");
    assertSaid(".*Deadlock.java:25\\)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void whatWasNeverAwaitedIsNamedWithTheLineOfItsBody(String engine) throws Exception {
    run("NeverAwaited", "-Dfermata.engine=" + engine);

    assertEquals("saved the letter\n", out);
    assertSaid(".*an Async was never awaited: its body at NeverAwaited.java:1[56] did not run; .*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void inDebugModeTheForgottenCallIsNamed(String engine) throws Exception {
    run("NeverAwaited", "-Dfermata.engine=" + engine, "-Dfermata.debug=true");

    assertEquals("saved the letter\n", out);
    assertSaid(".*an Async was never awaited: .* It was made at");
    assertSaid("at .*NeverAwaited.java:24\\)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aStuckStepIsShownWithItsStack(String engine) throws Exception {
    run("StuckStep", "-Dfermata.engine=" + engine);

    assertEquals("blink 1\nblink 2\nblink 3\n", out);
    assertSaid(".*task settings holds the event loop for .*");
    assertSaid("at .*java.lang.Thread.sleep.*");
    assertSaid("at trouble.StuckStep.loadSettings\\(StuckStep.java:24\\)");
    assertSaid(".*the event loop goes on; it was held for about .*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aFailureThatNobodyAskedForIsShownWithItsTrace(String engine) throws Exception {
    run("SwallowedFailure", "-Dfermata.engine=" + engine);

    assertEquals("done\n", out);
    assertSaid(".*a failure was never retrieved: task upload failed.*");
    assertSaid("java.io.IOException: the disk is full");
    assertSaid("at trouble.SwallowedFailure..*\\(SwallowedFailure.java:17\\)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void noOptionalModuleOfTheJdkIsNeeded(String engine) throws Exception {
    run("Deadlock", "-Dfermata.engine=" + engine, "--limit-modules", "java.base");

    assertEquals("no transfer has ended\n", out);
    assertSaid("DEADLOCK: 2 tasks wait for each other; .*");
    assertTrue(!err.contains("Error"), err);
  }

  private void assertSaid(String pattern) {
    assertTrue(
        err.lines().anyMatch(line -> line.strip().matches(pattern)),
        () -> "no line " + pattern + " in\n" + err);
  }

  private void run(String program, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    Path classes =
        Path.of(TroubleTest.class.getResource("/trouble/Deadlock.class").toURI())
            .getParent()
            .getParent();
    command.addAll(List.of("-cp", classes + File.pathSeparator + JAR, "trouble." + program));
    File outFile = directory.resolve("out").toFile();
    File errFile = directory.resolve("err").toFile();
    Process process =
        new ProcessBuilder(command).redirectOutput(outFile).redirectError(errFile).start();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      fail("still running after a minute: " + command);
    }
    out = Files.readString(outFile.toPath()).replace("\r\n", "\n");
    err = Files.readString(errFile.toPath());
    assertEquals(0, process.exitValue(), err);
  }
}
