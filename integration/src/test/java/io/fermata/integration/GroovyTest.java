package io.fermata.integration;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that Groovy's compiler has made, with static types. */
class GroovyTest {
  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program =
        new Program("groovy", classes, "groovy")
            .compile(List.of(Jars.of("groovy")), "org.codehaus.groovy.tools.FileSystemCompiler");
  }

  @BothEngines
  void bodiesAreCompiled(String engine) {
    program.check(engine, "Main", "ENGINE [1, 2, 3]\nslept");
  }
}
