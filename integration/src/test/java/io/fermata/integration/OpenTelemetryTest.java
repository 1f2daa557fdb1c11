package io.fermata.integration;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The current span of OpenTelemetry, which it keeps in a thread-local. */
class OpenTelemetryTest {
  @TempDir static Path classes;
  private static Program program;

  @BeforeAll
  static void compile() {
    program =
        new Program(
                "opentelemetry",
                classes,
                "fermata-context",
                "context-propagation",
                "opentelemetry-api",
                "opentelemetry-context",
                "opentelemetry-common",
                "opentelemetry-sdk",
                "opentelemetry-sdk-common",
                "opentelemetry-sdk-trace",
                "opentelemetry-sdk-metrics",
                "opentelemetry-sdk-logs")
            .javac();
  }

  @BothEngines
  void eachTaskHasItsOwnSpan(String engine) {
    program.check(
        engine,
        "Main",
        """
        A 1 after await true
        A 2 on a thread true
        A 3 in a child true
        A 4 end true
        A 5 outside true
        B 1 after await true
        B 2 on a thread true
        B 3 in a child true
        B 4 end true
        B 5 outside true
        C outside true
        """);
  }
}
