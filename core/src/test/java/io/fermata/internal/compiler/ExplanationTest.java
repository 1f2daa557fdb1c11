package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ExplanationTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("Explanation", ExplanationTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    return String.join("\n", Explanation.of(scene.draft()));
  }
}
