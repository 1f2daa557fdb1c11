package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class UnsupportedCodeTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("UnsupportedCode", UnsupportedCodeTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    UnsupportedCode.check(scene.body, scene.files);
    return "supported";
  }
}
