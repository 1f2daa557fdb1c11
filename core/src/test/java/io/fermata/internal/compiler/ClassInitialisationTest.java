package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ClassInitialisationTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenFile.check("ClassInitialisation", ClassInitialisationTest::run);
  }

  private static String run(Scene scene) throws NotCompilable {
    boolean changed = ClassInitialisation.insert(scene.body, scene.points(), scene.files);
    return (changed ? "changed\n" : "nothing\n") + Listing.print(scene.code());
  }
}
