package io.fermata.integration;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that Kotlin's compiler has made. */
class KotlinTest {
  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program =
        new Program("kotlin", classes, "kotlin-stdlib")
            .compile(
                Jars.of(
                    "kotlin-compiler-embeddable",
                    "kotlin-stdlib",
                    "kotlin-script-runtime",
                    "kotlin-reflect",
                    "kotlin-daemon-embeddable",
                    "kotlinx-coroutines-core-jvm",
                    "annotations"),
                "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                "-no-stdlib",
                "-no-reflect",
                "-jvm-target",
                "17");
  }

  @BothEngines
  void bodiesAreCompiled(String engine) {
    program.check(
        engine,
        "MainKt",
        """
        loop ENGINE [1, 2, 3]
        tree ENGINE [1, 2, 3]
        default argument ENGINE [count 2, count 1]
        extension ENGINE [again, again]
        object ENGINE [a, b]
        reference ENGINE [1, 2, 3]
        finally ENGINE [short, long, 3 letters]
        slept
        """);
  }
}
