package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs ./fermata as a user does, with the jar that this build has made. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path JAR = ROOT.resolve("core/target/fermata.jar");
  private static final String MAKE_JARS =
      "cp '%s' core/target/fermata.jar; mkdir -p testing/target; cp '%s' testing/target/fermata-testing.jar"
          .formatted(JAR, ROOT.resolve("testing/target/fermata-testing.jar"));
  private static final String TOOLS =
      "bash cat dirname env find head ln mkdir mktemp readlink rm sleep tail";

  private static final String ECHO =
      """
      class Echo {
        public static void main(String[] args) throws Exception {
          Class.forName("io.fermata.StopIteration");
          System.out.println(String.join("|", args) + "|" + System.getProperty("fermata.engine"));
          System.out.print(new String(System.in.readAllBytes()));
          System.err.print("to stderr");
          System.exit(args.length);
        }
      }
      """;

  @TempDir Path home;

  private final Map<String, String> environment = new HashMap<>();
  private Path launcher = ROOT.resolve("fermata");
  private String input = "";

  @BeforeEach
  void useTheJdkAndTheJarOfThisBuild() {
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("FERMATA_NO_BUILD", "1");
  }

  @Test
  void aloneItSaysWhatItCanDo() throws Exception {
    Result alone = launch();

    assertEquals(0, alone.status);
    assertTrue(alone.out.contains("./fermata run FILE.java"), alone.out);
    assertEquals(alone, launch("help"));
    assertEquals(alone, launch("--help"));
  }

  @Test
  void anUnknownCommandIsNamed() throws Exception {
    assertRefused(2, "unknown command fly", launch("fly"));
  }

  @Test
  void runWithoutAProgramIsRefused() throws Exception {
    assertRefused(2, "run needs a program", launch("run"));
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    assertRefused(2, "no file Gone.java (looked in " + home, launch("run", "Gone.java"));
  }

  @Test
  void aDirectoryInPlaceOfAFileIsSaidToBeOne() throws Exception {
    Files.createDirectory(home.resolve("Sources.java"));

    assertRefused(2, "Sources.java is a directory", launch("run", "Sources.java"));
  }

  @Test
  void aFileThatIsNoJavaSourceIsRefused() throws Exception {
    write("notes.txt", "");

    assertRefused(2, "notes.txt is not a Java source file", launch("run", "notes.txt"));
  }

  @Test
  void argumentsInputOutputAndExitCodePass() throws Exception {
    write("Echo.java", ECHO);
    input = "line\n";

    Result result = launch("run", "-Dfermata.engine=thread", "Echo.java", "a b", "*", "");

    assertEquals(new Result(3, "a b|*||thread\nline\n", "to stderr"), result);
  }

  @Test
  void javaOptsAreJvmOptions() throws Exception {
    write("Echo.java", ECHO);
    environment.put("JAVA_OPTS", "-Xmx64m -Dfermata.engine=compiled");

    assertEquals(new Result(0, "|compiled\n", "to stderr"), launch("run", "Echo.java"));
  }

  private static final String TASKS =
      """
      import io.fermata.async.*;
      import java.time.Duration;
      class Tasks {
        static Async<Void> work(long micros) {
          return Async.action(co -> {
            while (true) {
              for (long end = System.nanoTime() + micros * 1000; System.nanoTime() < end; ) {}
              co.await(Async.sleep(Duration.ofMillis(5)));
            }
          });
        }
        public static void main(String[] args) throws Exception {
          EventLoop.run(TaskGroup.action((co, tg) -> {
            tg.named("light").start(work(10));
            tg.named("heavy").start(work(3000));
          }));
        }
      }
      """;

  @Test
  void topShowsTheBusiestTaskOfAProgramFirst() throws Exception {
    write("Tasks.java", TASKS);

    Result top = launch("top", "--once", "Tasks.java");

    assertEquals(0, top.status, top.err);
    List<String> lines = top.out.lines().toList();
    assertTrue(lines.get(0).matches("event loop .*: 3 tasks, busy .*"), top.out);
    assertTrue(lines.get(2).matches(" *\\S+ % .* heavy +.*\\(Tasks.java:\\d+\\)"), top.out);
    assertEquals(5, lines.size(), top.out);
  }

  @Test
  void topShowsTheTasksOfAProcess() throws Exception {
    write("Tasks.java", TASKS);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                JAR.toString(),
                home.resolve("Tasks.java").toString())
            .start();
    try {
      Result top = launch("top", "-n", "1", "" + process.pid()); // no terminal: one table
      Result dump = launch("top", "--dump", "" + process.pid());

      assertEquals(3, top.out.lines().count(), top.toString());
      assertTrue(top.out.contains(" heavy "), top.toString());
      assertTrue(dump.out.contains(" light waits for sleep"), dump.toString());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void topOfAProgramThatEndsGivesWhatItPrinted() throws Exception {
    write(
        "Hello.java",
        "class Hello { public static void main(String[] a) { System.out.println(1); } }");

    assertTrue(launch("top", "--once", "Hello.java").out.endsWith("1\n"));
  }

  @Test
  void topOfNoProcessIsRefused() throws Exception {
    assertRefused(1, "cannot attach to process 999999999", launch("top", "999999999"));
    assertRefused(2, "top needs a process or a program", launch("top"));
    assertRefused(2, "-n needs a number, but got 'x'", launch("top", "-n", "x", "1"));
  }

  @Test
  void aProgramThatNamesThePackageOfTheSocketsGetsThemAndNetty() throws Exception {
    write(
        "Sockets.java",
        """
        import io.fermata.net.TcpServer;

        class Sockets {
          public static void main(String[] args) throws Exception {
            System.out.println(TcpServer.setup().getClass().getName());
            System.out.println(Class.forName("io.netty.channel.epoll.Epoll").getName());
          }
        }
        """);

    assertEquals(
        new Result(0, "io.fermata.net.ServerSetup\nio.netty.channel.epoll.Epoll\n", ""),
        launch("run", "Sockets.java"));
  }

  @Test
  void itRunsThroughALinkAndWithSpacesInPaths() throws Exception {
    write("my programs/Echo.java", ECHO);
    launcher =
        Files.createSymbolicLink(home.resolve("my programs/my fermata"), ROOT.resolve("fermata"));

    Result result = launch("run", "my programs/Echo.java");
    Files.delete(launcher);

    assertEquals(new Result(0, "|null\n", "to stderr"), result);
  }

  @Test
  void theVirtualClockIsOnTheClassPath() throws Exception {
    write(
        "Hour.java",
        """
        import io.fermata.async.Async;
        import io.fermata.testing.TestLoop;
        import java.time.Duration;

        class Hour {
          public static void main(String[] args) throws Exception {
            try (TestLoop loop = TestLoop.virtual()) {
              loop.run(Async.sleep(Duration.ofHours(1)));
              System.out.println(loop.time());
            }
          }
        }
        """);

    assertEquals(new Result(0, "PT1H\n", ""), launch("run", "Hour.java"));
  }

  @Test
  void aProgramThatDoesNotCompileIsSaidToNotHaveRun() throws Exception {
    write("Typo.java", "class Typo { int x = \"text\"; }\n");

    Result result = launch("run", "Typo.java");

    assertEquals(1, result.status);
    assertTrue(result.err.contains("incompatible types"), result.err);
    assertTrue(result.err.contains("error: compilation failed"), result.err);
    assertTrue(
        result.err.endsWith("fermata: Typo.java did not compile; nothing ran\n"), result.err);
  }

  @Test
  void aProgramThatFailsIsNotSaidToNotHaveCompiled() throws Exception {
    write("Fail.java", "class Fail { public static void main(String[] args) { int x = 1 / 0; } }");

    Result result = launch("run", "Fail.java");

    assertEquals(1, result.status);
    assertTrue(result.err.contains("ArithmeticException"), result.err);
    assertFalse(result.err.contains("fermata:"), result.err);
  }

  @Test
  void withoutJavaItSaysWhatToInstall() throws Exception {
    write("Echo.java", ECHO);
    environment.remove("JAVA_HOME");
    environment.put("PATH", bin().toString());

    assertRefused(1, "found no java", launch("run", "Echo.java"));
  }

  @Test
  void anOldJavaIsRefusedWithItsVersion() throws Exception {
    write("Echo.java", ECHO);
    executable("old/bin/java", "echo java.base@11.0.2; echo jdk.compiler@11.0.2");
    environment.put("JAVA_HOME", home.resolve("old").toString());

    assertRefused(1, "is Java 11.0.2, but Fermata needs 17", launch("run", "Echo.java"));
  }

  @Test
  void aRuntimeWithoutCompilerIsRefused() throws Exception {
    write("Echo.java", ECHO);
    executable("jre/bin/java", "echo java.base@21.0.2");
    environment.put("JAVA_HOME", home.resolve("jre").toString());

    assertRefused(1, "is a runtime without a compiler", launch("run", "Echo.java"));
  }

  @Test
  void withoutMavenAMissingJarIsExplained() throws Exception {
    write("Echo.java", ECHO);
    copyCheckout();
    environment.put("PATH", bin().toString());

    assertRefused(1, "fermata.jar is missing and has to be built", launch("run", "Echo.java"));
  }

  @Test
  void withNoBuildAMissingJarIsExplained() throws Exception {
    write("Echo.java", ECHO);
    copyCheckout();
    environment.put("FERMATA_NO_BUILD", "1");

    assertRefused(1, "FERMATA_NO_BUILD forbids to build it", launch("run", "Echo.java"));
  }

  @Test
  void aFailedBuildShowsTheEndOfItsLog() throws Exception {
    write("Echo.java", ECHO);
    copyCheckout();
    maven("echo cannot find symbol; exit 1");

    Result result = launch("run", "Echo.java");

    assertRefused(1, "cannot find symbol", result);
    assertTrue(result.err.contains("core/target/fermata-build.log"), result.err);
  }

  @Test
  void theJarIsBuiltOnceAndAgainAfterAChange() throws Exception {
    write("Echo.java", ECHO);
    copyCheckout();
    maven("echo built >> ../builds; " + MAKE_JARS);

    for (int run = 0; run < 2; run++) {
      assertEquals(new Result(0, "|null\n", "to stderr"), launch("run", "Echo.java"));
    }
    assertEquals(1, Files.readAllLines(home.resolve("builds")).size());

    Path jar = home.resolve("checkout/core/target/fermata.jar");
    Files.setLastModifiedTime(
        home.resolve("checkout/core/pom.xml"),
        FileTime.fromMillis(Files.getLastModifiedTime(jar).toMillis() + 2000));
    launch("run", "Echo.java");
    assertEquals(2, Files.readAllLines(home.resolve("builds")).size());
  }

  @Test
  void firstRunsAtTheSameTimeBuildOnce() throws Exception {
    write("Echo.java", ECHO);
    copyCheckout();
    maven("echo built >> ../builds; sleep 0.5; " + MAKE_JARS);

    List<Process> runs = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      runs.add(start("run" + run, "run", "Echo.java"));
    }
    for (Process run : runs) {
      assertTrue(run.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, run.exitValue());
    }
    assertEquals(1, Files.readAllLines(home.resolve("builds")).size());
  }

  // Scenery

  private void write(String file, String text) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void executable(String file, String script) throws IOException {
    write(file, "#!/usr/bin/env bash\n" + script + "\n");
    makeExecutable(file);
  }

  private void makeExecutable(String file) throws IOException {
    Files.setPosixFilePermissions(home.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A checkout without sources or jar, whose launcher is then used; it may build. */
  private void copyCheckout() throws IOException {
    Path checkout = home.resolve("checkout");
    Files.createDirectories(checkout.resolve("core/src/main"));
    Files.writeString(checkout.resolve("pom.xml"), "");
    Files.writeString(checkout.resolve("core/pom.xml"), "");
    Files.createDirectories(checkout.resolve("testing/src/main"));
    Files.writeString(checkout.resolve("testing/pom.xml"), "");
    launcher = Files.copy(ROOT.resolve("fermata"), checkout.resolve("fermata"));
    environment.put("FERMATA_NO_BUILD", "");
  }

  /** Puts a program first on PATH that plays Maven. */
  private void maven(String script) throws IOException {
    executable("maven/mvn", script);
    environment.put("PATH", home.resolve("maven") + File.pathSeparator + System.getenv("PATH"));
  }

  /** A directory with just the tools that the launcher needs. */
  private Path bin() throws IOException {
    String bash = onPath("bash");
    for (String tool : TOOLS.split(" ")) {
      write("bin/" + tool, "#!" + bash + "\nexec " + onPath(tool) + " \"$@\"\n");
      makeExecutable("bin/" + tool);
    }
    return home.resolve("bin");
  }

  private static String onPath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("PATH has no " + tool))
        .toString();
  }

  private Result launch(String... arguments) throws Exception {
    Process process = start("run", arguments);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroy();
      fail("still running after a minute: fermata " + String.join(" ", arguments));
    }
    return new Result(
        process.exitValue(),
        Files.readString(home.resolve("run.out")),
        Files.readString(home.resolve("run.err")));
  }

  private Process start(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    write(name + ".in", input);
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_HOME", "JAVA_OPTS"));
    builder.environment().putAll(environment);
    return builder
        .redirectInput(home.resolve(name + ".in").toFile())
        .redirectOutput(home.resolve(name + ".out").toFile())
        .redirectError(home.resolve(name + ".err").toFile())
        .start();
  }

  private static void assertRefused(int status, String message, Result result) {
    assertEquals(status, result.status, result.err);
    assertTrue(result.err.contains(message), result.err);
    assertEquals("", result.out);
  }

  private record Result(int status, String out, String err) {}
}
