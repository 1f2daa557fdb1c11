package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class KnownTestsTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("KnownTests", KnownTestsTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    scene.settled();
    return Listing.print(scene.code());
  }
}
