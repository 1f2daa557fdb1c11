package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.LoopTails;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class LoopTailsTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("LoopTails", LoopTailsTest::run);
  }

  private static String run(Scene scene) {
    LoopTails.duplicate(scene.code());
    return Listing.print(scene.code());
  }
}
