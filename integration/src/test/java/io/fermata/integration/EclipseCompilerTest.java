package io.fermata.integration;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that Eclipse's compiler has made. */
class EclipseCompilerTest {
  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program =
        new Program("ecj", classes)
            .compile(
                List.of(Jars.of("ecj")),
                "org.eclipse.jdt.internal.compiler.batch.Main",
                "--release",
                "17",
                "-g",
                "-nowarn",
                "-proc:none");
  }

  @BothEngines
  void bodiesAreCompiled(String engine) {
    program.check(
        engine,
        "Main",
        """
        strings ENGINE [one a, two bb, more ccc]
        local class ENGINE [0, 1, 4, 9]
        closed
        resources ENGINE [open false, finally]
        enum ENGINE [one]
        1 3 ENGINE
        slept
        """);
  }
}
