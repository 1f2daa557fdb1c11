package io.fermata.integration;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mocks and spies, for which Mockito changes classes in place. */
class MockitoTest {
  private static final String[] JARS = {
    "mockito-core", "byte-buddy", "byte-buddy-agent", "objenesis"
  };

  private static final String OUTPUT =
      """
      real [real, real]
      real open [real name, private]
      real static [real, real, end]
      real reference [real]
      real body [real]
      real made [real]
      real
      mock [mocked, mocked, twice]
      reference to a mock [mocked, twice]
      numbers [7]
      mocked first, false, <answer to yes>
      throws [caught mocked]
      silent spy [real]
      spy [real, real]
      open spy [real mocked, private]
      real method [before, real mocked, private]
      body [mocked]
      lambda's interface []
      real beside mocks [real, real]
      static [mocked, mocked, mocked too, end]
      static reference [mocked, mocked too]
      early mocked [mocked too, end]
      async mocked mocked
      async real mocked
      static after [real, real, end]
      async real real
      engines [ENGINE, ENGINE]
      """;

  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program = new Program("mockito", classes, JARS).javac("-Xlint:none");
  }

  @BothEngines
  void mocksAreCalled(String engine) {
    program.check(engine, "Main", OUTPUT);
  }

  @BothEngines
  void mocksOfAnAgentAreCalled(String engine) {
    program.check(engine, "Main", OUTPUT, "-javaagent:" + Jars.of("mockito-core"));
  }

  @Test
  void mocksOfConstructorsAreCalled() {
    program.check("auto", "Main", OUTPUT + "construction []\n1\n", "-Dconstruction=true");
  }
}
