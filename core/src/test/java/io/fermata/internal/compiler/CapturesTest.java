package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CapturesTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("Captures", CapturesTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    return Captures.needsObject(scene.body, scene.types(), scene.points())
        ? "co is an object"
        : "co is no object";
  }
}
