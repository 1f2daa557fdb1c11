package io.fermata.integration;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that Scala's compiler has made. */
class ScalaTest {
  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program =
        new Program("scala", classes, "scala3-library_3", "scala-library")
            .compile(
                Jars.of(
                    "scala3-compiler_3",
                    "scala3-interfaces",
                    "scala3-library_3",
                    "scala-library",
                    "tasty-core_3",
                    "scala-asm",
                    "compiler-interface",
                    "util-interface"),
                "dotty.tools.dotc.Main");
  }

  @BothEngines
  void bodiesAreCompiled(String engine) {
    program.check(
        engine,
        "Main",
        """
        loop ENGINE [1, 2, 3]
        tree ENGINE [1, 2, 3]
        helper ENGINE [count 2, count 1]
        finally ENGINE [a, nothing sent, end]
        slept
        """);
  }
}
