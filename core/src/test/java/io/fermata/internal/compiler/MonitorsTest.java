package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MonitorsTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("Monitors", MonitorsTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    Monitors.check(scene.body, scene.points());
    return "no monitor is held";
  }
}
