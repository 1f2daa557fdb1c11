package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class OwnTracesTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("OwnTraces", OwnTracesTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    OwnTraces traces = OwnTraces.find(scene.draft(), new ClassFiles(Scene::read));
    return Listing.print(
        scene.code(),
        at -> traces.passesOn(scene.code().instructions.get(at)) ? "passed on: " : "");
  }
}
