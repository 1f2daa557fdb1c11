package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ClosuresTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("Closures", ClosuresTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    Closures.expand(scene.body, scene.files);
    return Listing.print(scene.code());
  }
}
