package io.fermata.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.OfflineInstrumentationAccessGenerator;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coverage by JaCoCo, which changes classes as they are loaded or beforehand. */
class JacocoTest {
  private static final String OUTPUT =
      """
      lambda ENGINE [0, 1, 3, 4]
      named ENGINE [named]
      default method ENGINE [default]
      """;

  @TempDir Path classes;
  @TempDir Path instrumented;
  @TempDir Path results;
  private Path counts;

  @BeforeEach
  void compile() {
    counts = results.resolve("jacoco.exec");
    new Program("jacoco", classes).javac();
  }

  @BothEngines
  void linesAreCountedByTheAgent(String engine) throws IOException {
    String agent = "-javaagent:" + Jars.of("org.jacoco.agent") + "=destfile=" + counts;
    Java.Output output =
        new Program("jacoco", classes).run("Main", agent, "-Dfermata.engine=" + engine);
    assertEquals(OUTPUT.replace("ENGINE", "thread").strip(), output.out(), output.err());
    assertEquals(marked("hit"), counted(ICounter.FULLY_COVERED), output.err());
    if (engine.equals("auto")) {
      assertTrue(output.err().contains("JaCoCo"), output.err());
    }
  }

  @BothEngines
  void linesAreCountedInClassesInstrumentedBefore(String engine) throws IOException {
    instrument();
    new Program("jacoco", instrumented, "org.jacoco.agent")
        .check(engine, "Main", OUTPUT, "-Djacoco-agent.destfile=" + counts);
    assertEquals(marked("hit"), counted(ICounter.FULLY_COVERED));
  }

  @Test
  void classesThatTheAgentLeavesAloneAreCompiled() {
    String agent =
        "-javaagent:" + Jars.of("org.jacoco.agent") + "=excludes=Main*,destfile=" + counts;
    new Program("jacoco", classes).check("auto", "Main", OUTPUT, agent);
  }

  private void instrument() throws IOException {
    Instrumenter instrumenter = new Instrumenter(new OfflineInstrumentationAccessGenerator());
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.toList()) {
        try (InputStream in = Files.newInputStream(file);
            OutputStream out =
                Files.newOutputStream(instrumented.resolve(file.getFileName().toString()))) {
          instrumenter.instrument(in, out, file.toString());
        }
      }
    }
  }

  /** The lines of the program that have a comment which begins with a word. */
  private static List<Integer> marked(String word) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("src", "programs", "jacoco", "Main.java"));
    List<Integer> marked = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("// " + word)) {
        marked.add(i + 1);
      }
    }
    return marked;
  }

  /** The lines with a mark that have a status in JaCoCo's report. */
  private List<Integer> counted(int status) throws IOException {
    ExecFileLoader loaded = new ExecFileLoader();
    loaded.load(new File(counts.toString()));
    CoverageBuilder builder = new CoverageBuilder();
    new Analyzer(loaded.getExecutionDataStore(), builder).analyzeAll(classes.toFile());
    ISourceFileCoverage source = builder.getSourceFiles().iterator().next();
    List<Integer> all = new ArrayList<>(marked("hit"));
    all.addAll(marked("missed"));
    return all.stream()
        .filter(line -> source.getLine(line).getStatus() == status)
        .sorted()
        .toList();
  }
}
