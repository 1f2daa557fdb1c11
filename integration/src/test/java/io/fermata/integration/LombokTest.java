package io.fermata.integration;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Bodies in classes that Lombok changes while javac compiles them. */
class LombokTest {
  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program =
        new Program("lombok", classes, "lombok")
            .javac("-proc:full", "-processorpath", Jars.of("lombok").toString());
  }

  @BothEngines
  void bodiesAreCompiled(String engine) {
    program.check(
        engine,
        "Main",
        """
        value ENGINE [1, 2]
        reference ENGINE [1, 2]
        closed
        non-null ENGINE [name a]
        val ENGINE [a, b]
        sneaky ENGINE [before, sneaky]
        prefix is marked non-null but is null
        """);
  }
}
