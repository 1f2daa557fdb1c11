package io.fermata.integration;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The diagnostic context of Logback, which it keeps in a thread-local. */
class LogbackTest {
  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program =
        new Program(
                "logback",
                classes,
                "fermata-context",
                "context-propagation",
                "slf4j-api",
                "logback-classic",
                "logback-core")
            .javac();
  }

  @BothEngines
  void eachTaskHasItsOwnContext(String engine) {
    program.check(
        engine,
        "Main",
        """
        A begin, request=A
        A after await, request=A
        A on a thread, request=A
        A in a child, request=A
        A end, request=A
        B begin, request=B
        B after await, request=B
        B on a thread, request=B
        B in a child, request=B
        B end, request=B
        outside, request=null
        """);
  }
}
