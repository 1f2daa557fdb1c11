package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other tools that look at the classes in the same JVM, and options that change how it runs. */
class OtherToolsTest {
  private static final String MAIN = Workout.class.getName();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xverify:all",
        "-Xint",
        "-Xcomp -XX:CompileCommand=quiet -XX:CompileCommand=compileonly,*Workout*::*"
      })
  void optionsOfTheJvmMakeNoDifference(String options) {
    List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
    arguments.add(MAIN);
    String out = Child.java(arguments.toArray(new String[0]));
    assertTrue(out.endsWith(Workout.EXPECTED), out); // the JVM may print a warning first
  }

  @Test
  void theCompilersOfTheJvmMakeNoDifference() {
    String out = Child.run("java", "", "-cp", Child.classPath(), "-Xbatch", MAIN, "20000");
    assertEquals(Workout.EXPECTED, out);
  }

  @Test
  void anAgentTransformsHostsAndGeneratedClasses() throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", ProbeAgent.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    Path jar = directory.resolve("agent.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();

    String out = Child.java("-javaagent:" + jar, MAIN);

    assertEquals(
        List.of(
            Workout.EXPECTED,
            "again Workout$fermata$help$1",
            "again Workout$fermata$lambda$body$#$1$1",
            "defined Workout",
            "defined Workout$Pair",
            "defined Workout$fermata$help$1",
            "defined Workout$fermata$lambda$body$#$1$1"),
        out.lines().toList());
  }

  /**
   * A breakpoint in a body is one in its generated class, {@code Host$fermata$lambda$method$n$1};
   * debuggers that look at {@code Host$*}, as those of IDEs do, find it by the line alone, jdb has
   * to be told the class (which {@code getClass()} of the generator tells).
   */
  @Test
  void aDebuggerStopsInABodyAndSeesItsLocals() throws Exception {
    Path debugger = Path.of(System.getProperty("java.home"), "bin", "jdb");
    assumeTrue(Files.isExecutable(debugger), "this JDK has no jdb");
    String generated = generatedName();
    int line = Workout.lineWithLocals();
    Process process =
        new ProcessBuilder(debugger.toString(), "-classpath", Child.classPath(), MAIN)
            .redirectErrorStream(true)
            .start();
    CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try {
      Dialogue jdb = new Dialogue(process);
      jdb.say("stop at " + generated + ":" + line);
      jdb.await("> ");
      jdb.say("run");
      jdb.await("Breakpoint hit");
      jdb.await("main[1] ");
      jdb.say("locals");
      String locals = jdb.await("main[1] ");
      for (String local : List.of("wide = 2", "half = 0.5", "first = 1", "s = \"x\"", "pair = ")) {
        assertTrue(locals.contains(local), locals);
      }
      jdb.say("where");
      String where = jdb.await("main[1] ");
      assertTrue(
          where.matches("(?s).*\\.lambda\\$body\\$\\w+\\$1 \\(Workout.java:" + line + "\\).*"),
          where);
      jdb.say("cont");
      jdb.await(Workout.EXPECTED);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** What docs/debugging.md says about jdb. */
  @Test
  void aDebuggerEvaluatesInABodyAndStepsOverAYield() throws Exception {
    Path debugger = Path.of(System.getProperty("java.home"), "bin", "jdb");
    assumeTrue(Files.isExecutable(debugger), "this JDK has no jdb");
    String main = Debugged.class.getName();
    String generated = generatedName(main, "Debugged$fermata$lambda$body$");
    Process process =
        new ProcessBuilder(debugger.toString(), "-classpath", Child.classPath(), main)
            .redirectErrorStream(true)
            .start();
    CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try {
      Dialogue jdb = new Dialogue(process);
      jdb.say("exclude io.fermata.runtime.*,java.*,jdk.*,sun.*");
      jdb.await("> ");
      jdb.say("stop at " + generated + ":19");
      jdb.await("> ");
      jdb.say("run");
      jdb.await("Breakpoint hit");
      jdb.await("main[1] ");
      jdb.say("locals");
      String locals = jdb.await("main[1] ");
      assertTrue(locals.contains("x = 4"), locals);
      assertTrue(locals.contains("unused = \"host\""), locals);
      assertTrue(locals.contains("$this = instance of " + main), locals);
      jdb.say("dump this");
      jdb.await("BodySite"); // of the frame
      jdb.await("main[1] ");
      jdb.say("print " + main + ".count");
      jdb.await("count = 40");
      jdb.await("main[1] ");
      jdb.say("print $this.name");
      jdb.await("$this.name = \"host\"");
      jdb.await("main[1] ");
      jdb.say("next"); // out of the body, by the method without lines that called it
      jdb.await(".resume(), line=-1");
      jdb.await("main[1] ");
      jdb.say("next");
      jdb.await("Debugged.main(), line=30");
      jdb.await("main[1] ");
      jdb.say("stop at " + generated + ":22");
      jdb.await("main[1] ");
      jdb.say("cont");
      jdb.await("Breakpoint hit");
      jdb.await("main[1] ");
      jdb.say("locals"); // one that the body does not read any more is not kept
      locals = jdb.await("main[1] ");
      assertTrue(locals.contains("x = 14") && locals.contains("$this = "), locals);
      jdb.say("next");
      jdb.await("line=23");
      jdb.await("main[1] ");
      jdb.say("cont");
      jdb.await("end 156");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private String generatedName() throws IOException {
    return generatedName(MAIN, "Workout$fermata$lambda$body$");
  }

  private String generatedName(String main, String prefix) throws IOException {
    Child.java("-Dfermata.dump=" + directory, main);
    try (Stream<Path> files = Files.walk(directory)) {
      String file =
          files
              .map(each -> each.getFileName().toString())
              .filter(each -> each.startsWith(prefix))
              .findFirst()
              .orElseThrow();
      String simple = main.substring(main.lastIndexOf('.') + 1);
      return main.replace(simple, file.replace(".class", ""));
    }
  }

  /** Talks to a process; what it says is read up to an expected text. */
  private static final class Dialogue {
    private final InputStream out;
    private final OutputStream in;

    Dialogue(Process process) {
      out = process.getInputStream();
      in = process.getOutputStream();
    }

    void say(String line) throws IOException {
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    }

    String await(String text) throws IOException {
      StringBuilder read = new StringBuilder();
      while (read.indexOf(text) < 0) {
        int next = out.read();
        if (next < 0) {
          fail("no \"" + text + "\" in: " + read);
        }
        read.append((char) next);
      }
      return read.toString();
    }
  }
}
