package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.VisibleVariables;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class VisibleVariablesTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("VisibleVariables", VisibleVariablesTest::run);
  }

  private static String run(Scene scene) {
    VisibleVariables.cut(scene.code(), 1);
    return Listing.print(scene.code());
  }
}
